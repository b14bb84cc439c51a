"""The case survives: two officers at once, late results, the same file twice, 300 files, corrections."""

import hashlib
import json
import threading
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from kept_cases import (
    APPLICANT,
    CLERK,
    FORM,
    MIGHTY,
    NAME,
    NUMBER,
    PHONE,
    SECOND,
    SENIOR,
    Hall,
    another,
    found,
    handed_in,
    own_finding,
    verdict,
)  # fmt: skip
from sqlalchemy.exc import IntegrityError

from preapproval.audit_chain import verify_chain
from preapproval.case import Applicant, HandedIn, PageRef, ReadFile
from preapproval.case_claims import ClaimedByAnother
from preapproval.case_files import TooManyFiles
from preapproval.case_rows import CaseRow, NoSuchCase, NoSuchFile, StaleVersion
from preapproval.case_store import Form
from preapproval.case_tables import cases
from preapproval.decisions import FieldCorrection
from preapproval.sign_off import STATES, NotAllowed
from preapproval.sign_off_guards import SYSTEM

TENANT = found("tenant", "lease")


def refused(hall: Hall, case: CaseRow, event: Any, actor: Any = CLERK, reason: str = "", **more: Any) -> str:
    with pytest.raises(NotAllowed) as why:
        hall.act(case, event, actor, reason, **more)
    return why.value.code


def names(hall: Hall, case: CaseRow, round_: int | None = None) -> list[str]:
    return [one.file.name for one in hall.files.of(case, round_)]


# what is kept --------------------------------------------------------------------------------------------------


def test_what_is_personal_lies_sealed_and_is_found_by_number(hall: Hall):
    case = hall.begin("lease")
    with hall.engine.connect() as connection:
        whole = str(
            [connection.exec_driver_sql(f"SELECT * FROM {table}").all() for table in ("review_case", "review_file")]
        )
    assert not any(word in whole for word in (NAME, NUMBER, PHONE, "lease.jpg"))
    assert hall.store.form(hall.store.get(case.id)) == FORM
    assert [one["applicant"]["name"] for one in hall.erasure.export_person(SENIOR, f" {NUMBER.lower()}")] == [NAME]
    assert hall.erasure.export_person(SENIOR, "110105194912310021") == []


def test_a_case_is_found_by_its_link_only(hall: Hall):
    key = hashlib.sha256(b"link").hexdigest()
    case = hall.submit(hall.begin("lease", key_hash=key))
    assert hall.store.by_key(key).id == case.id
    for look in (hall.store.by_key, hall.store.get):
        with pytest.raises(NoSuchCase):
            look("x" * 36)


def test_the_queue_shows_what_waits_earliest_first_and_of_one_organisation(hall: Hall):
    first = hall.submit(hall.begin("lease"))
    hall.later(minutes=1)
    second = hall.submit(hall.begin("lease"))
    assert [one.id for one in hall.store.queue({"submitted"})] == [first.id, second.id]
    assert hall.store.queue({"submitted"}, organisation="另一区") == ()
    assert [one.id for one in hall.store.queue({"submitted"}, item="residence-permit", limit=1)] == [first.id]
    assert hall.store.counts() == {"submitted": 2}
    assert second.number == "20260302-00002"


def test_a_form_can_be_filled_in_until_it_is_handed_in(hall: Hall):
    case = hall.begin("lease")
    other = Form(Applicant(name="李样本"))
    case = hall.store.fill_in(APPLICANT, case.id, case.version, other)
    assert (hall.store.form(case), case.blind) == (other, None)
    case = hall.submit(case)
    with pytest.raises(NotAllowed):
        hall.store.fill_in(APPLICANT, case.id, case.version, FORM)


def test_the_database_knows_every_state_and_no_other(hall: Hall):
    case = hall.begin()
    for state in STATES:
        two = {"proposed_by": "a", "signed_by": "b"}
        with hall.ledger.entry(CLERK, "try") as write:
            write.execute(sa.update(cases).where(cases.c.id == case.id).values(state=state, **two))
    with pytest.raises(IntegrityError), hall.ledger.entry(CLERK, "try") as write:
        write.execute(sa.update(cases).values(state="approved"))


@pytest.mark.parametrize("state", ["granted", "not_granted", "not_accepted"])
@pytest.mark.parametrize(
    "signed", [{}, {"signed_by": "a"}, {"proposed_by": "a"}, {"proposed_by": "a", "signed_by": "a"}]
)
def test_the_database_itself_wants_two_persons(hall: Hall, state: str, signed: dict[str, str]):
    hall.begin()
    with pytest.raises(IntegrityError), hall.ledger.entry(CLERK, "try") as write:
        write.execute(sa.update(cases).values(state=state, **signed))


# files ---------------------------------------------------------------------------------------------------------


def test_the_same_file_twice_is_kept_once_and_told(hall: Hall):
    case = hall.begin("lease")
    again = hall.files.add(APPLICANT, case.id, case.version, handed_in("lease", "lease"))
    assert (again.duplicate, again.case) == (True, case)
    assert names(hall, case) == ["lease.jpg"]


