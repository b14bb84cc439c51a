"""Pages of government sites and PDF guides: the same items and passages as from office files."""

from __future__ import annotations

from pathlib import Path

from pdf_files import Words, grid, pdf_file, table

from knowledge.item import Charge, TimeLimit
from knowledge.readers import read_file

PAGE = """<!DOCTYPE html><html><head><meta charset="gb2312"><title>样本证办理_样本市人民政府</title>
<link rel="canonical" href="https://example.invalid/guide.html"></head><body>
<header><div>样本市人民政府</div></header><nav><a>首页</a><a>政务公开</a></nav>
<div class="breadcrumb">您当前的位置：<a>首页</a> &gt; <a>服务</a></div>
<div class="content"><h1>样本证办理</h1><div>发布时间：2026-01-01 来源：样本局 浏览次数：5</div>
<table><tr><td>事项名称</td><td>样本证办理</td><td>实施主体</td><td>样本局</td></tr>
<tr><th>办理条件</th><td colspan="3"><p>（一）有住所；</p><p>（二）有工作。</p></td></tr>
<tr><th rowspan="3">申请材料</th><td>材料名称</td><td>份数</td><td>备注</td></tr>
<tr><td>身份证</td><td>原件1份</td><td></td></tr><tr><td>申请表</td><td>2份</td><td>窗口领取</td></tr>
<tr><td>收费标准</td><td>工本费：20元/本</td><td>办结时限</td><td>自受理之日起15个工作日内</td></tr>
<tr><td>网上办理地址</td><td colspan="3">https://example.invalid/apply</td></tr></table>
<h2>温馨提示</h2><p>请提前<b>预约</b>。</p><ul><li>带好材料</li><li>按号排队</li></ul>
<dl><dt>问：周末办吗？</dt><dd>答：不办。</dd></dl></div>
<div class="share">分享到：微信 微博</div><p>打印本页 关闭窗口</p><p>上一篇：样本通知</p>
<footer>版权所有：样本市人民政府 样ICP备00000000号</footer></body></html>"""


def test_a_page_of_a_government_site_becomes_an_item(tmp_path: Path) -> None:
    (tmp_path / "guide.html").write_bytes(PAGE.encode("gbk"))
    (item,) = read_file(tmp_path / "guide.html", tmp_path).items
    assert (item.name, item.department) == ("样本证办理", "样本局")
    assert [one.text for one in item.conditions] == ["有住所", "有工作。"]
    assert [(m.name, m.original, m.note) for m in item.materials] == [("身份证", 1, None), ("申请表", 2, "窗口领取")]
    assert item.fee.charges == (Charge(name="工本费", yuan=20, unit="本"),)
    assert item.time_limit.promised == TimeLimit(amount=15, unit="working_day", starts="自受理之日起")
    assert item.online is not None
    assert item.online.url == "https://example.invalid/apply"


def test_what_surrounds_the_text_of_a_page_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "guide.html").write_bytes(PAGE.encode("gbk"))
    passages = read_file(tmp_path / "guide.html", tmp_path).passages
    assert [(p.title, p.text, p.questions, p.url) for p in passages] == [
        ("周末办吗？", "不办。", ("周末办吗？",), "https://example.invalid/guide.html"),
        (
            "样本证办理 > 温馨提示",
            "请提前预约。\n• 带好材料\n• 按号排队",
            (),
            "https://example.invalid/guide.html",
        ),
    ]


def test_a_ruled_pdf_table_becomes_an_item(tmp_path: Path) -> None:
    rows = [
        ["事项名称", "样本证申领", "实施主体", "样本局"],
        ["办理条件", "有固定住所", "办结时限", "5个工作日"],
        ["收费标准", "免费", "咨询电话", "0519-00000001"],
    ]
    words, ruling = table(rows, [72, 142, 282, 352, 520], top=140)
    path = pdf_file(tmp_path / "guide.pdf", ([Words("样本证办事指南", 220, 80, 18), *words], ruling))
    reading = read_file(path, tmp_path)
    (item,) = reading.items
    assert (item.name, item.department, item.conditions[0].text) == ("样本证申领", "样本局", "有固定住所")
    assert item.fee.free is True
    assert item.phones[0].number == "0519-00000001"
    assert reading.passages == ()


