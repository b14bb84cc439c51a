"""Papers to applicants: what they must say, what is refused, and the same words in HTML, Word and PDF."""

import html
import io
import re
from datetime import date
from typing import Any

import pypdfium2
import pytest
from docx import Document

from preapproval.notice import HandedInLine, Notice, NoticeRefused, NoticeValues, Paper, Told, is_sample, make_notice
from preapproval.notice_blocks import Sign, Table
from preapproval.notice_docx import as_docx
from preapproval.notice_html import as_html
from preapproval.notice_lines import HANGING, NOT_FIRST, NOT_LAST, break_lines
from preapproval.notice_pages import BOTTOM, RIGHT, TOP, Box, Put, lay_out
from preapproval.notice_pdf import as_pdf
from preapproval.notice_words import notice_words, paper_number, title_of
from preapproval.sign_off import TRANSITIONS

DAY = date(2026, 3, 6)
KINDS = tuple(notice_words()["titles"])
FORMS = [(kind, None) for kind in KINDS if kind != "decision_notice"] + [
    ("decision_notice", one) for one in ("granted", "not_granted", "ended")
]
NAME = "买买提江·阿卜杜热合曼·样本"
GIVEN = Paper(title="收件凭证", number="政务收〔2026〕1号", issued=date(2026, 3, 2), read="2026-03-02 10:00")
LONG_PLACE = "样本省样本市样本区样本街道样本社区样本路一百二十八号样本花园西区十二幢甲单元三十四楼三四零一室" * 3


def told(number: int = 1, **more: Any) -> tuple[Told, ...]:
    given = {
        "material": "房屋租赁合同",
        "standard": "双方签名，每一页都拍。",
        "remedy": "补签字",
        "basis": "《居住证暂行条例》第9条",
    }
    return tuple(
        Told(**{**given, "wrong": f"第{place}处：合同末页没有签字。", **more}) for place in range(1, number + 1)
    )


def values(**more: Any) -> NoticeValues:
    given: dict[str, Any] = {
        "authority": "样本区政务服务中心", "applicant": NAME, "applicant_number": "320499********7513",
        "phone": "139****0000", "item": "居住证申领", "item_code": "000109014000", "permit": True, "by_law": "依据",
        "application": "20260302-00001", "received": date(2026, 3, 2), "findings": told(),
        "handed_in": (HandedInLine(name="居民身份证", count=2),), "tell_by": date(2026, 3, 9),
        "correct_by": date(2026, 3, 27), "decide_by": date(2026, 3, 30), "gap_until": date(2026, 3, 20),
        "reason": "不属于本机关职权范围，请向样本市公安局申请。", "officer": "李样本", "office_phone": "0519-00000000",
        "papers": (GIVEN,),
    }  # fmt: skip
    return NoticeValues(**{**given, **more})


def notice(kind: str = "correction_notice", **more: Any) -> Notice:
    return make_notice(kind, values(**more), paper_number(kind, 2026, 12), DAY)


def words_of(text: str) -> str:
    """Without whatever lies between letters."""
    return re.sub(r"\s", "", text)


def html_words(paper: Notice) -> str:
    body = as_html(paper).partition("</head>")[2]
    return words_of(html.unescape(re.sub(r"<[^>]*>", "", body)))


def pdf_pages(paper: Notice) -> list[str]:
    opened = pypdfium2.PdfDocument(as_pdf(paper))
    return [words_of(page.get_textpage().get_text_range()) for page in opened]