def test_the_same_file_twice_holds_up_no_correction(hall: Hall):
    case = hall.act(hall.decide(hall.on_the_desk(verdict(TENANT)), "tenant:lease"), "request_correction", CLERK)
    again = hall.files.add(APPLICANT, case.id, case.version, handed_in("lease", "lease"))
    assert (again.duplicate, again.case) == (True, case)
    case = hall.submit(hall.hand_in(case, "lease-2"))
    assert (case.round, names(hall, case)) == (2, ["lease.jpg", "card.jpg", "lease-2.jpg"])


def test_of_three_hundred_files_sixty_are_taken(hall: Hall):
    hall.keeping = replace(hall.keeping, most_files=5)  # sixty take long; the limit is what is tested
    hall.files = type(hall.files)(hall.keeping)
    case = hall.begin(*(f"photo-{number}" for number in range(5)))
    for number in range(5, 300, 59):
        with pytest.raises(TooManyFiles, match="at most 5 files"):
            hall.files.add(APPLICANT, case.id, case.version, handed_in(f"photo-{number}"))
    assert len(names(hall, case)) == 5
    assert Hall(hall.engine, hall.folder).keeping.most_files == 60


def test_a_removed_file_says_which_bytes_are_no_longer_needed(hall: Hall):
    case = hall.begin("lease", "card")
    lease = handed_in("lease")
    case, refs = hall.files.remove(APPLICANT, case.id, case.version, lease.file.sha256)
    assert (refs, names(hall, case)) == ((lease.ref,), ["card.jpg"])
    with pytest.raises(NoSuchFile):
        hall.files.remove(APPLICANT, case.id, case.version, lease.file.sha256)


def test_a_correction_begins_with_the_old_files_which_stay(hall: Hall):
    case = hall.decide(hall.on_the_desk(verdict(TENANT)), "tenant:lease")
    case = hall.act(case, "request_correction", CLERK)
    assert names(hall, case) == ["lease.jpg", "card.jpg"]
    case, refs = hall.files.remove(APPLICANT, case.id, case.version, handed_in("lease").file.sha256)
    assert refs == ()  # the first round still needs its bytes
    case = hall.hand_in(case, "lease-2")
    assert (names(hall, case), names(hall, case, 1)) == (["card.jpg", "lease-2.jpg"], ["lease.jpg", "card.jpg"])
    case = hall.submit(case)
    assert (case.round, case.state, names(hall, case)) == (2, "submitted", ["card.jpg", "lease-2.jpg"])


def test_a_round_from_which_all_was_taken_is_not_filled_again(hall: Hall):
    case = hall.act(hall.decide(hall.on_the_desk(verdict(TENANT)), "tenant:lease"), "request_correction", CLERK)
    for name in ("lease", "card"):
        case, _ = hall.files.remove(APPLICANT, case.id, case.version, handed_in(name).file.sha256)
    with pytest.raises(NotAllowed, match="has_files"):
        hall.submit(case)
    case = hall.hand_in(case, "lease-2")
    assert names(hall, hall.submit(case)) == ["lease-2.jpg"]


def test_files_handed_in_are_locked_except_at_the_counter(hall: Hall):
    case = hall.decide(hall.on_the_desk(verdict(TENANT)), "tenant:lease")
    with pytest.raises(NotAllowed, match="files_locked"):
        hall.hand_in(case, "lease-2")
    case = hall.hand_in(case, "lease-2", actor=CLERK)
    case = hall.act(case, "correct_on_the_spot", CLERK)
    assert (case.state, case.round, len(names(hall, case))) == ("submitted", 2, 3)


def test_an_applicant_mends_alone_until_an_officer_has_looked_at_the_case(hall: Hall):
    case = hall.on_the_desk(verdict(TENANT))
    with pytest.raises(NotAllowed, match="something_changed"):
        hall.submit(case)
    case = hall.submit(hall.hand_in(case, "lease-2"))
    assert (case.round, case.state) == (2, "submitted")
    case = hall.reviewed(case, verdict(found("seal", "lease")))
    assert [one.seen_before for one in hall.desk.changes(case)] == [False]  # nobody was told anything yet


def test_a_reading_is_kept_for_the_file_and_the_engine(hall: Hall):
    case = hall.begin("lease")
    file: HandedIn = handed_in("lease", "lease").file
    read = ReadFile(file=file, media_type="image/jpeg")
    engine = "f" * 64
    assert hall.files.reading(case.id, file.sha256, engine) is None
    for _ in range(2):
        hall.files.save_reading(case.id, read, engine, {"1.0": "a" * 32})
    assert hall.files.reading(case.id, file.sha256, engine) == (read, {"1.0": "a" * 32})
    assert hall.files.reading(case.id, file.sha256, "0" * 64) is None


# several at once -----------------------------------------------------------------------------------------------


