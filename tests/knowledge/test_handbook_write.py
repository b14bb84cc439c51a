"""Writing a changed handbook: the lines that changed, and no others; all files or none."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from knowledge.catalogue import CatalogueMaterial
from knowledge.handbook import load_handbook
from knowledge.handbook_diff import diff
from knowledge.handbook_write import planned_files, write_files
from knowledge.item import Basis, Condition, Faq, ItemMaterial, Online, Part, Result, ServiceItem, TimeLimit, TimeLimits
from knowledge.sheets.rows import Content, content_of

ITEM = """\
# Written by hand.
id: ferry
name: 摆渡  # as people say
aliases: [过河, 渡船]
kind: 行政许可
summary: "第一行：有冒号"

conditions:
  # The first is asked for most.
  - text: 会游泳
    basis: {law: 渡口办法, article: "1"}  # since 2020
  - text: 年满18岁
    local: confirmed
materials:
  - {name: 船票, copies: 0, original: 1}
  - name: 照片
    original: 2
    # two of them
    note: 彩色
time_limit:
  statutory:
    amount: 5
    unit: day
  # none promised
fee: {free: true}
result: {name: 渡船证}
# The end.
"""
CATALOGUE = """\
# All of them.
materials:
  # --- papers ---
  - {id: a, name: 甲, kind: form}  # first
  - id: b
    name: 乙
    kind: photo
  # --- the rest ---

  - {id: c, name: 丙, kind: other, electronic: false}
