"""Rules over HTTP, from draft to published: two persons, a test on stored cases, and what cases keep of it."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from case_pages import NAME, NUMBER, id_back, id_front, lease, photo
from desk_door import Browser, code_of
from fastapi import FastAPI
from fastapi.testclient import TestClient
from rule_desk import HALL, ITEM, RULESETS, draft, open_rules, people_of, publish, rules, step, without_rules
from test_cases import Visitor

from channels import cli_rules, rulesets
from channels.cli import main
from preapproval.case_replay import CaseReplay
from preapproval.case_tables import cases
from preapproval.ledger import Ledger
from preapproval.ruleset import Ruleset
from preapproval.ruleset_store import versions


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, ingest: Any) -> Iterator[FastAPI]:
    yield from open_rules(tmp_path_factory.mktemp("rulesets"), ingest)


@pytest.fixture
def engine(app: FastAPI) -> Iterator[sa.Engine]:
    yield from without_rules(app)


@pytest.fixture
def person(app: FastAPI, engine: sa.Engine) -> Callable[..., Browser]:
    del engine
    return people_of(app)


@pytest.fixture
def editor(person: Callable[..., Browser]) -> Browser:
    return person("bianji", "editor")


@pytest.fixture
def senior(person: Callable[..., Browser]) -> Browser:
    return person("kezhang", "senior")


def reviewed_case(app: FastAPI, **more: Any) -> str:
    """A case that was handed in and reviewed; its id."""
    visitor = Visitor(TestClient(app), **more)
    for data, slot in ((id_front(), "id-card"), (id_back(), "id-card"), (lease(), "lease"), (photo(), "dog-photo")):
        assert visitor.hand_in(data, slot=slot).status_code == 201
    visitor.submit()
    return visitor.id


def judged_by(app: FastAPI, case_id: str) -> tuple[str | None, str | None]:
    row = app.state.cases.store.get(case_id)
    return row.ruleset_version, row.ruleset_sha256


# the whole life ------------------------------------------------------------------------------------------------


def test_a_version_lives_from_draft_to_published_and_retired(app: FastAPI, editor: Browser, senior: Browser):
    old = reviewed_case(app)
    before = judged_by(app, old)
    version = draft(editor, rules(2000))
    assert (version["state"], version["author_name"], version["next"]) == ("draft", "样本 bianji", ["test", "retire"])
    tested = step(editor, version, "test").json()
    assert (tested["cases"], tested["skipped"], tested["problems"]) == (1, 0, [])
    found = {"case": old, "rule": "rent-enough", "slot": "lease", "before": None, "after": "fail"}
    assert tested["version"]["replay"] == [found]
    approved = step(senior, version, "approve").json()
    assert (approved["state"], approved["approved_by_name"]) == ("approved", "样本 kezhang")
    published = step(editor, version, "publish").json()
    assert published["state"] == "published"
    assert published["published_at"]

    new = reviewed_case(app)
    after = judged_by(app, new)
    assert after != before
    assert judged_by(app, old) == before, "a case keeps the rules that it was judged by"
    verdict = app.state.cases.runs.verdict(app.state.cases.store.get(new))
    assert (verdict.ruleset.version, verdict.ruleset.sha256) == after
    assert "rent-enough" in {one.rule for one in verdict.findings}

    assert step(senior, version, "retire").json()["state"] == "retired"
    assert app.state.cases.versions.in_force(ITEM, date.today()) is None, "the rules before it hold again"


def test_every_step_is_an_entry_of_the_ledger_under_who_took_it(engine: sa.Engine, editor: Browser, senior: Browser):
    version = publish(editor, senior, rules(2100))
    mine = [one for one in Ledger(engine).entries() if version["id"] in one["details"]]
    assert [one["action"] for one in mine] == ["rules.publish", "rules.approve", "rules.test", "rules.draft"]
    assert all(version["sha256"] in one["details"] for one in mine)
    assert len({one["actor"] for one in mine}) == 2


def test_a_second_version_is_compared_with_the_first(app: FastAPI, editor: Browser, senior: Browser):
    publish(editor, senior, rules(2200))
    case = reviewed_case(app)
    version = draft(editor, rules(1000))
    assert version["changes"] == {"added": [], "changed": ["rent-enough"], "removed": []}
    (found,) = step(editor, version, "test").json()["version"]["replay"]
    assert found == {"case": case, "rule": "rent-enough", "slot": "lease", "before": "fail", "after": "pass"}


def test_rules_of_every_item_take_the_same_way(app: FastAPI, editor: Browser, senior: Browser):
    case = reviewed_case(app)
    rule = rules(2300)["rules"][0] | {"kind": "lease", "with": {"left": "it.rent", "op": ">=", "value": 2300}}
    rule["examples"] = {"passes": [{"it.rent": 2400}], "fails": [{"it.rent": 100}]}
    version = draft(editor, {"item": "every", "effective_from": str(date.today()), "rules": [rule]})
    assert (version["item"], version["item_name"]) == ("every", "所有事项")
    replay = step(editor, version, "test").json()["version"]["replay"]
    assert {"case": case, "rule": "rent-enough", "slot": "lease", "before": None, "after": "fail"} in replay
    assert any(one["after"] is None for one in replay), "the rules that it leaves out are gone"
    assert step(senior, version, "approve").is_success


def test_a_replay_leaves_out_what_was_erased_and_holds_nothing_personal(
    app: FastAPI, engine: sa.Engine, editor: Browser
):
    kept, erased = reviewed_case(app), reviewed_case(app)
    with engine.begin() as connection:
        connection.execute(sa.update(cases).where(cases.c.id == erased).values(erased_at=sa.func.now()))
    version = draft(editor, rules(2400))
    tested = step(editor, version, "test", cases=1)
    assert {one["case"] for one in tested.json()["version"]["replay"]} == {kept}
    with engine.connect() as connection:
        stored = json.dumps(connection.execute(sa.select(versions.c.replay)).scalar(), ensure_ascii=False)
    assert NAME not in tested.text + stored
    assert NUMBER not in tested.text + stored
    parts = app.state.cases
    item = parts.product.live.current().library.items[ITEM]
    assert CaseReplay(parts.runs, parts.files).stored(erased, item, Ruleset.model_validate(rules(2400))) is None


def test_a_replay_takes_declared_values_as_the_draft_types_them(app: FastAPI, editor: Browser):
    case = reviewed_case(app, declared={"fetched_on": "2020-03-01"})
    example = {"case.now": "2026-06-01", "declared.fetched_on": "2026-05-31"}
    examples = {"passes": [example], "fails": [example | {"declared.fetched_on": "2026-01-01"}]}
    content = rules(0, check="formula", examples=examples)
    content["rules"][0]["with"] = {"holds": "days_between(declared.fetched_on, case.now) < 30.0"}
    version = draft(editor, content | {"declared": {"fetched_on": "date"}})
    (found,) = step(editor, version, "test").json()["version"]["replay"]
    assert found == {"case": case, "rule": "rent-enough", "slot": None, "before": None, "after": "fail"}


# what is refused -----------------------------------------------------------------------------------------------


def test_whoever_wrote_a_version_cannot_approve_it(editor: Browser):
    version = draft(editor, rules(2500))
    step(editor, version, "test")
    assert code_of(step(editor, version, "approve"), 409) == "same_person"


@pytest.mark.parametrize("event", ["approve", "publish"])
def test_nothing_is_approved_or_published_before_it_was_tested(editor: Browser, senior: Browser, event: str):
    version = draft(editor, rules(2600))
    assert code_of(step(senior, version, event), 409) == "wrong_state"


def test_nothing_is_published_before_it_was_approved(editor: Browser):
    version = draft(editor, rules(2650))
    step(editor, version, "test")
    assert code_of(step(editor, version, "publish"), 409) == "wrong_state"


def test_changed_content_is_a_version_of_its_own_and_must_be_tested_again(editor: Browser, senior: Browser):
    version = draft(editor, rules(2700))
    step(editor, version, "test")
    changed = draft(editor, rules(2701))
    assert code_of(step(senior, changed, "approve"), 409) == "wrong_state"
    assert code_of(step(senior, version, "approve", sha256=changed["sha256"]), 409) == "not_seen"


def test_content_that_was_changed_in_the_database_is_not_approved(
    engine: sa.Engine, editor: Browser, senior: Browser
):  # fmt: skip
    version = draft(editor, rules(2800))
    step(editor, version, "test")
    with engine.begin() as connection:
        content = rules(1) | {"item": ITEM}
        connection.execute(sa.update(versions).where(versions.c.id == version["id"]).values(content=content))
    assert code_of(step(senior, version, "approve"), 409) == "changed"


def test_rules_with_problems_are_kept_and_not_tested(editor: Browser):
    content = rules(2900, examples={"passes": [{"lease.rent": 1}], "fails": [{"lease.rent": 1}]})
    answer = editor.send("POST", RULESETS, json=content).json()
    assert len(answer["problems"]) == 1
    assert "规则“rent-enough”：第1个通过例" in answer["problems"][0]
    tested = step(editor, answer["version"], "test").json()
    assert (tested["problems"], tested["version"]["state"]) == (answer["problems"], "draft")
    assert tested["version"]["replay"] is None


def test_rules_do_not_begin_in_the_past(editor: Browser, senior: Browser):
    version = draft(editor, rules(3000, date.today() - timedelta(days=1)))
    step(editor, version, "test")
    step(senior, version, "approve")
    assert code_of(step(editor, version, "publish"), 409) == "from_past"


READ = ("", "/items", "/{id}", "/{id}/rules", "/{id}.xlsx", "/{id}.yaml", "/in-force/{item}/rules",
        "/in-force/{item}.xlsx", "/in-force/{item}.yaml")  # fmt: skip


@pytest.mark.parametrize("role", ["clerk", "auditor", "admin"])
def test_only_editors_and_seniors_change_rules_and_auditors_read_them(
    app: FastAPI, person: Callable[..., Browser], editor: Browser, role: str
):
    version, other = draft(editor, rules(3100)), person("qita", role)
    answers = [other.http.get(RULESETS + path.format(**version)) for path in READ]
    assert {one.status_code for one in answers} == {200 if role == "auditor" else 403}
    assert code_of(other.send("POST", f"{RULESETS}/check", files={"file": ("a.xlsx", b"")}), 403) == "not_allowed"
    for event in ("test", "approve", "publish", "retire"):
        assert code_of(step(other, version, event), 403) == "not_allowed"
    assert code_of(other.send("POST", RULESETS, json=rules(3101)), 403) == "not_allowed"
    assert code_of(Browser(app, "10.9.9.9").http.get(RULESETS), 401) == "not_signed_in"


def test_nothing_is_changed_without_the_token_of_the_page(editor: Browser):
    assert code_of(editor.http.post(RULESETS, json=rules(3200)), 403) == "bad_csrf"
    assert editor.http.get(RULESETS).json() == []


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"{", 400, "bad_request"),
        (b"[]", 400, "bad_request"),
        (b'{"item": "dog-registration"}', 422, "bad_rules"),
        (b'{"item": "every", "effective_from": "2026-01-01", "rules": [{}]}', 422, "bad_rules"),
    ],
)
def test_what_is_no_rule_set_is_refused(editor: Browser, content: bytes, status: int, code: str):
    answer = editor.http.post(RULESETS, content=content, headers={"x-csrf-token": editor.csrf})
    assert code_of(answer, status) == code


def test_a_version_that_there_is_not_is_told(editor: Browser):
    assert code_of(editor.http.get(f"{RULESETS}/none"), 404) == "unknown_version"
    assert code_of(editor.http.get(f"{RULESETS}/in-force/none.xlsx"), 404) == "no_item"


def test_an_unreadable_rule_file_of_the_hall_is_told(app: FastAPI, editor: Browser):
    folder = app.state.settings.data_dir / "checklists"
    folder.mkdir(exist_ok=True)
    path = folder / f"{ITEM}.yaml"
    path.write_text("rules: [", "utf-8")
    try:
        assert code_of(editor.http.get(f"{RULESETS}/in-force/{ITEM}.xlsx"), 503) == "rules_unreadable"
    finally:
        path.unlink()


# workbooks -----------------------------------------------------------------------------------------------------


def upload(browser: Browser, data: bytes) -> Any:
    return browser.send("POST", RULESETS, files={"file": ("养犬.xlsx", data)})


def with_text(data: bytes, text: str) -> bytes:
    """The workbook with another sentence for its first rule."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    page: Any = book["规则"]
    column = [cell.value for cell in page[1]].index("告知文案") + 1
    page.cell(2, column).value = text
    book.save(out := io.BytesIO())
    return out.getvalue()


