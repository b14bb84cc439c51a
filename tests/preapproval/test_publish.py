"""From draft to published: no step is left out, no version changes, and two persons agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest
import sqlalchemy as sa
from rule_parts import ITEM, every, loaded, paths, ruleset, with_rule

from knowledge.checklist import build_checklist
from preapproval.case_tables import audit
from preapproval.ledger import Ledger
from preapproval.publish import TRANSITIONS, Difference, NotAllowed, State, StoredCase, Version, replay
from preapproval.rule_examples import facts_of_example
from preapproval.ruleset import Ruleset
from preapproval.ruleset_store import Event, RulesetVersions, metadata, versions
from preapproval.sign_off_guards import Actor
from preapproval.slots import slots_of

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = sa.create_engine(f"sqlite:///{tmp_path}/rules.db")
    metadata.create_all(engine)
    audit.create(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: sa.Engine) -> RulesetVersions:
    return RulesetVersions(engine, lambda: NOW)


def future(title: str = "新规则", day: str = "2026-07-01") -> Ruleset:
    return with_rule(0, title=title).model_copy(update={"effective_from": date.fromisoformat(day)})


EDITOR, SENIOR, OTHER = (Actor(name, frozenset({"editor"})) for name in ("小编甲", "科长乙", "小编丙"))
SEEN: dict[str, Any] = {"problems": [], "replay": []}


def approve(store: RulesetVersions, version_id: str, by: Actor = SENIOR) -> None:
    store.move(version_id, "approve", by, seen=store.get(version_id).sha256)


def published(store: RulesetVersions, content: Ruleset) -> str:
    draft = store.draft(content, EDITOR)
    store.move(draft.id, "test", EDITOR, **SEEN)
    approve(store, draft.id)
    return store.move(draft.id, "publish", EDITOR).id


# the way to publication ----------------------------------------------------------------------------------------


def test_a_rule_set_is_published_after_checks_a_replay_and_a_second_person(store: RulesetVersions):
    version = store.get(published(store, future()))
    assert (version.state, version.author, version.approved_by) == ("published", "小编甲", "科长乙")
    assert store.in_force("mooring-permit", date(2026, 6, 30)) is None
    assert store.in_force("mooring-permit", date(2026, 7, 1)) == future()


def needed(event: Event, version: Version) -> dict[str, Any]:
    return SEEN if event == "test" else {"seen": version.sha256} if event == "approve" else {}


@pytest.mark.parametrize(("state", "event"), list(product(get_args(State), get_args(Event))))
def test_only_the_steps_of_the_table_can_be_taken(store: RulesetVersions, state: State, event: Event):
    way: dict[State, tuple[Event, ...]] = {
        "draft": (), "tested": ("test",), "approved": ("test", "approve"), "published": ("test", "approve", "publish"),
        "retired": ("retire",),
    }  # fmt: skip
    version = store.draft(future(), EDITOR)
    for step in way[state]:
        store.move(version.id, step, SENIOR, **needed(step, version))
    told = needed(event, version)
    if (state, event) in TRANSITIONS:
        assert store.move(version.id, event, SENIOR, **told).state == TRANSITIONS[state, event]
    else:
        with pytest.raises(NotAllowed, match="现在是"):
            store.move(version.id, event, SENIOR, **told)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"replay": []}, "还没有检查规则和例子。"),
        ({"problems": ["第3行：没有“lease.edn”。"], "replay": []}, "规则还有1处问题，先改好：第3行：没有“lease.edn”。"),
        ({"problems": []}, "还没有用已有的办件重放比较过。"),
    ],
)
def test_nothing_is_tested_without_its_checks_and_a_replay(store: RulesetVersions, told: dict, sentence: str):
    version = store.draft(future(), EDITOR)
    with pytest.raises(NotAllowed, match=sentence):
        store.move(version.id, "test", EDITOR, **told)


def test_whoever_wrote_a_rule_set_cannot_approve_it(store: RulesetVersions, engine: sa.Engine):
    version = store.draft(future(), EDITOR)
    store.move(version.id, "test", EDITOR, **SEEN)
    with pytest.raises(NotAllowed, match="批准的人不能是编写的人。"):
        approve(store, version.id, EDITOR)
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:  # type: ignore[attr-defined]
        connection.execute(sa.update(versions).values(approved_by="小编甲"))


def test_whoever_approves_tells_which_content_was_seen(store: RulesetVersions):
    version = store.draft(future(), EDITOR)
    store.move(version.id, "test", EDITOR, **SEEN)
    with pytest.raises(NotAllowed, match="您看到的不是这一版内容"):
        store.move(version.id, "approve", SENIOR, seen=store.draft(future("另一版"), EDITOR).sha256)
    with pytest.raises(NotAllowed, match="您看到的不是这一版内容"):
        store.move(version.id, "approve", SENIOR)


@pytest.mark.parametrize("event", ["approve", "publish"])
def test_content_that_was_changed_in_the_database_goes_no_further(
    store: RulesetVersions, engine: sa.Engine, event: Event
):
    version = store.draft(future(), EDITOR)
    store.move(version.id, "test", EDITOR, **SEEN)
    if event == "publish":
        approve(store, version.id)
    with engine.begin() as connection:
        connection.execute(sa.update(versions).values(content=dict(version.content) | {"rules": []}))
    with pytest.raises(NotAllowed, match="内容和存下的时候不一样"):
        store.move(version.id, event, SENIOR, seen=version.sha256)


def test_rules_that_no_longer_hold_are_not_published(store: RulesetVersions):
    version = store.draft(future(), EDITOR)
    store.move(version.id, "test", EDITOR, **SEEN)
    approve(store, version.id)
    with pytest.raises(NotAllowed, match="规则还有1处问题，先改好：清单里没有“lease”。"):
        store.move(version.id, "publish", EDITOR, problems=["清单里没有“lease”。"])
    assert store.move(version.id, "publish", EDITOR, problems=[]).state == "published"


def test_every_step_is_an_entry_of_the_ledger_and_a_refused_one_is_none(store: RulesetVersions, engine: sa.Engine):
    version = store.get(published(store, future()))
    with pytest.raises(NotAllowed):
        store.move(version.id, "test", EDITOR, **SEEN)
    found = [(one["actor"], one["action"]) for one in reversed(Ledger(engine).entries())]
    assert found == [
        ("小编甲", "rules.draft"), ("小编甲", "rules.test"), ("科长乙", "rules.approve"), ("小编甲", "rules.publish"),
    ]  # fmt: skip
    assert all(version.sha256 in one["details"] for one in Ledger(engine).entries())


def test_rules_do_not_reach_back(store: RulesetVersions):
    version = store.draft(future(day="2026-05-31"), EDITOR)
    store.move(version.id, "test", EDITOR, **SEEN)
    approve(store, version.id)
    with pytest.raises(NotAllowed, match="生效日期不能早于发布的日子。"):
        store.move(version.id, "publish", EDITOR)


def test_the_same_content_is_kept_once_and_an_unknown_version_is_told(store: RulesetVersions):
    store.draft(future(), EDITOR)
    with pytest.raises(NotAllowed, match="这一版内容已经有了。"):
        store.draft(future(), OTHER)
    with pytest.raises(NotAllowed, match="没有这一版规则。"):
        store.move("none", "retire", SENIOR)


def test_of_two_published_versions_the_later_one_in_force_counts(store: RulesetVersions):
    published(store, future("旧"))
    published(store, future("新", "2026-08-01"))
    for day, title in ((date(2026, 7, 31), "旧"), (date(2026, 8, 1), "新")):
        found = store.in_force("mooring-permit", day)
        assert found is not None
        assert found.rules[0].title == title


def test_a_retired_version_still_tells_what_held_before(engine: sa.Engine):
    clock = [NOW]
    store = RulesetVersions(engine, lambda: clock[0])
    version = published(store, future())
    clock[0] = NOW + timedelta(days=60)
    store.move(version, "retire", SENIOR)
    assert store.in_force("mooring-permit", date(2026, 7, 30)) == future()
    assert store.in_force("mooring-permit", date(2026, 7, 31)) is None


def test_rules_of_every_item_are_published_the_same_way(store: RulesetVersions):
    content = every().model_copy(update={"effective_from": date(2026, 7, 1)})
    draft = store.draft(content, EDITOR)
    store.move(draft.id, "test", EDITOR, **SEEN)
    approve(store, draft.id)
    store.move(draft.id, "publish", SENIOR)
    assert store.in_force("every", date(2026, 7, 1)) == content
    assert [one.state for one in store.of_item("every")] == ["published"]


def test_only_the_state_of_a_version_changes(store: RulesetVersions):
    version = store.draft(future(), EDITOR)
    after = store.get(published(store, future("另一版")))
    assert store.get(version.id) == version
    assert after.content["rules"][0]["title"] == "另一版"


# replaying -----------------------------------------------------------------------------------------------------


def stored(name: str, **said: Any) -> StoredCase:
    facts = facts_of_example({path.replace("__", "."): value for path, value in said.items()}, paths())
    return StoredCase(name, facts, slots_of(build_checklist(ITEM, facts.case.choices)))


def test_a_replay_tells_every_difference_by_case_and_rule():
    cases = [
        stored("c1", lease__end="2026-07-15", choices__applicant="self"),
        stored("c2", lease__end="2027-07-15", choices__applicant="self"),
        stored("c3", id_card=True, choices__applicant="self"),
    ]
    stricter = with_rule(0, **{"with": {"field": "lease.end", "min_days": 90}})
    assert list(replay(cases, loaded(), loaded(stricter))) == [Difference("c1", "lease-term", "lease", "pass", "fail")]


def test_a_replay_tells_of_rules_that_come_and_go():
    case = stored("c1", lease__end="2027-07-15", choices__applicant="self")
    renamed = with_rule(0, id="lease-days")
    assert set(replay([case], loaded(), loaded(renamed))) == {
        Difference("c1", "lease-term", "lease", "pass", None),
        Difference("c1", "lease-days", "lease", None, "pass"),
    }


def test_a_replay_of_the_same_rules_finds_nothing():
    make: Callable[[str], StoredCase] = lambda name: stored(name, lease__end="2026-07-15", choices__applicant="self")  # noqa: E731
    assert list(replay([make("c1"), make("c2")], loaded(ruleset(), every()), loaded(ruleset(), every()))) == []