# The end.
"""

Change = Callable[[ServiceItem], ServiceItem]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "items/water").mkdir(parents=True)
    (tmp_path / "items/water/ferry.yaml").write_text(ITEM, "utf-8")
    (tmp_path / "materials.yaml").write_text(CATALOGUE, "utf-8")
    return tmp_path


def set_to(part: Any, **fields: Any) -> Any:
    assert isinstance(part, Part)
    return type(part).model_validate(part.model_dump() | fields)


def written(folder: Path, root: str, entries: dict[str, Any]) -> dict[str, str | bytes | None]:
    """Write `entries` as the whole of `root`, and see that they read as they were given."""
    handbook = load_handbook(folder)
    assert handbook.problems == ()
    new = Content({**content_of(handbook).roots, root: entries})
    files = planned_files(handbook, new)
    write_files(files, folder)
    again = load_handbook(folder)
    assert again.problems == ()
    assert not diff(content_of(again), new)
    return files


ITEM_CHANGES: list[tuple[Change, list[tuple[str, str]]]] = [
    (lambda item: set_to(item, name="渡河"), [("name: 摆渡  #", "name: 渡河  #")]),
    (lambda item: set_to(item, aliases=("过河", "yes", "1")), [("[过河, 渡船]", '[过河, "yes", "1"]')]),
    (lambda item: set_to(item, kind=None), [("kind: 行政许可\n", "")]),
    (lambda item: set_to(item, quota="每天100人"), [("materials:\n", "quota: 每天100人\nmaterials:\n")]),
    (lambda item: set_to(item, summary="两\n行"), [('"第一行：有冒号"', '"两\\n行"')]),
    (
        lambda item: set_to(item, conditions=(item.conditions[0], Condition(text="有船"), item.conditions[1])),
        [("  - text: 年满18岁", "  - text: 有船\n  - text: 年满18岁")],
    ),
    (lambda item: set_to(item, conditions=item.conditions[:1]), [("  - text: 年满18岁\n    local: confirmed\n", "")]),
    (
        lambda item: set_to(
            item,
            conditions=(set_to(item.conditions[0], basis=Basis(law="渡口办法", article="2")), item.conditions[1]),
        ),
        [('article: "1"}  # since', 'article: "2"}  # since')],
    ),
    (
        lambda item: set_to(item, materials=(set_to(item.materials[0], original=3), item.materials[1])),
        [("copies: 0, original: 1}", "copies: 0, original: 3}")],
    ),
    (
        lambda item: set_to(item, materials=(*item.materials, ItemMaterial(material="id-card", original=1, copies=0))),
        [("    note: 彩色\n", "    note: 彩色\n  - {material: id-card, original: 1}\n")],
    ),
    (
        lambda item: set_to(
            item, materials=(item.materials[0], set_to(item.materials[1], name=None, material="photo"))
        ),
        [("  - name: 照片\n    original: 2\n", "  - material: photo\n    original: 2\n")],
    ),
    (lambda item: set_to(item, materials=()), [(ITEM[ITEM.index("materials:") : ITEM.index("time_limit:")], "")]),
    (
        lambda item: set_to(item, time_limit=TimeLimits(statutory=TimeLimit(amount=7, unit="day"))),
        [("amount: 5", "amount: 7")],
    ),
    (
        lambda item: set_to(item, online=Online(available=True, url="https://example.org")),
        [("result: ", 'online: {available: true, url: "https://example.org"}\nresult: ')],
    ),
    (
        lambda item: set_to(item, result=Result(name="渡船证", validity="1年")),
        [("{name: 渡船证}", "{name: 渡船证, validity: 1年}")],
    ),
    (
        lambda item: set_to(item, faq=(Faq(questions=("夜里开吗",), answer="不开。", facets=("place",)),)),
        [("渡船证}\n", "渡船证}\nfaq:\n  - questions: [夜里开吗]\n    answer: 不开。\n    facets: [place]\n")],
    ),
]


@pytest.mark.parametrize(("change", "edits"), ITEM_CHANGES)
def test_only_what_changed_in_an_item_is_written(folder: Path, change: Change, edits: list[tuple[str, str]]):
    item = load_handbook(folder).items["ferry"]
    expected = ITEM
    for old, new in edits:
        assert expected.count(old) == 1
        expected = expected.replace(old, new)
    assert list(written(folder, "items", {"ferry": change(item)})) == ["items/water/ferry.yaml"]
    assert (folder / "items/water/ferry.yaml").read_text("utf-8") == expected


def material(key: str, **fields: Any) -> CatalogueMaterial:
    return CatalogueMaterial.model_validate({"id": key, "name": f"新{key}", "kind": "form", **fields})


def test_only_entries_that_changed_in_a_catalogue_are_written(folder: Path):
    old = load_handbook(folder).materials
    entries = {
        "a": set_to(old["a"], issuer="渡口"),
        "b": set_to(old["b"], kind="proof"),
        "d": material("d", aliases=("丁",)),
    }
    assert list(written(folder, "materials", entries)) == ["materials.yaml"]
    assert (folder / "materials.yaml").read_text("utf-8") == (
        CATALOGUE.replace("name: 甲, kind: form}", "name: 甲, kind: form, issuer: 渡口}")
        .replace("kind: photo", "kind: proof")
        .replace(
            "  - {id: c, name: 丙, kind: other, electronic: false}\n",
            "  - {id: d, name: 新d, aliases: [丁], kind: form}\n",
        )
    )


def test_a_catalogue_can_be_emptied_and_filled_again(folder: Path):
    written(folder, "materials", {})
    assert (folder / "materials.yaml").read_text("utf-8") == "# All of them.\nmaterials: []\n# The end.\n"
    written(folder, "materials", {"a": material("a")})
    assert "materials:\n  - {id: a, name: 新a, kind: form}\n# The end.\n" in (folder / "materials.yaml").read_text(
        "utf-8"
    )


def test_a_catalogue_that_was_not_there_gets_its_file(folder: Path):
    (folder / "materials.yaml").unlink()
    assert written(folder, "materials", {"a": material("a")}) == {
        "materials.yaml": "materials:\n  - {id: a, name: 新a, kind: form}\n"
    }


def test_a_catalogue_on_one_line_is_written_anew(folder: Path):
    (folder / "materials.yaml").write_text("materials: [{id: a, name: 甲, kind: form}]  # all", "utf-8")
    written(folder, "materials", {"a": material("a"), "b": material("b")})
    assert (folder / "materials.yaml").read_text("utf-8").splitlines()[1] == "  - {id: a, name: 新a, kind: form}"


@pytest.mark.parametrize(
    "text",
    [
        "{id: ferry, name: 摆渡, fee: {free: true}}\n",
        "id: ferry\nname: 摆渡\nconditions: &same\n  - text: 会游泳\nfaq:\n  - questions: [a]\n    answer: b\n",
        "---\nid: ferry\n? name\n: 摆渡\nsummary: |\n  两\n  行\n...\n",
        "id: ferry\nname: >-\n  摆渡\n\n\nfee:\n    free: true",
    ],
)
def test_a_layout_of_ones_own_is_changed_safely(folder: Path, text: str):
    (folder / "items/water/ferry.yaml").write_text(text, "utf-8")
    item = load_handbook(folder).items["ferry"]
    new = set_to(
        item, name="渡河", summary="短", conditions=(Condition(text="有船"), *item.conditions), fee={"free": False}
    )
    written(folder, "items", {"ferry": new})


def test_a_new_item_does_not_take_the_file_of_another(folder: Path):
    other = ITEM.replace("id: ferry", "id: boat").replace("name: 摆渡", "name: 船")
    (folder / "items/water/raft.yaml").write_text(other, "utf-8")
    items = load_handbook(folder).items
    event = {
        **items,
        "raft": ServiceItem(id="raft", name="木筏"),
        "tide": ServiceItem(id="tide", name="潮", life_event="生活"),
    }
    assert list(written(folder, "items", event)) == ["items/raft.yaml", "items/tide.yaml"]
    (folder / "items/water/wave.yaml").write_text("id: other\nname: 浪\nlife_event: 生活\n", "utf-8")
    event = {**load_handbook(folder).items, "wave": ServiceItem(id="wave", name="波", life_event="生活")}
    (folder / "items/tide.yaml").rename(folder / "items/water/tide.yaml")
    assert list(written(folder, "items", event)) == ["items/water/wave-2.yaml"]


def test_what_was_there_is_put_back_when_a_file_cannot_be_removed(folder: Path):
    before = (folder / "materials.yaml").read_bytes()
    (folder / "items/held").mkdir()
    with pytest.raises(OSError, match="held"):
        write_files({"materials.yaml": "materials: []\n", "new.yaml": "a: b\n", "items/held": None}, folder)
    assert (folder / "materials.yaml").read_bytes() == before
    assert not (folder / "new.yaml").exists()
