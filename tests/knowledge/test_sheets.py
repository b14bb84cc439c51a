"""The sheets of a handbook: every field of the models has a column with a title, and nothing is lost on the way."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from knowledge.catalogue import CatalogueMaterial
from knowledge.handbook import bundled_handbook, load_handbook
from knowledge.handbook_diff import diff
from knowledge.item import (
    Bundle,
    Charge,
    Fee,
    ItemMaterial,
    ItemPlace,
    MemberCase,
    Option,
    ServiceItem,
    Situation,
    TimeLimit,
    TimeLimits,
    Verified,
)
from knowledge.sheets.cells import WrongCell, from_cell
from knowledge.sheets.columns import Column, Shape, Sheet, sheets
from knowledge.sheets.entries import to_content
from knowledge.sheets.rows import Content, Unwritable, content_of, to_rows
from knowledge.sheets.titles import column_title, option_title, sheet_title, words
from knowledge.sheets.xlsx import from_xlsx, to_xlsx

SMALL = Path(__file__).parent.parent / "handbook"


def there_and_back(content: Content, folder: Path) -> Content:
    path = folder / "book.xlsx"
    path.write_bytes(to_xlsx(to_rows(content)))
    workbook = from_xlsx(path)
    assert workbook.notes == []
    found, problems = to_content(workbook.tables)
    assert problems == []
    return found


def only(*items: ServiceItem) -> Content:
    rest = {sheet.root: {} for sheet in sheets() if not sheet.parent}
    return Content({**rest, "items": {item.id: item for item in items}})


@pytest.mark.parametrize("folder", [SMALL, bundled_handbook()], ids=["small", "bundled"])
def test_a_handbook_comes_back_from_its_workbook_unchanged(folder: Path, tmp_path: Path):
    handbook = load_handbook(folder)
    before = content_of(handbook)
    after = there_and_back(before, tmp_path)
    assert list(diff(before, after).lines()) == []
    assert after.roots == before.roots
    assert {key: list(after.roots[key]) for key in after.roots} == {
        key: list(before.roots[key]) for key in before.roots
    }
    assert after.items == handbook.items


def test_values_that_a_cell_could_confuse_come_back(tmp_path: Path):
    odd = ServiceItem(
        id="odd",
        name="=1+1",
        code="000123",
        aliases=("+86", "@a", "-1", "两行\n在一个词里", "反斜杠\\n不是换行", "#N/A", "_x0041_", "TRUE", "2024-01-01"),
        foreign_aliases={"en": ("a|b", "c: d"), "de": ("e",)},
        translations={"en": "time: 1|2"},
        audience=(),
        summary="第一行\n  第二行",
        fee=Fee(
            free=False,
            charges=(Charge(name="登记费", yuan=0.5, unit=""), Charge(name="另收", yuan=None, when={"a": ("b", "c")})),
        ),
        materials=(ItemMaterial(original=1, copies=0), ItemMaterial(name="x", original=0, copies=0)),
        places=(ItemPlace(),),
        time_limit=TimeLimits(statutory=TimeLimit(amount=None), promised=TimeLimit(amount=0, unit="day")),
        situations=(
            Situation(id="s", ask="问", options=(Option(value="no", label="否"), Option(value="1e5", label="1e5"))),
        ),
        bundle=Bundle(members=("a", "b"), lead="部门", cases={"b": MemberCase(), "a": MemberCase(given={"x": "yes"})}),
        effective_from=date(1900, 1, 1),
        verified=Verified(status="to_be_confirmed", checked_on=date(2026, 2, 28)),
    )
    back = there_and_back(only(odd), tmp_path).items["odd"]
    assert back == odd
    assert odd.bundle
    assert back.bundle
    assert list(back.bundle.cases) == ["b", "a"]


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(to_xlsx(to_rows(only(ServiceItem(id="a", name='=HYPERLINK("http://x")', summary="@cmd")))))
    page = openpyxl.load_workbook(path)["事项"]
    assert [cell.data_type for cell in page[2] if cell.value] == ["s"] * 3
    assert page["B2"].value == '=HYPERLINK("http://x")'
    assert page["B2"].number_format == "@"


def test_what_equals_the_default_is_blank(tmp_path: Path):
    path = tmp_path / "book.xlsx"
    item = ServiceItem(
        id="a", name="甲", audience=("person",), materials=(ItemMaterial(name="证件", original=1, copies=0),)
    )
    path.write_bytes(to_xlsx(to_rows(only(item))))
    book = openpyxl.load_workbook(path)
    head = [cell.value for cell in book["材料"][1]]
    row = dict(zip(head, [cell.value for cell in book["材料"][2]], strict=True))
    assert {title: value for title, value in row.items() if value is not None} == {
        "事项编号": "a", "事项名称": "甲", "序号": 1, "材料名称": "证件",
    }  # fmt: skip
    assert book["材料"].freeze_panes == "D2"
    assert book["材料"].auto_filter.ref == "A1:P2"


def test_a_text_too_long_for_a_cell_is_told_with_its_item():
    with pytest.raises(Unwritable, match="items a: its text has 40000 characters"):
        to_rows(only(ServiceItem(id="a", name="甲", summary="长" * 40_000)))


def test_two_situations_of_one_id_are_told():
    asked = Situation(id="s", ask="问", options=(Option(value="x", label="一"), Option(value="y", label="二")))
    with pytest.raises(Unwritable, match="items a: s stands in 情形 twice"):
        to_rows(only(ServiceItem(id="a", name="甲", situations=(asked, asked))))


@pytest.mark.parametrize("sheet", sheets(), ids=lambda sheet: sheet.name)
def test_every_column_has_a_title_of_its_own_in_chinese(sheet: Sheet):
    assert sheet.name in words()["sheets"]
    titles = [column_title(sheet, column) for column in sheet.all_columns]
    assert len(set(titles)) == len(titles)
    for column in sheet.all_columns:
        known = {*words()["fields"], *words()["paths"].get(sheet.name, {})}
        assert ".".join(column.path) in known or set(column.path) <= known, column.path
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in title) for title in titles)


def test_titles_of_sheets_and_options_are_told_apart():
    titles = [sheet_title(sheet) for sheet in sheets()]
    assert len(set(titles)) == len(titles)
    assert all(len(title) <= 31 for title in titles)
    for column in [column for sheet in sheets() for column in sheet.columns]:
        assert len({option_title(option) for option in column.options}) == len(column.options)


@pytest.mark.parametrize(
    ("shape", "cell", "value"),
    [
        ("whole", 12.0, 12),
        ("whole", "１２", 12),
        ("whole", "3.0", 3),
        ("number", "1,200.50", 1200.5),
        ("text", 12.0, "12"),
        ("text", "１２", "１２"),
        ("text", datetime(2024, 1, 2), "2024-01-02"),  # noqa: DTZ001
        ("text", " a \r\n b  ", "a \n b"),
        ("date", datetime(2024, 1, 2), date(2024, 1, 2)),  # noqa: DTZ001
        ("date", "2024年1月2日", date(2024, 1, 2)),
        ("date", "2024/1/2", date(2024, 1, 2)),
        ("date", "2024-01-02 00:00:00", date(2024, 1, 2)),
        ("yes_no", "是", True),
        ("yes_no", False, False),
        ("texts", "a \n\n b", ("a", "b")),
        ("map", "en：Name", {"en": "Name"}),
        ("map_of_texts", "home: own｜rent", {"home": ("own", "rent")}),
        ("map_of_texts", "home: own", {"home": ("own",)}),
    ],
)
def test_what_office_programs_make_of_a_value_is_understood(shape: Shape, cell: Any, value: Any):
    found = from_cell(Column(("x",), shape), cell)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("shape", "cell", "message"),
    [
        ("whole", "两份", "expected a whole number, found “两份”"),
        ("whole", 1.5, "expected a whole number, found “1.5”"),
        ("number", "免费", "expected a number, found “免费”"),
        ("number", True, "expected a number, found “TRUE”"),
        ("number", "nan", "expected a number, found “nan”"),
        ("date", "2024-02-30", "expected a date such as 2026-01-31, found “2024-02-30”"),
        ("date", 45000, "expected a date such as 2026-01-31, found “45000”"),
        ("yes_no", "也许", "expected 是 or 否, found “也许”"),
        ("map", "en", "expected lines of the form name: value, found “en”"),
        ("map", "en: a\nen: b", "expected each name once, found “en” twice"),
    ],
)
def test_what_a_cell_cannot_mean_is_told(shape: Shape, cell: Any, message: str):
    with pytest.raises(WrongCell) as told:
        from_cell(Column(("x",), shape), cell)
    assert str(told.value) == message


def test_options_are_read_by_title_and_by_name():
    column = next(
        one for sheet in sheets() if sheet.name == "materials" for one in sheet.columns if one.path == ("kind",)
    )
    assert from_cell(column, "证件") == from_cell(column, "Certificate") == "certificate"
    assert CatalogueMaterial.model_fields["kind"].is_required()
    with pytest.raises(WrongCell, match=r"expected one of 证件, 表格, .*, found “护照”"):
        from_cell(column, "护照")
