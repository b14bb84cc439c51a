"""Free text becomes passages that a citizen can read alone: whole lists, whole articles, under their headings."""

from __future__ import annotations

from pathlib import Path

import docx

from knowledge.passage import Citation, Passage
from knowledge.readers import read_file

SENTENCE = "样本大厅为办事群众提供取号、咨询、帮办和代办服务，服务不收取任何费用。"
"""35 characters."""


def passages(path: Path, text: str, encoding: str = "utf-8") -> tuple[Passage, ...]:
    path.write_bytes(text.encode(encoding))
    return read_file(path, path.parent).passages


def test_short_paragraphs_are_joined_and_long_ones_cut_between_sentences(tmp_path: Path) -> None:
    long = "".join(f"{number}号{SENTENCE}" for number in range(40))
    text = "样本大厅介绍\n" + "\n".join([SENTENCE] * 8) + "\n" + long
    found = passages(tmp_path / "a.txt", text)
    assert all(150 <= len(passage.text) <= 500 for passage in found[:-1])
    assert all(passage.text.endswith("。") for passage in found)
    assert sum(passage.text.count(SENTENCE) for passage in found) == 48


def test_a_list_is_never_cut_from_the_line_that_introduces_it(tmp_path: Path) -> None:
    items = [f"{number}. {SENTENCE}" for number in range(1, 16)]
    text = "样本须知\n" + "\n".join([SENTENCE * 9, "来大厅之前请确认：", *items, SENTENCE])
    found = passages(tmp_path / "a.txt", text)
    (listed,) = [passage for passage in found if "1. " in passage.text]
    assert "\n".join(["来大厅之前请确认：", *items]) in listed.text


def test_an_article_stays_whole_up_to_1200_characters_and_is_cut_between_its_paragraphs(tmp_path: Path) -> None:
    short = "第一条 " + "\n".join([SENTENCE * 6] * 5)
    long = "第二条 " + "\n".join([SENTENCE * 10] * 5)
    found = passages(tmp_path / "a.txt", f"样本办法\n{short}\n{long}\n第三条 自发布之日起施行。\n")
    assert [passage.title for passage in found] == [
        "样本办法 > 第一条",
        *["样本办法 > 第二条"] * 2,
        "样本办法 > 第三条",
    ]
    assert found[0].text == short
    assert f"{found[1].text}\n{found[2].text}" == long


def test_a_table_of_free_text_is_told_row_by_row_under_its_headers(tmp_path: Path) -> None:
    text = "# 大厅楼层\n\n| 楼层 | 窗口 |\n|---|---|\n| 一楼 | 社保 |\n| 二楼 | 公安 |\n"
    (passage,) = passages(tmp_path / "a.md", text)
    assert (passage.title, passage.text) == ("大厅楼层", "楼层：一楼；窗口：社保\n楼层：二楼；窗口：公安")


def test_the_title_path_tells_where_a_passage_stands(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("样本大厅手册", 0)
    document.add_heading("第一章 服务", 1)
    document.add_heading("一、取号", 2)
    document.add_paragraph("到门口取号。")
    document.add_heading("可以网上取号吗？", 2)
    document.add_paragraph("可以。")
    document.save(str(tmp_path / "a.docx"))
    first, second = read_file(tmp_path / "a.docx", tmp_path).passages
    assert (first.title, first.text, first.questions) == ("样本大厅手册 > 第一章 服务 > 取号", "到门口取号。", ())
    assert (second.text, second.questions) == ("可以。", ("可以网上取号吗？",))


def test_lines_broken_at_a_fixed_width_are_put_together(tmp_path: Path) -> None:
    paragraph = SENTENCE * 4
    lines = ["　　" + paragraph[:30], *(paragraph[at : at + 32] for at in range(30, len(paragraph), 32))]
    (passage,) = passages(tmp_path / "a.txt", "样本大厅介绍\n\n" + "\n".join(lines) + "\n")
    assert passage.text == paragraph


def test_traditional_characters_stay_as_they_are(tmp_path: Path) -> None:
    (passage,) = passages(tmp_path / "a.txt", "樣本大廳\n請到櫃檯辦理。\n", "big5")
    assert (passage.title, passage.text) == ("樣本大廳", "請到櫃檯辦理。")


def test_look_alike_radicals_of_pdf_programs_are_mended(tmp_path: Path) -> None:
    (passage,) = passages(tmp_path / "a.txt", "样本⼤厅\n⺠政窗⼝在⼀楼。\n")
    assert (passage.title, passage.text) == ("样本大厅", "民政窗口在一楼。")


def test_every_sentence_of_a_document_can_be_cited(tmp_path: Path) -> None:
    sentences = [f"样本规定第{number}项内容由样本大厅负责解释。" for number in range(200)]
    found = passages(
        tmp_path / "a.txt", "样本规定\n" + "\n".join("".join(sentences[n : n + 7]) for n in range(0, 200, 7))
    )
    for sentence in sentences:
        (holder,) = [passage for passage in found if sentence in passage.text]
        assert Citation.of(holder, sentence).quote == sentence
