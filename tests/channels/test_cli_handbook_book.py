"""A handbook as a book to read: Markdown and Word, with every item's guide, which the product can read back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest

from knowledge.item import ServiceItem
from knowledge.readers import read_file

Run = Callable[..., Any]


@pytest.fixture(params=["md", "docx"])
def book(request: pytest.FixtureRequest, run: Run, handbook: Path, tmp_path: Path) -> Path:
    out = tmp_path / f"book.{request.param}"
    ended = run("handbook", "export", handbook, "--format", request.param, "--out", out)
    assert (ended.status, ended.out) == (0, f"{out}: 8 items\n")
    return out


def items(path: Path) -> dict[str, ServiceItem]:
    return {item.name: item for item in read_file(path, path.parent).items}


def test_the_product_reads_its_own_book_back(book: Path):
    found = items(book)
    assert list(found) == [
        "养犬登记",
        "犬只移交收容",
        "小渔船登记",
        "共享菜园认领",
        "导盲犬备案",
        "临时摊位许可（食品）",
        "临时摊位许可（百货）",
    ]
    dog = found["养犬登记"]
    told = [(line.name, line.original, line.copies) for line in dog.materials]
    assert told == [
        ("居民身份证", 1, 1),
        ("狂犬病免疫证明", 1, 0),
        ("犬只照片", 2, 0),
        ("不动产权证书", 0, 1),
        ("购房合同", 0, 1),
        ("房屋租赁合同", 1, 0),
        ("邻居同意书", 1, 0),
        ("居民户口簿", 1, 0),
    ]
    assert [(charge.name, charge.yuan, charge.unit) for charge in dog.fee.charges] == [("登记费", 30, "只")]
    assert dog.fee.basis
    assert dog.fee.basis.cite() == "《样本区养犬管理办法》第8条"
    assert found["导盲犬备案"].fee.free
    assert [step.name for step in dog.steps] == ["申请", "领证"]
    assert dog.time_limit.statutory
    assert (dog.time_limit.statutory.amount, dog.time_limit.statutory.unit) == (5, "working_day")
    assert dog.places[0].address == "样本路1号"
    assert dog.faq[0].questions == ("狗跑丢了要注销登记吗",)


def test_what_is_no_longer_in_force_is_not_printed(book: Path):
    assert "信鸽饲养许可" not in items(book)


def test_the_book_opens_with_hall_and_contents(run: Run, handbook: Path, tmp_path: Path):
    out = tmp_path / "book.docx"
    assert run("handbook", "export", handbook, "--out", out).status == 0
    told = [(line.style.name, line.text) for line in docx.Document(str(out)).paragraphs if line.style]
    assert told[0] == ("Title", "样本区政务服务中心办事手册")
    assert ("toc 1", "经营发展（2个事项）") in told
    assert ("toc 2", "临时摊位许可（百货）") in told
    assert [text for name, text in told if name == "Heading 1"] == ["生活", "经营发展"]
    assert "Heading 2" in {name for name, text in told if text == "养犬登记"}


def test_what_no_source_confirms_is_marked(run: Run, handbook: Path, tmp_path: Path):
    file = handbook / "items/life/guide-dog.yaml"
    text = file.read_text("utf-8").replace("id-card, original: 1", "id-card, local: to_be_confirmed")
    text = text.replace('article: "20"}}\nplaces', 'article: "20"}, local: to_be_confirmed}\nplaces')
    file.write_text(text, "utf-8")
    out = tmp_path / "book.md"
    run("handbook", "export", handbook, "--out", out)
    guide = out.read_text("utf-8").partition("### 导盲犬备案")[2].partition("\n### ")[0]
    assert "#### 收费标准（以窗口公布为准）\n\n不收费" in guide
    assert "| 居民身份证 | 1 | 0 |  | 以窗口公布为准 |  |" in guide
    assert items(out)["导盲犬备案"].fee.free


def test_signs_of_markdown_in_a_text_stay_words(run: Run, handbook: Path, tmp_path: Path):
    file = handbook / "items/life/guide-dog.yaml"
    summary = "带*星号*、|竖线|、_下划线_和<b>标签</b>"
    file.write_text(file.read_text("utf-8").replace("summary: 视", f'summary: "{summary}视'), "utf-8")
    file.write_text(file.read_text("utf-8").replace("不收费。\n", '不收费。"\n', 1), "utf-8")
    out = tmp_path / "book.md"
    run("handbook", "export", handbook, "--out", out)
    read = items(out)["导盲犬备案"].summary
    assert read
    assert read.startswith("带*星号*、|竖线|、_下划线_和＜b>标签＜/b>视力残疾人")