def docx_words(paper: Notice) -> str:
    opened = Document(io.BytesIO(as_docx(paper)))
    found = [paragraph.text for paragraph in opened.paragraphs]
    found += [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return words_of("\n".join(found))


def cells(paper: Notice) -> list[tuple[str, ...]]:
    return [row for block in paper.blocks if isinstance(block, Table) for row in block.rows]


def whole(paper: Notice) -> str:
    return words_of(paper.model_dump_json())


# what they say --------------------------------------------------------------------------------------------------


def test_every_paper_of_the_sign_off_can_be_made():
    called_for = {effect for row in TRANSITIONS for effect in row.effects} - {"new_round"}
    assert called_for == set(KINDS) == set(notice_words()["letters"])


@pytest.mark.parametrize(("kind", "decision"), FORMS)
def test_every_paper_names_authority_number_applicant_and_day(kind: str, decision: Any):
    paper = notice(kind, decision=decision)
    said = html_words(paper)
    signed = [block for block in paper.blocks if isinstance(block, Sign)]
    for needed in ("样本区政务服务中心", paper.number, NAME, "居住证申领", "20260302-00001", "李样本", "12345"):
        assert needed in said, needed
    assert [line for block in signed for line in block.lines][-1] == "2026年3月6日"


@pytest.mark.parametrize(("kind", "decision"), FORMS)
def test_the_three_files_say_the_same(kind: str, decision: Any):
    paper = notice(kind, decision=decision)
    pdf = re.sub(r"第\d+页共\d+页", "", "".join(pdf_pages(paper)))
    page, word = html_words(paper), docx_words(paper)
    for block in paper.blocks:
        texts = (
            [text for row in block.rows for text in row] if isinstance(block, Table) else [getattr(block, "text", "")]
        )
        for text in texts:
            needed = words_of(text)
            assert needed in page
            assert needed in word
            assert needed in pdf, needed


def test_a_correction_tells_each_thing_with_standard_remedy_and_basis():
    said = cells(notice(findings=told(3)))
    row = (
        "1",
        "房屋租赁合同",
        "第1处：合同末页没有签字。",
        "双方签名，每一页都拍。",
        "补签字",
        "《居住证暂行条例》第9条",
    )
    assert row in said
    assert [one[0] for one in said if len(one) == 6] == ["1", "2", "3"]


def test_a_correction_says_that_it_is_complete_until_when_and_what_follows():
    said = whole(notice(may_follow=("近期照片",), promise_instead=("住宿证明",), office="样本路1号"))
    for needed in (
        "第三十二条第一款第四项", "需要补正的内容（共1项）", "以上为本次申请需要补正的全部内容", "2026年3月27日前补正",
        "可以终止办理本次申请", "可以容缺的材料：近期照片", "可以告知承诺的材料：住宿证明", "也可以到样本路1号提交",
        "一式两份", "送达记录",
    ):  # fmt: skip
        assert needed in said, needed


def test_what_does_not_apply_is_not_mentioned():
    said = whole(notice(may_follow=(), promise_instead=(), phone="", agent=""))
    for absent in ("可以容缺的材料", "可以告知承诺的材料", "委托代理人", "139"):
        assert absent not in said


@pytest.mark.parametrize(
    ("kind", "decision"), [("refusal_notice", None), ("decision_notice", "not_granted"), ("decision_notice", "ended")]
)
def test_whoever_is_refused_learns_the_reason_and_both_remedies(kind: str, decision: Any):
    said = whole(notice(kind, decision=decision))
    for needed in ("请向样本市公安局申请", "六十日内", "行政复议法》第二十条", "六个月内", "行政诉讼法》第四十六条"):
        assert needed in said, needed


@pytest.mark.parametrize("kind", ["receipt", "acceptance_notice", "correction_notice", "extension_notice"])
def test_what_refuses_nothing_speaks_of_no_remedy(kind: str):
    assert "行政复议" not in whole(notice(kind))


def test_a_receipt_lists_what_was_handed_in_and_promises_an_answer():
    paper = notice("receipt")
    assert ("1", "居民身份证", "2") in cells(paper)
    assert "2026年3月9日前告知您是否受理" in whole(paper)
    assert "不表示申请已经受理" in whole(paper)


def test_a_gap_brings_the_commitment_on_a_page_of_its_own():
    pages = pdf_pages(notice("gap_notice"))
    assert "容缺受理承诺书" in pages[-1]
    assert "容缺受理承诺书" not in "".join(pages[:-1])
    assert "2026年3月20日前补齐" in "".join(pages)


def test_an_item_that_is_no_licence_is_granted_in_other_words():
    licence, service = (notice("decision_notice", decision="granted", permit=permit) for permit in (True, False))
    assert (licence.title, service.title) == ("准予行政许可决定书", "准予办理决定书")
    assert "准予行政许可" not in whole(service)


def test_a_delivery_record_lists_the_papers_and_when_they_were_opened():
    row = ("1", "收件凭证", "政务收〔2026〕1号", "2026年3月2日", "2026-03-02 10:00")
    assert row in cells(notice("delivery_receipt"))


def test_numbers_follow_year_and_kind():
    assert paper_number("correction_notice", 2026, 7) == "政务补〔2026〕7号"
    assert paper_number("receipt", 2027, 1, "新政") == "新政收〔2027〕1号"
    assert len({paper_number(kind, 2026, 1) for kind in KINDS}) == len(KINDS)


def test_what_is_called_a_decision_depends_on_it():
    assert title_of("decision_notice", "not_granted") == "不予行政许可决定书"
    with pytest.raises(KeyError):
        title_of("letter")


# what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["correction_notice", "gap_notice"])
def test_a_paper_that_asks_for_nothing_cannot_be_made(kind: str):
    with pytest.raises(NoticeRefused) as refused:
        notice(kind, findings=())
    assert refused.value.code == "something_to_correct"


@pytest.mark.parametrize(
    ("kind", "decision"), [("refusal_notice", None), ("extension_notice", None), ("decision_notice", "not_granted")]
)
def test_a_refusal_without_reason_cannot_be_made(kind: str, decision: Any):
    with pytest.raises(NoticeRefused) as refused:
        notice(kind, decision=decision, reason="  ")
    assert refused.value.code == "reason_given"


def test_an_unknown_paper_cannot_be_made():
    with pytest.raises(NoticeRefused):
        make_notice("letter", values(), "1", DAY)


# how they are drawn ---------------------------------------------------------------------------------------------


def test_the_same_paper_has_the_same_bytes_and_another_number_another_hash():
    first, again = notice(), notice()
    assert (as_pdf(first), as_docx(first), as_html(first)) == (as_pdf(again), as_docx(again), as_html(again))
    other = make_notice("correction_notice", values(), paper_number("correction_notice", 2026, 13), DAY)
    assert first.sha256 == again.sha256 != other.sha256


def test_what_people_type_in_is_text_and_never_markup():
    evil = "<script>alert(1)</script>{{ 7 * 7 }}{% if x %}&amp;"
    said = as_html(notice(applicant=evil, reason=evil, findings=told(wrong=evil)))
    assert "<script" not in said
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 * 7 }}{% if x %}&amp;amp;" in said


