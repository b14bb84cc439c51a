"""The shapes in which offices write their guides: bars, several columns, two-row headers, bold labels, sheets."""

from __future__ import annotations

from pathlib import Path

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from office_files import sheet_file

from knowledge.item import Basis, ServiceItem, TimeLimit
from knowledge.readers import Reading, read_file


def read(path: Path) -> Reading:
    return read_file(path, path.parent)


def text_file(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def names(item: ServiceItem) -> list[str | None]:
    return [material.name for material in item.materials]


def four_column_guide(path: Path) -> Path:
    document = docx.Document()
    table = document.add_table(0, 4)

    def row(*texts: str, merged: tuple[int, int] | None = None) -> None:
        cells = table.add_row().cells
        for cell, text in zip(cells, texts, strict=False):
            cell.text = text
        if merged:
            cells[merged[0]].merge(cells[merged[1]])

    row("样本证申领办事指南", merged=(0, 3))
    row("基本信息", merged=(0, 3))
    row("事项名称", "样本证申领", "事项类型", "行政确认")
    row("法定办结时限", "20（工作日）", "承诺办结时限", "1（工作日）")
    row("到办事现场次数", "1次", "是否收费", "□是 ☑否")
    row("申请材料", merged=(0, 3))
    row("序号", "材料名称", "材料要求", "材料必要性")
    row("1", "身份证", "原件1份；复印件2份", "必要")
    row("2", "委托书", "原件", "非必要")
    row("办理流程", merged=(0, 3))
    row("1.申请：提交材料\n2.受理：当场受理\n3.办结", merged=(0, 3))
    row("咨询方式", "电话：0519-00000001；窗口：样本路1号", "监督投诉方式", "12345")
    row("设定依据", "《样本条例》（样本令第1号）第三条：“申领样本证的，应当……。”", merged=(1, 3))
    row("办理地点及时间", "样本区政务服务中心一楼3号窗口（样本路1号）\n工作时间：工作日9:00—12:00", merged=(1, 3))
    document.save(str(path))
    return path


def test_a_four_column_table_with_bars_is_one_item(tmp_path: Path) -> None:
    reading = read(four_column_guide(tmp_path / "guide.docx"))
    (item,) = reading.items
    assert (item.name, item.kind) == ("样本证申领", "行政确认")
    assert item.time_limit.statutory == TimeLimit(amount=20, unit="working_day")
    assert item.time_limit.promised == TimeLimit(amount=1, unit="working_day")
    assert item.visits is not None
    assert (item.visits.count, item.fee.free) == (1, True)
    assert [(m.name, m.original, m.copies, m.note) for m in item.materials] == [
        ("身份证", 1, 2, None),
        ("委托书", 1, 0, "非必要"),
    ]
    assert [(step.name, step.text) for step in item.steps] == [
        ("申请", "提交材料"),
        ("受理", "当场受理"),
        ("第3步", "办结"),
    ]
    place = item.places[0]
    assert (place.name, place.address, place.hours) == (
        "样本区政务服务中心一楼3号窗口",
        "样本路1号",
        "工作日9:00—12:00",
    )
    assert item.legal_basis == (Basis(law="样本条例", article="3"),)
    assert [(p.title, p.text) for p in reading.passages] == [
        ("样本证申领 > 设定依据", "《样本条例》（样本令第1号）第三条：“申领样本证的，应当……。”")
    ]


def test_a_handbook_with_a_table_or_bold_labels_per_item(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("样本区办事手册", 0)
    document.add_paragraph("本手册供样本区群众使用。")
    document.add_heading("第一部分 公安", 1)
    document.add_heading("样本证申领", 2)
    table = document.add_table(0, 2)
    for label, value in (("办理条件", "有住所"), ("申请材料", "身份证、户口簿"), ("办理时限", "即办")):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, value
    document.add_heading("第二部分 民政", 1)
    document.add_heading("样本补贴", 2)
    for label, value in (("办理条件：", "60岁以上老人"), ("所需材料：", "1.身份证；2.户口簿；3.银行卡复印件")):
        paragraph = document.add_paragraph()
        paragraph.add_run(label).bold = True
        paragraph.add_run(value)
    document.add_paragraph("办理流程：")
    document.add_paragraph("（1）申请")
    document.add_paragraph("（2）审核")
    document.save(str(tmp_path / "handbook.docx"))
    reading = read(tmp_path / "handbook.docx")
    first, second = reading.items
    assert (first.name, names(first)) == ("样本证申领", ["身份证", "户口簿"])
    assert (second.name, names(second)) == ("样本补贴", ["身份证", "户口簿", "银行卡"])
    assert [step.text for step in second.steps] == ["申请", "审核"]
    assert [(p.title, p.text) for p in reading.passages] == [("样本区办事手册", "本手册供样本区群众使用。")]


def test_word_counts_its_headings_itself(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("样本证申领办事指南")
    number_format(document, "chineseCounting", "%1、")
    for text, numbered in (
        ("申请条件", True), ("有住所。", False), ("申请材料", True), ("身份证", False), ("收费标准", True),
        ("免费", False), ("其他规定", True), ("证件不得转借。", False),
    ):  # fmt: skip
        paragraph = document.add_paragraph(text)
        if numbered:
            number(paragraph)
    document.save(str(tmp_path / "auto.docx"))
    reading = read(tmp_path / "auto.docx")
    (item,) = reading.items
    assert (item.name, item.conditions[0].text, names(item), item.fee.free) == (
        "样本证申领",
        "有住所。",
        ["身份证"],
        True,
    )
    assert [(p.title, p.text) for p in reading.passages] == [("样本证申领办事指南 > 其他规定", "证件不得转借。")]


def number_format(document: Document, form: str, text: str) -> None:
    root = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "90")
    level = OxmlElement("w:lvl")
    level.set(qn("w:ilvl"), "0")
    for name, value in (("start", "1"), ("numFmt", form), ("lvlText", text)):
        part = OxmlElement(f"w:{name}")
        part.set(qn("w:val"), value)
        level.append(part)
    abstract.append(level)
    root.insert(0, abstract)
    one = OxmlElement("w:num")
    one.set(qn("w:numId"), "90")
    target = OxmlElement("w:abstractNumId")
    target.set(qn("w:val"), "90")
    one.append(target)
    root.append(one)


def number(paragraph: Paragraph) -> None:
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = 90


def test_words_that_a_reviewer_deleted_are_not_read_and_inserted_ones_are(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("办理时间为")
    for tag, inner, text in (("w:del", "w:delText", "九点"), ("w:ins", "w:t", "八点")):
        change, run, words = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(inner)
        words.text = text
        run.append(words)
        change.append(run)
        paragraph._p.append(change)
    document.add_paragraph("请按时到场。")
    document.save(str(tmp_path / "changed.docx"))
    assert "办理时间为八点" in " ".join(p.title + p.text for p in read(tmp_path / "changed.docx").passages)


def test_one_sheet_per_item_takes_the_name_of_the_sheet_where_no_cell_tells_it(tmp_path: Path) -> None:
    path = sheet_file(
        tmp_path / "items.xlsx",
        ("样本证申领", [["事项名称", "样本证申领"], ["办理条件", "有住所"], ["咨询电话", 12345]]),
        ("样本证补领", [["要素", "内容"], ["办理条件", "丢失"], ["收费标准", "20元"], ["办理时限", "当场办结"]]),
    )
    first, second = read(path).items
    assert (first.name, first.phones[0].number) == ("样本证申领", "12345")
    assert (second.name, second.fee.charges[0].yuan) == ("样本证补领", 20)


def test_a_sheet_of_materials_goes_to_the_items_it_names(tmp_path: Path) -> None:
    path = sheet_file(
        tmp_path / "items.xlsx",
        (
            "事项",
            [["事项名称", "承诺时限", "收费"], ["样本证申领", "5个工作日", "免费"], ["样本证补领", "即办", "10元/本"]],
        ),
        (
            "材料",
            [
                ["事项名称", "材料名称", "份数", "材料形式"],
                ["样本证申领", "身份证", 1, "原件"],
                ["样本证申领", "照片", 2, "纸质"],
                ["样本证补领", "身份证", 1, "复印件"],
            ],
        ),
    )
    first, second = read(path).items
    assert [(m.name, m.original, m.copies) for m in first.materials] == [("身份证", 1, 0), ("照片", 2, 0)]
    assert [(m.name, m.original, m.copies) for m in second.materials] == [("身份证", 0, 1)]


def test_a_header_of_two_rows_and_names_merged_over_their_materials(tmp_path: Path) -> None:
    rows = [
        ["事项名称", "办理条件", "申请材料", None, "收费标准"],
        [None, None, "材料名称", "份数", None],
        ["样本证申领", "有住所", "身份证", 1, "免费"],
        [None, None, "照片", 2, None],
        ["样本证补领", "丢失", "申请表", 1, "20元"],
    ]
    merged = ("A1:A2", "B1:B2", "C1:D1", "E1:E2", "A3:A4", "B3:B4", "E3:E4")
    first, second = read(sheet_file(tmp_path / "a.xlsx", ("Sheet1", rows), merged=merged)).items
    assert [(m.name, m.original) for m in first.materials] == [("身份证", 1), ("照片", 2)]
    assert (names(second), second.conditions[0].text) == (["申请表"], "丢失")


def test_items_side_by_side_in_columns(tmp_path: Path) -> None:
    rows = [["事项名称", "样本证申领", "样本证补领"], ["办理条件", "有住所", "丢失"], ["收费标准", "免费", "20元"]]
    first, second = read(sheet_file(tmp_path / "a.xlsx", ("Sheet1", rows))).items
    assert (first.name, first.fee.free) == ("样本证申领", True)
    assert (second.name, second.conditions[0].text) == ("样本证补领", "丢失")


def test_questions_under_merged_topics_and_hidden_sheets(tmp_path: Path) -> None:
    rows = [
        ["类别", "问题", "解答", "备注"],
        ["社保", "怎么参保？", "到窗口。", "内部"],
        [None, "几天？", "3天。", None],
    ]
    reading = read(sheet_file(tmp_path / "a.xlsx", ("常见问题", rows), merged=("A2:A3",)))
    assert [(p.title, p.text) for p in reading.passages] == [
        ("社保 > 怎么参保？", "到窗口。"),
        ("社保 > 几天？", "3天。"),
    ]
    assert reading.notes == ("Columns left out of the questions: 备注.",)


def test_questions_that_name_an_item_and_a_phone_are_still_questions(tmp_path: Path) -> None:
    path = text_file(tmp_path / "a.csv", "事项名称,问题,答案,联系电话\n样本证申领,几天办好？,3天。,0519-00000001\n")
    reading = read(path)
    assert reading.items == ()
    assert [(p.title, p.text) for p in reading.passages] == [("样本证申领 > 几天办好？", "3天。")]


def test_a_csv_of_questions_without_a_header(tmp_path: Path) -> None:
    path = text_file(tmp_path / "a.csv", "怎么参保？,到窗口。\n几天办好？,3天。\n周末上班吗？,不上。\n")
    assert [(p.questions, p.text) for p in read(path).passages] == [
        (("怎么参保？",), "到窗口。"),
        (("几天办好？",), "3天。"),
        (("周末上班吗？",), "不上。"),
    ]


def test_questions_and_answers_in_running_text(tmp_path: Path) -> None:
    text = "样本大厅问答\n1.问：周末上班吗？\n答：不上班。\n节假日也不上班。\n\n2.问：停车收费吗？\n答：免费。\n"
    assert [(p.title, p.text, p.questions) for p in read(text_file(tmp_path / "a.txt", text)).passages] == [
        ("样本大厅问答 > 周末上班吗？", "不上班。\n节假日也不上班。", ("周末上班吗？",)),
        ("样本大厅问答 > 停车收费吗？", "免费。", ("停车收费吗？",)),
    ]


def test_markdown_labels_end_each_others_lists(tmp_path: Path) -> None:
    text = (
        "# 样本证申领\n\n**办理条件**：有住所。\n\n**申请材料**：\n\n- 身份证\n- 户口簿\n\n"
        "**办理时限**：当场办结\n\n**收费标准**：不收费\n\n> 提示：请预约。\n"
    )
    reading = read(text_file(tmp_path / "a.md", text))
    (item,) = reading.items
    assert (names(item), item.fee.free) == (["身份证", "户口簿"], True)
    assert item.time_limit.promised == TimeLimit(amount=0, unit="on_the_spot")
    assert [(p.title, p.text) for p in reading.passages] == [("样本证申领 > 提示", "请预约。")]


def test_a_web_guide_made_of_boxes_instead_of_a_table(tmp_path: Path) -> None:
    page = (
        "<html><body><div>样本证办理</div><div><div>受理条件</div><div>有住所</div></div>"
        "<div><span>实施主体：</span><span>样本局</span></div><div><div>收费情况</div><div>不收费</div></div>"
        "<ul><li><em>法定办结时限</em><i>20工作日</i></li><li>承诺办结时限：5工作日</li></ul><h3>办理材料</h3>"
        "<table><tr><th>序号</th><th>材料名称</th><th>材料类型</th><th>纸质材料份数</th></tr>"
        "<tr><td>1</td><td>身份证<a>样表下载</a></td><td>原件和复印件</td><td>1</td></tr></table></body></html>"
    )
    (item,) = read(text_file(tmp_path / "a.html", page)).items
    assert (item.name, item.department, item.fee.free) == ("样本证办理", "样本局", True)
    assert (item.time_limit.statutory, item.time_limit.promised) == (
        TimeLimit(amount=20, unit="working_day"),
        TimeLimit(amount=5, unit="working_day"),
    )
    assert [(m.name, m.original, m.copies) for m in item.materials] == [("身份证", 1, 1)]


def test_a_web_guide_whose_numbered_labels_stand_on_the_line_of_their_values(tmp_path: Path) -> None:
    page = (
        "<html><body><p><strong>一、事项名称：</strong>样本档案接收</p><p><strong>二、事项类别：</strong>社会保障类</p>"
        "<p><strong>三、实施依据：</strong></p><p>《样本意见》（样发〔2003〕16号）</p><p>四、实施机关：样本街道办</p>"
        "<p>五、受理条件：</p><p>在辖区居住</p><p>六、申报材料：</p><p>1、身份证</p><p>2、退休证原件及复印件</p>"
        "<p>七、办理时限：即时</p><p>八、办理时间、地点：</p><p>工作日9:00-17:00，样本路1号</p></body></html>"
    )
    reading = read(text_file(tmp_path / "a.html", page))
    (item,) = reading.items
    assert (item.name, item.department, item.conditions[0].text) == ("样本档案接收", "样本街道办", "在辖区居住")
    assert [(m.name, m.copies) for m in item.materials] == [("身份证", 0), ("退休证", 1)]
    assert (item.places[0].name, item.places[0].hours) == ("样本路1号", "工作日9:00-17:00")
    assert [(p.title, p.text) for p in reading.passages] == [("样本档案接收 > 事项类别", "社会保障类")]


def test_a_rule_book_numbered_without_dots(tmp_path: Path) -> None:
    text = (
        "样本证核发办理规程\n1适用范围\n本规程适用于样本局窗口。\n2设定依据\n样财字2000号\n3申报材料\n4.1合法有效的文件；\n"
        "4.2资质证明；\n4办理程序\n5.1 申请单位提交材料；\n5.2 受理人检验材料；\n5承诺时限\n5个工作日\n"
        "6收费依据及标准\n不收费\n"
    )
    reading = read(text_file(tmp_path / "a.txt", text))
    (item,) = reading.items
    assert (item.name, names(item)) == ("样本证核发", ["合法有效的文件", "资质证明"])
    assert (item.time_limit.promised, item.fee.free) == (TimeLimit(amount=5, unit="working_day"), True)
    assert [(p.title, p.text) for p in reading.passages] == [("样本证核发办理规程 > 设定依据", "样财字2000号")]


def test_items_one_after_another_in_plain_text_start_where_the_labels_start_anew(tmp_path: Path) -> None:
    text = (
        "样本区办事手册\n样本证申领\n办理条件\n有住所\n有工作\n所需材料\n身份证、户口簿\n"
        "样本证补领\n办理条件\n证件丢失\n所需材料\n身份证\n"
    )
    first, second = read(text_file(tmp_path / "a.txt", text)).items
    assert (first.name, [one.text for one in first.conditions], names(first)) == (
        "样本证申领",
        ["有住所", "有工作"],
        ["身份证", "户口簿"],
    )
    assert (second.name, [one.text for one in second.conditions], names(second)) == (
        "样本证补领",
        ["证件丢失"],
        ["身份证"],
    )


def test_a_policy_with_one_bracketed_condition_stays_one_text(tmp_path: Path) -> None:
    text = (
        "# 样本就业措施\n\n一、发放补贴。对吸纳就业的企业给予补贴。\n\n二、鼓励创业。对创业者给予一次性补贴。\n\n"
        "（一）申请条件：在本区注册。\n\n（二）申请时间：每年3月。\n"
    )
    reading = read(text_file(tmp_path / "a.md", text))
    assert reading.items == ()
    (passage,) = reading.passages
    assert passage.text.endswith("（一）申请条件：在本区注册。\n（二）申请时间：每年3月。")