def test_who_saw_an_older_version_is_shown_the_present_one(hall: Hall):
    seen = hall.on_the_desk(verdict(TENANT))
    now = hall.decide(seen, "tenant:lease")
    with pytest.raises(StaleVersion) as stale:
        hall.decide(seen, "tenant:lease", "dismiss", actor=SECOND, reason="ocr_misread")
    assert stale.value.present == now
    with pytest.raises(StaleVersion):
        hall.act(seen, "request_correction", SECOND)


def test_of_two_officers_signing_at_once_one_signs(hall: Hall):
    case = hall.act(hall.on_the_desk(), "draft_acceptance", CLERK)
    ended: list[str] = []

    def sign(mine: Hall, actor: Any) -> None:
        try:
            ended.append(mine.act(case, "sign_acceptance", actor).state)
        except StaleVersion as stale:
            ended.append(f"stale, {stale.present.state}")

    threads = [threading.Thread(target=sign, args=(another(hall), actor)) for actor in (CLERK, SECOND, SENIOR, MIGHTY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["accepted", *["stale, accepted"] * 3]
    assert verify_chain(hall.ledger).ok


def test_handing_in_twice_is_handing_in_once(hall: Hall):
    case = hall.begin("lease")
    first = hall.moves.submit(case.id, case.version, APPLICANT, "token")
    again = hall.moves.submit(case.id, case.version, APPLICANT, "token")
    assert first.row is not None
    assert (again.case, again.row) == (first.case, None)
    with pytest.raises(NotAllowed, match="wrong_state"):
        hall.moves.submit(case.id, first.case.version, APPLICANT, "another")
    assert [one.event for one in hall.moves.events(case.id)] == ["submit"]


def test_a_claim_warns_others_off_for_fifteen_minutes(hall: Hall):
    case = hall.on_the_desk()
    hall.claims.claim(CLERK, case.id)
    hall.later(minutes=14)
    with pytest.raises(ClaimedByAnother) as claimed:
        hall.claims.claim(SECOND, case.id)
    assert claimed.value.present.claimed_by == CLERK.id
    hall.claims.claim(CLERK, case.id)  # renewed
    hall.later(minutes=14)
    with pytest.raises(ClaimedByAnother):
        hall.claims.claim(SECOND, case.id)
    hall.later(minutes=2)
    assert hall.claims.claim(SECOND, case.id).claimed_by == SECOND.id
    assert hall.claims.release(CLERK, case.id).claimed_by == SECOND.id
    assert hall.claims.claim(CLERK, case.id, take_over=True).claimed_by == CLERK.id
    assert json.loads(hall.ledger.entries(case.id)[0].details) == {"taken_from": SECOND.id}
    assert hall.claims.release(CLERK, case.id).claimed_by is None
    assert hall.store.get(case.id).version == case.version  # a claim is no change


# the machine ---------------------------------------------------------------------------------------------------


def test_a_late_result_is_kept_and_changes_nothing(hall: Hall):
    case = hall.act(hall.submit(hall.begin()), "start_review", SYSTEM)
    old = hall.runs.input(case.id)
    case = hall.act(case, "fail_review", SYSTEM)
    case = hall.act(case, "hand_to_clerk", SYSTEM)
    case = hall.act(case, "correct_on_the_spot", CLERK)
    case = hall.act(case, "start_review", SYSTEM)
    late = hall.runs.save(old, verdict(TENANT))
    assert (late.late, late.case) == (True, case)
    assert hall.runs.verdict(case) is None
    assert refused(hall, case, "finish_review", SYSTEM) == "result_of_this_round"
    present = hall.runs.save(hall.runs.input(case.id), verdict())
    assert (present.late, present.case.state) == (False, "awaiting_clerk")


def test_the_same_run_is_kept_once(hall: Hall):
    case = hall.on_the_desk(verdict(TENANT))
    again = hall.runs.save(hall.runs.input(case.id), verdict(TENANT))
    with hall.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM review_verdict").scalar() == 1
    assert again.case.state == "awaiting_clerk"
    assert again.case.ruleset_sha256 == "e" * 64


def test_after_a_field_was_corrected_the_new_result_counts(hall: Hall):
    case = hall.on_the_desk(verdict(TENANT))
    page = PageRef(file=handed_in("lease").file.sha256)
    fix = FieldCorrection(page=page, field="tenant", read="王样木", value=NAME, by="x", at=hall.at)
    case = hall.desk.correct(CLERK, case.id, case.version, fix)
    given = hall.runs.input(case.id)
    assert [one.value for one in given.corrections] == [NAME]
    hall.later(seconds=1)
    case = hall.runs.save(given, verdict()).case
    assert hall.desk.look(case).findings == {}
    assert hall.act(case, "draft_acceptance", CLERK).state == "acceptance_drafted"


def test_a_failed_review_reaches_a_clerk_who_works_without_it(hall: Hall):
    case = hall.act(hall.submit(hall.begin()), "fail_review", SYSTEM)
    case = hall.act(case, "hand_to_clerk", CLERK)
    assert hall.desk.look(case).verdict is None
    case = hall.desk.add(CLERK, case.id, case.version, own_finding())
    assert hall.act(case, "request_correction", CLERK).state == "correction_requested"
