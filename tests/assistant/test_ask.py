"""From question to saved turn: nothing raises, nothing personal is kept, what is wiped is gone."""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from assistant.ask import Assistant, Reply, new_conversation
from assistant.conversations import REMEMBERED, turns
from assistant.pipeline import NamedStep, StepDone
from assistant.steps.verify import Verify
from assistant.turn import Answer, Draft, NextStep, Question, Sentence, Turn
from channels.wiring import Product
from knowledge.ingest import gather
from knowledge.passage import Citation, FalseQuote, Passage

ID_NUMBER = "110101199003070011"
PHONE = "13800138000"


def ask(product: Product, text: str, conversation: str | None = None) -> Reply:
    return product.assistant.ask(Question(text, conversation or new_conversation()))


def stored(product: Product) -> bytes:
    """Every byte of the database on disk, its log included."""
    return b"".join(path.read_bytes() for path in sorted(product.settings.data_dir.glob("xiaoxin.db*")))


def fee_passage(product: Product) -> Passage:
    passage = product.live.current().library.facet_passage("dog-registration", "fee")
    assert passage is not None
    return passage


# what goes wrong --------------------------------------------------------------------------------------------


def broken(turn: Turn) -> Turn:
    raise ZeroDivisionError(f"a mistake in the program, at {turn.language}")


@pytest.mark.parametrize("place", ["screen", "understand", "ground", "guide", "compose", "verify", "persona"])
def test_a_mistake_in_any_step_becomes_an_apology_with_a_code_that_the_log_has_too(
    hall: Product, place: str, caplog: pytest.LogCaptureFixture
):
    steps = [replace(named, step=broken) if named.name == place else named for named in hall.assistant.steps]
    assistant = Assistant(steps, hall.conversations, hall.replies)
    with caplog.at_level(logging.ERROR):
        reply = assistant.ask(Question("养犬登记多少钱", new_conversation()))
    answer = reply.as_dict()
    assert (answer["status"], answer["reason"]) == ("error", "error.internal")
    assert answer["next_step"]["kind"] == "hotline"
    code = next(record.args[0] for record in caplog.records if isinstance(record.args, tuple) and record.args)
    assert str(code) in answer["text"]
    assert "ZeroDivisionError" in caplog.text
    assert "ZeroDivisionError" not in answer["text"]


def test_the_question_of_a_failed_turn_is_not_kept_unmasked(product: Product):
    steps = [NamedStep("screen", broken)]
    assistant = Assistant(steps, product.conversations, product.replies)
    assistant.ask(Question(f"我的号码是{ID_NUMBER}", new_conversation()))
    assert ID_NUMBER.encode() not in stored(product)


def test_an_answer_that_cannot_be_saved_is_given_all_the_same(product: Product, caplog: pytest.LogCaptureFixture):
    with product.knowledge.engine.begin() as connection:
        turns.drop(connection)
        turns_without_room = sa.Table("conversation_turn", sa.MetaData(), sa.Column("turn", sa.Text))
        columns = ["conversation_id", "at"]
        for name in columns:
            turns_without_room.append_column(sa.Column(name, sa.Text))
        turns_without_room.create(connection)
    assert ask(product, "养犬登记多少钱").answer.status == "answered"
    assert "was not saved" in caplog.text


# what is kept ------------------------------------------------------------------------------------------------


def test_no_number_of_a_person_reaches_the_disk(product: Product):
    conversation = new_conversation()
    for text in (
        f"我的身份证是{ID_NUMBER}，电话{PHONE}，养犬登记多少钱",
        f"身份证 {ID_NUMBER[:6]} {ID_NUMBER[6:14]} {ID_NUMBER[14:]} 能办养犬登记吗",
        "再说一遍",
    ):
        assert ask(product, text, conversation).answer.status in ("answered", "small_talk")
    kept = stored(product)
    assert "养犬登记".encode() in kept
    for number in (ID_NUMBER, PHONE, ID_NUMBER[6:14]):
        assert number.encode() not in kept


def test_an_answer_does_not_say_the_number_back(product: Product):
    answer = ask(product, f"我的身份证是{ID_NUMBER}，养犬登记多少钱").as_dict()
    assert ID_NUMBER not in str(answer)


def test_what_is_wiped_is_gone_from_the_file_too(product: Product):
    conversation, other = new_conversation(), new_conversation()
    ask(product, "我家的紫色斑点狗要办养犬登记", conversation)
    ask(product, "我家的橙色条纹狗要办养犬登记", other)
    assert "紫色斑点".encode() in stored(product)
    assert product.conversations.wipe(conversation) == 1
    assert product.conversations.history(conversation) == ()
    with product.knowledge.engine.connect() as connection:
        connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
    assert "紫色斑点".encode() not in stored(product)
    assert "橙色条纹".encode() in stored(product)
    assert product.conversations.wipe(conversation) == 0


