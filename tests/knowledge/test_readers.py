"""A stranger's documents in, items and passages out."""

from __future__ import annotations

from pathlib import Path

import pytest
from office_files import guide_docx, sheet_file

from knowledge.item import Basis, Charge, Fee, TimeLimit
from knowledge.readers import Reading, Unreadable, read_file, read_path
from knowledge.source_lines import UnreadableFile

GUIDE_TEXT = """样本补贴申领指南

一、申请条件
（一）本市户籍；
（二）年满60周岁。
二、申请材料
1. 居民身份证（原件及复印件1份）
2. 户口簿复印件1份
3、近期一寸照片2张
三、办理流程
1．申请：到社区提交材料。
2．审核：街道审核。
四、办理时限：20个工作日
五、收费标准
不收费。
六、办理地点
样本街道便民服务中心（样本路8号），电话：0519-00000002
七、注意事项
补贴按月发放，每月25日前到账。
八、常见问题
问：可以代办吗？
答：可以，带双方身份证。
"""


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_a_word_guide_in_a_table_becomes_one_item(tmp_path: Path) -> None:
    reading = read_file(guide_docx(tmp_path / "guide.docx"), tmp_path)
    (item,) = reading.items
    assert (item.id, item.name, item.department) == ("yang-ben-ju-zhu-ka-shen-ling", "样本居住卡申领", "样本市公安局")
    assert [one.text for one in item.conditions] == ["在本市居住半年以上", "有合法稳定住所。"]
    assert item.time_limit.statutory == TimeLimit(amount=20, unit="working_day")
    assert item.time_limit.promised == TimeLimit(amount=0, unit="on_the_spot")
    assert item.fee == Fee(free=True)
    assert (item.places[0].name, item.places[0].hours) == (
        "样本路1号政务服务中心二楼",
        "工作日 9:00-12:00，13:00-17:00",
    )
    assert [phone.number for phone in item.phones] == ["0519-00000001", "12345"]
    assert item.legal_basis == (Basis(law="居住证暂行条例", article="2"), Basis(law="居住证暂行条例", article="9"))
    assert (item.verified.status, item.verified.source) == ("to_be_confirmed", "guide.docx")


def test_a_material_table_inside_a_cell_becomes_the_material_list(tmp_path: Path) -> None:
    (item,) = read_file(guide_docx(tmp_path / "guide.docx"), tmp_path).items
    assert [(m.name, m.original, m.copies, m.note) for m in item.materials] == [
        ("居民身份证", 1, 1, None),
        ("房屋租赁合同", 1, 0, "非必要；租房居住的提供"),
    ]


def test_a_row_that_no_field_can_hold_stays_readable_text(tmp_path: Path) -> None:
    (passage,) = read_file(guide_docx(tmp_path / "guide.docx"), tmp_path).passages
    assert (passage.title, passage.text, passage.item) == (
        "样本居住卡申领办事指南 > 办理形式",
        "窗口办理、快递申请",
        None,
    )


def test_a_sheet_with_an_item_per_row_below_a_merged_title(tmp_path: Path) -> None:
    rows = [
        ["样本区事项清单"],
        ["序号", "事项名称", "申请材料", "承诺办结时限", "收费标准", "咨询电话", "内部编号"],
        [1, "样本证申领", "1.身份证\n2.照片2张", "5个工作日", "免费", "0519-00000001", "X-1"],
        [2, "样本证补领", "身份证（原件及复印件1份）", "当场办结", "20元/证", "12345", "X-2"],
    ]
    reading = read_file(sheet_file(tmp_path / "list.xlsx", ("Sheet1", rows), merged=("A1:G1",)), tmp_path)
    first, second = reading.items
    assert [(m.name, m.original) for m in first.materials] == [("身份证", 1), ("照片", 2)]
    assert second.fee == Fee(free=False, charges=(Charge(name="收费", yuan=20, unit="证"),))
    assert reading.notes == ("Columns not understood, kept as text under each item: 内部编号.",)
    assert [(p.title, p.text) for p in reading.passages] == [
        ("list > 样本证申领 > 内部编号", "X-1"),
        ("list > 样本证补领 > 内部编号", "X-2"),
    ]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_csv_of_questions_in_any_usual_encoding(tmp_path: Path, sign: str, encoding: str) -> None:
    rows = [("问题", "答案", "相似问法"), ("样本证怎么办？", '"带身份证, 去窗口; 当天拿"', "怎么领样本证|样本证去哪办")]
    path = written(tmp_path / "faq.csv", "\n".join(sign.join(row) for row in rows), encoding)
    (passage,) = read_file(path, tmp_path).passages
    assert passage.text == "带身份证, 去窗口; 当天拿"
    assert passage.questions == ("样本证怎么办？", "怎么领样本证", "样本证去哪办")