def test_a_pdf_table_that_a_page_break_cuts_is_read_as_one(tmp_path: Path) -> None:
    columns = [72.0, 172.0, 520.0]
    first, first_ruling = table([["事项名称", "样本证申领"], ["办理条件", "有固定住所"]], columns, top=700)
    second, second_ruling = table([["", "有稳定工作"], ["办理时限", "3个工作日"]], columns, top=80)
    path = pdf_file(tmp_path / "guide.pdf", (first, first_ruling), (second, second_ruling))
    (item,) = read_file(path, tmp_path).items
    assert [one.text for one in item.conditions] == ["有固定住所", "有稳定工作"]
    assert item.time_limit.promised == TimeLimit(amount=3, unit="working_day")


def test_a_merged_pdf_cell_holds_the_material_rows(tmp_path: Path) -> None:
    words = [
        Words("事项名称", 76, 116, 10), Words("样本证申领", 176, 116, 10),
        Words("申请材料", 76, 150, 10), Words("材料名称", 176, 140, 10), Words("份数", 376, 140, 10),
        Words("身份证", 176, 164, 10), Words("2", 376, 164, 10),
        Words("收费标准", 76, 188, 10), Words("不收费", 176, 188, 10),
    ]  # fmt: skip
    outer = grid([72, 172, 520], [100, 124, 172, 196])
    inner = f"172 {842 - 148} m 520 {842 - 148} l S\n372 {842 - 124} m 372 {842 - 172} l S"
    (item,) = read_file(pdf_file(tmp_path / "a.pdf", (words, f"{outer}\n{inner}")), tmp_path).items
    assert [(m.name, m.original) for m in item.materials] == [("身份证", 2)]


def test_pdf_lines_are_joined_and_running_heads_left_out(tmp_path: Path) -> None:
    def page(number: int, *words: Words) -> tuple[list[Words], str]:
        head = [Words("样本区政务服务手册", 72, 40, 9), Words(f"- {number} -", 290, 815, 9)]
        return [*head, *words], ""

    path = pdf_file(
        tmp_path / "rule.pdf",
        page(
            1,
            Words("样本中心服务规定", 200, 90, 18),
            Words("第一条 为了方便群众办事，本中心自二〇二六年起实行周末预约服", 96, 140),
            Words("务。", 72, 160),
            Words("第二条 预约可以通过电话进行，也可以到窗口进行，预约后请准时", 96, 180),
        ),
        page(2, Words("到场。", 72, 90), Words("第三条 周末开放：", 96, 110), Words("（一）社保窗口；", 96, 130)),
        page(3, Words("（二）公安窗口。", 96, 90)),
    )
    passages = read_file(path, tmp_path).passages
    assert [(p.title, p.text) for p in passages] == [
        ("样本中心服务规定 > 第一条", "第一条 为了方便群众办事，本中心自二〇二六年起实行周末预约服务。"),
        (
            "样本中心服务规定 > 第二条",
            "第二条 预约可以通过电话进行，也可以到窗口进行，预约后请准时到场。",
        ),
        ("样本中心服务规定 > 第三条", "第三条 周末开放：\n（一）社保窗口；\n（二）公安窗口。"),
    ]


def test_a_pdf_guide_without_rulings_is_read_by_its_labels(tmp_path: Path) -> None:
    pairs = [
        ("事项名称", "样本证申领"),
        ("办理条件", "有固定住所"),
        ("承诺办结时限", "5个工作日"),
        ("收费标准", "不收费"),
    ]
    words = [Words("样本证申领办事指南", 200, 80, 18)]
    for row, (label, value) in enumerate(pairs):
        words += [Words(label, 72, 140 + 24 * row), Words(value, 172, 140 + 24 * row)]
    (item,) = read_file(pdf_file(tmp_path / "a.pdf", (words, "")), tmp_path).items
    assert (item.name, item.conditions[0].text, item.fee.free) == ("样本证申领", "有固定住所", True)
    assert item.time_limit.promised == TimeLimit(amount=5, unit="working_day")
