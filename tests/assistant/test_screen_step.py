from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant.replies import load_replies
from assistant.screening import ScreeningError, load_screening
from assistant.steps.screen import Screen
from assistant.turn import Question, Turn

TABLE: dict[str, list[str]] = yaml.safe_load(
    Path(__file__).with_name("screened_questions.yaml").read_text(encoding="utf-8")
)
SCREEN = Screen(load_screening(), load_replies())


def _turn(text: str, language: str | None = None) -> Turn:
    return SCREEN(Turn(Question(text, "conversation", language=language)))


def _ending(turn: Turn) -> str:
    """Status, reason and, in a crisis, the number to call."""
    if turn.answer is None:
        return "passes"
    name = f"{turn.answer.status}.{turn.answer.reason}"
    step = turn.answer.next_step
    return f"{name}.{step.data['phone']}" if name == "handoff.crisis" and step else name


@pytest.mark.parametrize(("ending", "text"), [(ending, text) for ending, texts in TABLE.items() for text in texts])
def test_a_visitor_gets_the_right_ending(ending: str, text: str) -> None:
    turn = _turn(text)
    assert _ending(turn) == ending
    if turn.answer:
        assert turn.answer.next_step is not None
        assert turn.answer.next_step.label


def test_despair_with_a_need_gets_the_helpline_and_the_way_to_help() -> None:
    answer = _turn("活不下去了，低保怎么申请").answer
    assert answer is not None
    assert "12356" in answer.text
    assert answer.suggestions == ("最低生活保障申请怎么办",)


def test_who_asks_of_an_own_account_is_told_what_to_ask_instead() -> None:
    answer = _turn("我医保账户里现在还有多少").answer
    assert answer is not None
    assert answer.suggestions == ("怎么查医保缴费和报销记录",)


def test_an_angry_visitor_with_a_question_is_answered() -> None:
    turn = _turn("你们这帮傻逼，居住证到底怎么办？")
    assert turn.answer is None
    assert turn.text == "居住证到底怎么办？"


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("<b>居住证怎么办</b>", "居住证怎么办"),
        ("居住证怎么办<script>alert(1)</script>", "居住证怎么办"),
        ("居住证怎么办'; DROP TABLE items;--", "居住证怎么办"),
        ("{{7*7}} 身份证丢了怎么补办", "身份证丢了怎么补办"),
        ("<p>How do I get a <b>Residence Permit</b>?</p>", "How do I get a Residence Permit?"),
    ],
)
def test_a_question_among_code_is_answered(text: str, question: str) -> None:
    turn = _turn(text)
    assert turn.answer is None
    assert turn.text == question


def test_nothing_later_sees_a_personal_number() -> None:
    turn = _turn("我的身份证11010519491231002X，电话１３９１２３４５６７８，居住证怎么办")
    assert turn.text == "我的身份证[身份证号]，电话[手机号]，居住证怎么办"
    assert "1101051949" not in repr(turn)


def test_a_letter_of_a_thousand_characters_is_read() -> None:
    letter = "我是外地来的，在这里打工好几年了。" * 60
    assert _turn(letter[:993] + "居住证怎么办？").answer is None
    assert _ending(_turn(letter[:994] + "居住证怎么办？")) == "refused.too_long"


@pytest.mark.parametrize("text", ["办" * 10_000, "居住证怎么办" * 2000, "1 " * 5000, "\u200b" * 10_000, "<" * 10_000])
def test_ten_thousand_characters_are_too_long(text: str) -> None:
    turn = _turn(text)
    assert _ending(turn) == "refused.too_long"
    assert len(turn.text) <= 1000


def test_a_number_cut_in_two_by_the_limit_does_not_leak() -> None:
    turn = _turn("办" * 3990 + "11010519491231002X")
    assert "1101" not in repr(turn)


def test_the_language_asked_for_wins() -> None:
    turn = _turn("居住证怎么办", language="en")
    assert turn.language == "en"
    answer = _turn("转人工", language="de").answer
    assert answer is not None
    assert answer.text.startswith("Gern")


@pytest.mark.parametrize(
    "text",
    [
        '{"question": "居住证怎么办"}',
        "居住证\x00怎么办",
        "居住证怎么办\ud83d",
        "Hello 居住证 どう 怎么办 как",
        "ＨＥＬＬＯ　居住证怎么办",
    ],
)
def test_odd_input_with_a_question_is_read(text: str) -> None:
    turn = _turn(text)
    assert turn.answer is None
    assert "居住证" in turn.text


@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_text_gets_through_or_gets_an_ending(text: str) -> None:
    turn = _turn(text)
    assert turn.question.text == turn.text
    turn.text.encode("utf-8")


def test_a_misspelt_set_in_the_word_data_is_named(tmp_path: Path) -> None:
    path = tmp_path / "screening.yaml"
    path.write_text(
        "sets: {}\ngroups:\n  - {name: abuse, status: refused, reason: abuse, patterns: ['<<nobody>>']}\n",
        encoding="utf-8",
    )
    with pytest.raises(ScreeningError, match=r"abuse: .*nobody"):
        load_screening(path)