def test_turns_older_than_allowed_are_deleted(product: Product):
    conversation = new_conversation()
    for text in ("养犬登记多少钱", "在哪里办"):
        ask(product, text, conversation)
    long_ago = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=31)
    with product.knowledge.engine.begin() as connection:
        first = connection.execute(sa.select(turns.c.turn_id).order_by(turns.c.at)).scalars().first()
        connection.execute(sa.update(turns).where(turns.c.turn_id == first).values(at=long_ago))
    assert product.conversations.wipe_older_than(30) == 1
    assert [past.question for past in product.conversations.history(conversation)] == ["在哪里办"]


def test_the_last_turns_are_remembered_oldest_first(product: Product):
    conversation = new_conversation()
    said = [f"养犬登记多少钱{'啊' * number}" for number in range(REMEMBERED + 3)]
    for text in said:
        ask(product, text, conversation)
    history = product.conversations.history(conversation)
    assert [past.question for past in history] == said[-REMEMBERED:]
    assert history[-1].item == "dog-registration"
    assert history[-1].facets == ("fee",)


def test_a_saved_turn_comes_back_as_it_was(product: Product):
    conversation = new_conversation()
    ask(product, "养犬登记要带什么材料", conversation)
    ask(product, "租的", conversation)
    past = product.conversations.history(conversation)[-1]
    assert (past.status, past.asking, past.choices) == ("guide", "breed", {"home": "rent"})
    assert [option.value for option in past.options] == ["small", "big", "banned"]


# what verify lets through ------------------------------------------------------------------------------------


@pytest.fixture
def verify(hall: Product) -> Verify:
    return Verify(hall.live.current, hall.replies)


@pytest.mark.parametrize(
    "text",
    [
        "登记费300元。",
        "登记费30元，另收服务费12.5元。",
        "请在7个工作日内缴30元。",
        "登记费30元，咨询电话000-99999。",
        "2031年1月1日起登记费30元。",
        "1. 先交登记费\n2. 登记费2元。",
    ],
)
def test_a_draft_with_a_number_that_no_source_has_is_dropped(hall: Product, verify: Verify, text: str):
    passage = fee_passage(hall)
    item = hall.live.current().library.items["dog-registration"]
    turn = Turn(Question("多少钱", "c"), text="养犬登记多少钱", item=item)
    turn = replace(turn, draft=Draft(text, text, (Citation.of(passage, passage.text),)))
    answer = verify(turn).answer
    assert answer is not None
    assert (answer.status, answer.reason) == ("no_basis", "facet_unknown")
    assert text not in answer.text


@pytest.mark.parametrize("text", ["登记费30元。", "登记费三十元每只。", "登记费30元，不明白请拨打000-12345。"])
def test_a_draft_whose_numbers_have_sources_is_answered(hall: Product, verify: Verify, text: str):
    passage = fee_passage(hall)
    item = hall.live.current().library.items["dog-registration"]
    turn = Turn(Question("多少钱", "c"), text="养犬登记多少钱", item=item)
    answer = verify(replace(turn, draft=Draft(text, text, (Citation.of(passage, passage.text),)))).answer
    assert answer is not None
    assert (answer.status, answer.text) == ("answered", text)


def test_words_that_do_not_stand_in_a_passage_cannot_be_cited(hall: Product):
    for words in ("登记费300元", ""):
        with pytest.raises(FalseQuote):
            Citation.of(fee_passage(hall), words)


def test_an_answer_without_a_way_on_cannot_be_made():
    with pytest.raises(ValueError, match="needs a next step"):
        Answer("no_basis", "nothing_close", "没有", "没有")
    with pytest.raises(ValueError, match="no reason"):
        Answer("answered", "because", "有", "有")
    assert Answer("no_basis", "nothing_close", "没有", "没有", NextStep("ask", "再问"))


def test_an_item_that_goes_away_between_two_steps_is_no_failure(product: Product, handbook: Path):
    """The turn is taken again with what is live then."""
    steps = list(product.assistant.steps)
    ground = next(named for named in steps if named.name == "ground")

    def ground_and_remove(turn: Turn) -> Turn:
        found = ground.step(turn)
        (handbook / "items/market/stall-goods.yaml").unlink(missing_ok=True)
        product.knowledge.ingester.ingest(gather(handbook))
        product.live.reload()
        assert isinstance(found, Turn)
        return found

    steps[steps.index(ground)] = replace(ground, step=ground_and_remove)
    assistant = Assistant(steps, product.conversations, product.replies, product.live.current)
    answer = assistant.ask(Question("百货摊位许可要多久", new_conversation())).answer
    assert answer.status in ("no_basis", "answered", "clarify")
    assert "临时摊位许可（百货）" not in answer.text


def test_a_stream_tells_each_step_and_ends_with_the_reply(hall: Product):
    events = hall.assistant.stream(Question("养犬登记多少钱", new_conversation()))
    told = []
    while True:
        try:
            told.append(next(events))
        except StopIteration as ended:
            reply = ended.value
            break
    assert all(isinstance(event, StepDone | Sentence) for event in told)
    assert [event.name for event in told if isinstance(event, StepDone)] == [step.name for step in reply.turn.times]
    assert reply.answer.status == "answered"


def test_warming_up_keeps_nothing(product: Product, tmp_path: Path):
    product.assistant.warm_up()
    with product.knowledge.engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(turns)).scalar() == 0