def test_a_plain_text_guide_with_numbered_headings_becomes_an_item(tmp_path: Path) -> None:
    reading = read_file(written(tmp_path / "guide.txt", GUIDE_TEXT, "gb18030"), tmp_path)
    (item,) = reading.items
    assert item.name == "样本补贴申领"
    assert [(m.name, m.original, m.copies) for m in item.materials] == [
        ("居民身份证", 1, 1),
        ("户口簿", 0, 1),
        ("近期一寸照片", 2, 0),
    ]
    assert [(step.name, step.text) for step in item.steps] == [("申请", "到社区提交材料。"), ("审核", "街道审核。")]
    assert item.time_limit.promised == TimeLimit(amount=20, unit="working_day")
    assert (item.places[0].name, item.places[0].address, item.places[0].phone) == (
        "样本街道便民服务中心",
        "样本路8号",
        "0519-00000002",
    )
    assert item.faq[0].questions == ("可以代办吗？",)
    assert [(p.title, p.text) for p in reading.passages] == [
        ("样本补贴申领指南 > 注意事项", "补贴按月发放，每月25日前到账。")
    ]


def test_each_article_of_a_rule_is_one_passage(tmp_path: Path) -> None:
    text = (
        "样本管理办法\n第一章 总则\n第一条 为了规范，制定本办法。\n第二条 适用于：\n（一）市区；\n（二）郊区。\n"
        "第二章 附则\n第三条 自2026年1月1日起施行。\n"
    )
    passages = read_file(written(tmp_path / "rule.txt", text), tmp_path).passages
    assert [(p.title, p.text) for p in passages] == [
        ("样本管理办法 > 第一章 总则 > 第一条", "第一条 为了规范，制定本办法。"),
        ("样本管理办法 > 第一章 总则 > 第二条", "第二条 适用于：\n（一）市区；\n（二）郊区。"),
        ("样本管理办法 > 第二章 附则 > 第三条", "第三条 自2026年1月1日起施行。"),
    ]


def test_one_bad_file_does_not_stop_the_folder(tmp_path: Path) -> None:
    written(tmp_path / "a.txt", GUIDE_TEXT)
    written(tmp_path / "b.docx", "这不是Word文件")
    written(tmp_path / "~$c.docx", "lock")
    written(tmp_path / ".hidden.txt", "hidden")
    written(tmp_path / "d.txt", GUIDE_TEXT)
    found = dict(read_path(tmp_path))
    assert list(found) == ["a.txt", "b.docx", "d.txt"]
    assert isinstance(found["b.docx"], Unreadable)
    first, last = found["a.txt"], found["d.txt"]
    assert isinstance(first, Reading)
    assert isinstance(last, Reading)
    assert (first.items[0].id, last.items[0].id) == ("yang-ben-bu-tie-shen-ling", "yang-ben-bu-tie-shen-ling-2")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "empty"),
        ("old.doc", b"x", "save it as docx"),
        ("old.xls", b"x", "save it as xlsx"),
        ("strange.xyz", b"x", "not read"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "binary"),
        ("broken.docx", b"PK\x03\x04 cut off", "damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_reason(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFile, match=f"^{name}: .*{reason}"):
        read_file(tmp_path / name, tmp_path)
