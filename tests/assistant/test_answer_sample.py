"""The sample of answers: who is taken, what is kept of them, and what goes away with a conversation."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from assistant.answer_labels import AlreadyJudged, AnswerLabels, Judgement, NoSuchAnswer, judge
from assistant.answer_sample import FACTOR, JUDGED_DAYS, AnswerSample, drawn, gone, labels, samples
from assistant.ask import new_conversation
from assistant.conversations import Conversations, now_here
from assistant.turn import REASONS, Answer, AnswerStatus, NextStep, Question, Turn
from channels.access_failures import utc_now
from channels.wiring import Product

ID_NUMBER, PHONE, NAME = "110101199003070011", "13800138000", "王样例"
Ask = Callable[..., str]


@pytest.fixture
def product(settings: Any, handbook: Path, ingest: Any, open_product: Any) -> Product:
    """A hall that takes every turn."""
    given = settings(answer_sample=1.0)
    ingest(given, handbook)
    return open_product(given)


def ask(product: Product, text: str, conversation: str | None = None, terminal: str = "web-3") -> str:
    """The id of the turn."""
    return product.assistant.ask(Question(text, conversation or new_conversation(), terminal)).turn_id


def stored(product: Product) -> bytes:
    """Every byte of the database on disk, its log included."""
    with product.knowledge.engine.connect() as connection:
        connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
    return b"".join(path.read_bytes() for path in sorted(product.settings.data_dir.glob("xiaoxin.db*")))


def taken(product: Product) -> list[Any]:
    with product.knowledge.engine.connect() as connection:
        return list(connection.execute(sa.select(samples).order_by(samples.c.day, samples.c.id)))


def say(product: Product, row: Any, label: Any = "right", staff: str = "li", **more: Any) -> None:
    with product.knowledge.engine.begin() as connection:
        judge(connection, row.id, None, Judgement(label, staff, utc_now(), **more))


def ended(status: AnswerStatus) -> Turn:
    answer = Answer(status, REASONS[status][0], "", "", NextStep("hotline", ""))
    return Turn(Question("问", "one", "kiosk-2"), text="问", answer=answer)


# who is taken --------------------------------------------------------------------------------------------------


def test_a_turn_is_always_taken_or_never_and_a_larger_share_keeps_what_a_smaller_one_took():
    ids = [f"turn-{number}" for number in range(10_000)]
    small, large = ({one for one in ids if drawn("taken", one, share)} for share in (0.02, 0.1))
    assert small == {one for one in ids if drawn("taken", one, 0.02)}
    assert small < large
    assert 150 < len(small) < 250
    assert len(small & {one for one in ids if drawn("second", one, 0.02)}) < 20, "two draws of one turn are two"


def test_what_was_not_answered_is_taken_more_often_and_says_how_much_more():
    sample = AnswerSample(0.02, lambda: "样本大厅")
    today = now_here().date()
    factors: dict[AnswerStatus, int] = {"answered": 1, "no_basis": FACTOR}
    for status, factor in factors.items():
        turn = ended(status)
        rows = [sample.row(f"turn-{number}", turn, today) for number in range(10_000)]
        found = [row for row in rows if row]
        assert len(found) == sum(drawn("taken", f"turn-{number}", 0.02 * factor) for number in range(10_000))
        assert {row["weight"] for row in found} == {1 / (0.02 * factor)}
        assert 0.05 < sum(row["second"] for row in found) / len(found) < 0.16
    assert AnswerSample(0.5, lambda: "样本大厅").row("any", ended("no_basis"), today) is not None
    assert AnswerSample(0.0, lambda: "样本大厅").row("any", ended("no_basis"), today) is None


def test_questions_of_testers_are_not_taken(product: Product):
    ask(product, "养犬登记多少钱", terminal="cli")
    ask(product, "养犬登记多少钱", terminal="batch")
    assert taken(product) == []


# what is kept --------------------------------------------------------------------------------------------------


def test_neither_numbers_nor_names_are_kept(product: Product):
    conversation = new_conversation()
    ask(product, f"我叫{NAME}，身份证{ID_NUMBER}，电话{PHONE}，养犬登记多少钱", conversation)
    ask(product, f"{NAME}的狗在哪里办登记", conversation)
    kept = stored(product)
    rows = [json.loads(row.shown) for row in taken(product)]
    assert len(rows) == 2
    for number in (ID_NUMBER, PHONE):
        assert number.encode() not in kept
    assert all(NAME not in json.dumps(row, ensure_ascii=False) for row in rows)
    assert any("[姓名]" in row["question"] for row in rows)


def test_a_row_holds_what_is_needed_to_judge_and_neither_hour_nor_which_terminal(product: Product):
    conversation = new_conversation()
    ask(product, "养犬登记要多久", conversation, terminal="kiosk-17")
    second = ask(product, "那费用呢", conversation, terminal="kiosk-17")
    row = next(one for one in taken(product) if one.turn_id == second)
    assert (row.terminal, row.item, row.status, row.organisation) == (
        "kiosk", "dog-registration", "answered", product.live.current().library.hall.name,
    )  # fmt: skip
    shown = AnswerLabels(product.knowledge.engine).get(row.id, None).shown
    assert (shown.question, shown.before, shown.facets) == ("那费用呢", "养犬登记要多久", ("fee",))
    assert shown.meant == "养犬登记，那费用呢"
    assert "30元" in shown.answer
    assert shown.citations
    assert not {"at", "hour"} & set(samples.columns.keys())
    assert "kiosk-17" not in str(row)


def test_a_name_that_a_client_made_up_is_another_kind_of_terminal(product: Product):
    ask(product, "养犬登记多少钱", terminal="elsewhere.7")
    assert [row.terminal for row in taken(product)] == ["other"]


# what goes away ------------------------------------------------------------------------------------------------


def test_what_nobody_judged_is_deleted_with_its_conversation_and_counted(product: Product):
    conversation, other = new_conversation(), new_conversation()
    ask(product, "我家的紫色斑点狗要办养犬登记", conversation)
    ask(product, "我家的橙色条纹狗要办养犬登记", other)
    lost = next(row for row in taken(product) if row.conversation_id == conversation)
    assert product.conversations.wipe(conversation) == 1
    assert [row.conversation_id for row in taken(product)] == [other]
    kept = stored(product)
    assert "紫色斑点".encode() not in kept
    assert lost.turn_id.encode() not in kept
    assert "橙色条纹".encode() in kept
    with product.knowledge.engine.connect() as connection:
        counted = connection.execute(sa.select(gone)).one()
    assert (counted.terminal, counted.status, counted.rows, counted.weight) == ("web", lost.status, 1, 1.0)


def test_what_was_judged_stays_without_a_way_back_to_its_conversation(product: Product):
    conversation = new_conversation()
    turn = ask(product, "养犬登记多少钱", conversation)
    (row,) = taken(product)
    say(product, row, "partly", note="样本备注")
    product.conversations.wipe(conversation)
    (kept,) = taken(product)
    assert (kept.id, kept.turn_id, kept.conversation_id) == (row.id, None, None)
    for trace in (conversation, turn):
        assert trace.encode() not in stored(product)
    (said,) = AnswerLabels(product.knowledge.engine).get(row.id, None).judgements
    assert (said.label, said.note) == ("partly", "样本备注")
    product.conversations.wipe(conversation)
    assert taken(product), "wiping again finds nothing more"


def test_too_old_is_what_was_not_judged_with_its_conversation_and_what_was_judged_much_later(product: Product):
    engine, today = product.knowledge.engine, now_here()
    for text in ("养犬登记多少钱", "养犬登记要多久", "养犬登记在哪里办"):
        ask(product, text)
    first, second, third = taken(product)
    say(product, first)
    say(product, second)
    old, ancient = today.date() - timedelta(days=31), today.date() - timedelta(days=JUDGED_DAYS + 1)
    with engine.begin() as connection:
        connection.execute(sa.update(samples).where(samples.c.id != first.id).values(day=old))
        connection.execute(sa.update(samples).where(samples.c.id == first.id).values(day=ancient))
    Conversations(engine, now=lambda: today).wipe_older_than(30)
    assert [(row.id, row.turn_id) for row in taken(product)] == [(second.id, None)]
    with engine.connect() as connection:
        assert connection.execute(sa.select(labels.c.sample_id)).scalars().all() == [second.id]
        assert connection.execute(sa.select(gone.c.rows)).scalars().all() == [1]
    assert third.id not in {row.id for row in taken(product)}


# who may judge -------------------------------------------------------------------------------------------------


def test_one_person_judges_a_row_and_may_think_better_of_it(product: Product):
    ask(product, "养犬登记多少钱")
    (row,) = taken(product)
    with product.knowledge.engine.begin() as connection:
        connection.execute(sa.update(samples).values(second=False))
    store = AnswerLabels(product.knowledge.engine)
    assert [one.id for one in store.waiting(None, "li", 9)] == [row.id]
    say(product, row, "wrong", right_item="guide-dog")
    with pytest.raises(AlreadyJudged) as already:
        say(product, row, "right", "wang")
    assert (already.value.judgement.label, already.value.judgement.staff) == ("wrong", "li")
    say(product, row, "partly")
    (said,) = store.get(row.id, None).judgements
    assert (said.label, said.right_item) == ("partly", None)
    assert store.waiting(None, "wang", 9) == ()
    assert [one.id for one in store.judged(None, "wang", 9)] == [row.id]


def test_a_row_of_two_is_open_to_another_person_and_then_to_nobody(product: Product):
    ask(product, "养犬登记多少钱")
    (row,) = taken(product)
    with product.knowledge.engine.begin() as connection:
        connection.execute(sa.update(samples).values(second=True))
    store = AnswerLabels(product.knowledge.engine)
    say(product, row, "right")
    assert store.waiting(None, "li", 9) == ()
    assert [store.left(None, staff) for staff in ("li", "wang")] == [0, 1]
    assert store.judged(None, "wang", 9) == (), "what another said of it is not shown to who is still to judge"
    say(product, row, "wrong", "wang")
    with pytest.raises(AlreadyJudged):
        say(product, row, "right", "zhao")
    (counted,) = store.counted(None, now_here().date())
    assert (counted.label, counted.second) == ("right", "wrong")
    assert store.counted("另一个单位", now_here().date()) == ()


def test_what_went_away_while_somebody_read_it_cannot_be_judged(product: Product):
    conversation = new_conversation()
    ask(product, "养犬登记多少钱", conversation)
    (row,) = taken(product)
    product.conversations.wipe(conversation)
    with pytest.raises(NoSuchAnswer):
        say(product, row)
