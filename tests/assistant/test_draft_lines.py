"""Lines of a draft, found in what models wrap around them."""

import pytest

from assistant.draft_lines import BrokenLine, DraftLine, LineReader

ONE = '{"sentence": "收费10元。", "passage": 1, "quote": "工本费：10元"}'
TWO = '{"sentence": "说“好{”的。", "passage": null, "quote": "a\\"}{b"}'
LINES = [DraftLine("收费10元。", 1, "工本费：10元"), DraftLine("说“好{”的。", None, 'a"}{b')]


def read(text: str, piece: int) -> list[DraftLine]:
    reader = LineReader()
    found = [line for at in range(0, len(text), piece) for line in reader.feed(text[at : at + piece])]
    reader.close()
    return found


@pytest.mark.parametrize("piece", [1, 5, 1000])
@pytest.mark.parametrize(
    "text",
    [
        f"{ONE}\n{TWO}\n",
        f"```json\n{ONE}\n{TWO}\n```",
        f"[{ONE},\n {TWO}]",
        f"好的：{ONE}  {TWO} 以上。",
        f"<think>先看{{资料}}……</think>\n{ONE}\n{TWO}",
        f"\n\n {ONE}{TWO}",
    ],
)
def test_every_whole_object_is_found(text: str, piece: int) -> None:
    assert read(text, piece) == LINES


def test_a_line_comes_as_soon_as_it_is_whole() -> None:
    reader = LineReader()
    assert list(reader.feed(ONE[:-1])) == []
    assert list(reader.feed("}")) == LINES[:1]


@pytest.mark.parametrize("text", ["", "没有资料。", "<think>没有想完 {", "<th"])
def test_without_an_object_there_is_no_line(text: str) -> None:
    assert read(text, 3) == []


@pytest.mark.parametrize(
    "text",
    [
        ONE[:-1],
        '{"sentence": "a" "passage": 1}',
        '{"passage": 1, "quote": "b"}',
        '{"sentence": "a", "passage": "第一条", "quote": "b"}',
        '{"sentence": "' + "a" * 3000,
    ],
)
def test_a_broken_object_is_refused(text: str) -> None:
    with pytest.raises(BrokenLine):
        read(text, 100)


def test_a_number_in_quotation_marks_is_taken_for_one() -> None:
    assert read('{"sentence": "a", "passage": "2", "quote": "b"}', 7) == [DraftLine("a", 2, "b")]
