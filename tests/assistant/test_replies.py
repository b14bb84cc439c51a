from pathlib import Path

import pytest

from assistant.language import LANGUAGES
from assistant.replies import Replies, UnusableReplies, load_replies
from assistant.turn import REASONS, AnswerStatus

FIXED = [
    (status, reason) for status, reasons in REASONS.items() for reason in reasons if status not in ("answered", "guide")
]


@pytest.fixture(scope="module")
def replies() -> Replies:
    return load_replies(hotline="12345", hall="新北区政务服务中心")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("status", "reason"), FIXED)
def test_every_ending_has_words_in_every_language(
    replies: Replies, status: AnswerStatus, reason: str, language: str
) -> None:
    answer = replies.answer(status, reason, language)
    assert answer.text
    assert answer.speech
    assert "{" not in answer.text + answer.speech


def test_every_reply_is_for_a_reason_that_exists(replies: Replies) -> None:
    known = {f"{status}.{reason}" for status, reason in FIXED}
    assert {name.split("/")[0] for name in replies.entries} <= known


@pytest.mark.parametrize("name", load_replies().entries)
def test_what_is_said_in_chinese_is_no_longer_than_what_is_shown(replies: Replies, name: str) -> None:
    entry = replies.entries[name]
    assert len(entry.speech or "") <= 60
    assert all("zh" in step.label and "en" in step.label for step in [entry.next_step] if step)


def test_a_reply_names_the_hall_and_its_hotline() -> None:
    replies = load_replies(hotline="0000", hall="样本大厅")
    answer = replies.answer("no_basis", "nothing_close")
    assert "0000" in answer.text
    assert answer.next_step is not None
    assert (answer.next_step.kind, answer.next_step.data) == ("hotline", {"phone": "0000"})
    assert "样本大厅" in replies.answer("small_talk", "greeting").text


def test_a_step_may_name_the_item(replies: Replies) -> None:
    assert "居住证申领" in replies.answer("no_basis", "facet_unknown", item="居住证申领").text


def test_a_language_the_hall_does_not_speak_is_answered_in_chinese(replies: Replies) -> None:
    assert replies.answer("refused", "empty", "fr").text == replies.answer("refused", "empty", "zh").text


def test_a_reply_without_a_language_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "replies.yaml"
    path.write_text("defaults: {}\nreplies:\n  refused.empty:\n    text: {zh: 空, en: empty}\n", encoding="utf-8")
    with pytest.raises(UnusableReplies, match=r"refused\.empty: no text in ja, de"):
        load_replies(path)