def test_a_workbook_goes_out_is_edited_and_comes_back_as_a_draft(editor: Browser, senior: Browser):
    first = publish(editor, senior, rules(3300))
    out = editor.http.get(f"{RULESETS}/{first['id']}.xlsx")
    assert out.headers["content-type"] == rulesets.XLSX
    assert out.content[:2] == b"PK"
    assert editor.http.get(f"{RULESETS}/in-force/{ITEM}.xlsx").status_code == 200
    assert code_of(upload(editor, out.content), 409) == "already"
    answer = upload(editor, with_text(out.content, "租金太低了。"))
    assert answer.status_code == 201, answer.text
    assert answer.json()["problems"] == []
    assert answer.json()["version"]["content"]["rules"][0]["citizen_text"] == "租金太低了。"
    (problem,) = upload(editor, with_text(out.content, "租金低于{下限}。")).json()["problems"]
    assert problem.startswith("养犬.xlsx 规则!")


def test_what_is_no_workbook_is_refused(editor: Browser):
    answer = upload(editor, b"PK no workbook")
    assert code_of(answer, 422) == "bad_rules"
    assert "养犬.xlsx" in answer.json()["message"]


# the machine itself --------------------------------------------------------------------------------------------


def test_the_command_tests_a_version_on_the_same_cases(
    app: FastAPI, editor: Browser, capsys: pytest.CaptureFixture[str]
):
    case, version = reviewed_case(app), draft(editor, rules(3400))
    given = ["--data-dir", str(app.state.settings.data_dir), "rules", "test", version["id"], "--cases", "1"]
    assert main([*given, "--handbook", str(HALL), "--json"], (cli_rules,)) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["cases"], told["skipped"]) == ("tested", 1, 0)
    (found,) = told["differences"]
    assert (found["case"], found["rule"], found["after"]) == (case, "rent-enough", "fail")