def test_the_page_is_self_contained():
    said = as_html(notice())
    assert not re.search(r"(?:src|href)=|url\(|@import", said)


@pytest.mark.parametrize("mark", ["draft", "sample"])
def test_what_is_no_valid_paper_says_so_on_every_page(mark: Any):
    paper = make_notice("correction_notice", values(findings=told(40)), "", DAY, mark)
    word = words_of(notice_words()["marks"][mark])
    pages = pdf_pages(paper)
    assert len(pages) > 2
    assert all(word in page for page in pages)
    assert word in html_words(paper)
    assert word in words_of(Document(io.BytesIO(as_docx(paper))).sections[0].header.paragraphs[0].text)


def test_an_invented_hall_or_applicant_makes_a_sample():
    assert is_sample(values())
    assert is_sample(values(authority="某区政务服务中心"))
    assert not is_sample(values(authority="某区政务服务中心", applicant="王某"))


def test_sixty_findings_go_over_pages_with_head_and_number_and_lose_nothing():
    pages = pdf_pages(notice(findings=told(60)))
    assert 4 <= len(pages) <= 8
    for number, page in enumerate(pages, 1):
        assert f"第{number}页共{len(pages)}页" in page
    text = "".join(pages)
    assert [f"第{place}处：" in text for place in range(1, 61)] == [True] * 60
    assert sum("存在的问题" in page for page in pages) >= len(pages) - 1


def layout(paper: Notice) -> list[list[Put | Box]]:
    return [list(page) for page in lay_out(paper, lambda text, size: len(text) * size * 0.3528)]


def test_no_row_is_cut_and_nothing_stands_outside_of_the_page():
    pages = layout(notice(findings=told(60)))
    boxes = [one for page in pages for one in page if isinstance(one, Box)]
    assert all(box.y >= TOP and box.y + box.height <= BOTTOM + 0.01 for box in boxes)
    rows = [[(box.y, box.height) for box in page if isinstance(box, Box) and box.width < 12] for page in pages]
    assert sum(map(len, rows)) == 60 + sum(bool(one) for one in rows)


def test_a_row_that_no_page_can_hold_goes_on_on_the_next():
    paper = notice(findings=told(wrong="合同末页没有签字，" * 800))
    assert "".join(pdf_pages(paper)).count("签字") >= 800


def test_long_names_and_places_are_broken_within_the_page():
    paper = notice(applicant=NAME * 4, office=LONG_PLACE, item="样本事项" * 30)
    wide = [one for page in layout(paper) for one in page if isinstance(one, Put)]
    assert max(one.x + len(one.text.rstrip("，。；：）")) * one.size * 0.3528 for one in wide) <= RIGHT + 0.01
    assert words_of(LONG_PLACE) in "".join(pdf_pages(paper)).replace("\n", "")


def test_a_letter_that_the_font_lacks_is_marked_in_the_pdf_only():
    paper = notice(applicant="王\U0001f600样本")
    assert "王〓样本" in "".join(pdf_pages(paper))
    assert "王\U0001f600样本" in html_words(paper)
    assert "王\U0001f600样本" in docx_words(paper)


@pytest.mark.parametrize("width", [3, 5, 8, 13])
def test_lines_keep_numbers_whole_and_signs_where_they_may_stand(width: int):
    text = "您好，（样本）合同号320499，签于2026年；请“换成”本人的《租赁合同》，谢谢。"
    lines = break_lines(text, width, len)
    assert "".join(lines) == text
    assert not [line for line in lines if line[0] in NOT_FIRST]
    assert not [line for line in lines[:-1] if line[-1] in NOT_LAST]
    if width >= 8:
        assert any("320499" in line for line in lines)
        assert all(len(line.rstrip("".join(HANGING))) <= width for line in lines)
        assert all(len(line) <= width + 1 for line in lines)


def test_a_full_stop_hangs_rather_than_to_cut_a_number():
    assert break_lines("不一致（320499）。请", 8, len) == ("不一致", "（320499）。", "请")


def test_a_word_longer_than_a_line_is_cut_rather_than_lost():
    assert "".join(break_lines("A" * 50, 8, len)) == "A" * 50
    assert max(map(len, break_lines("A" * 50, 8, len))) <= 8
