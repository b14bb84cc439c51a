"""What the checks say of bundles, project lists and the cross-region matrix."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.check import check_handbook

TODAY = date(2026, 11, 20)
CATALOGUES: dict[str, list[dict[str, Any]]] = {
    "materials": [
        {"id": "id-card", "name": "身份证", "kind": "certificate"},
        {"id": "form", "name": "申请表", "kind": "form"},
        {"id": "licence", "name": "执照", "kind": "certificate"},
    ],
    "laws": [{"name": "某条例", "version": date(2020, 1, 1)}],
    "partners": [{"id": "south", "name": "南市样本区", "aliases": ["南市样本"]}],
    "crossregion": [{"item": "shop", "modes": ["跨省通办"], "partners": ["south"], "basis": {"law": "某条例"}}],
}
SHOP = {
    "id": "shop",
    "name": "开店登记",
    "situations": [
        {
            "id": "who",
            "ask": "谁办？",
            "options": [{"value": "self", "label": "我"}, {"value": "agent", "label": "代办"}],
        }
    ],
    "materials": [{"material": "id-card", "required_when": {"who": ["agent"]}}],
    "fee": {"free": True, "local": "to_be_confirmed"},
    "cross_region": {"text": "可以网上办"},
}
PERMIT = {
    "id": "permit",
    "name": "卖货许可",
    "materials": [{"material": "licence"}],
    "fee": {"free": False, "charges": [{"name": "工本费", "yuan": 5}], "local": "to_be_confirmed"},
}
BUNDLE = {
    "id": "both",
    "name": "开店一件事",
    "kind": "一件事",
    "materials": [{"material": "form"}],
    "fee": {"free": True, "text": "许可另收工本费", "local": "to_be_confirmed"},
    "bundle": {
        "members": ["shop", "permit"],
        "lead": "登记机关",
        "cases": {"shop": {"given": {"who": "self"}, "gives": ["licence"]}},
    },
}
PROJECT = {
    "id": "project",
    "name": "项目清单",
    "project": {"lines": [{"name": "产业", "members": ["shop", "permit"]}]},
}


def problems(folder: Path, items: dict[str, Any], catalogues: dict[str, Any]) -> list[str]:
    (folder / "items").mkdir()
    for stem, rows in catalogues.items():
        (folder / f"{stem}.yaml").write_text(yaml.safe_dump({stem: rows}, allow_unicode=True), "utf-8")
    for item in items.values():
        (folder / "items" / f"{item['id']}.yaml").write_text(yaml.safe_dump(item, allow_unicode=True), "utf-8")
    return [str(problem) for problem in check_handbook(folder, TODAY)]


def handbook() -> dict[str, Any]:
    return deepcopy({item["id"]: item for item in (SHOP, PERMIT, BUNDLE, PROJECT)})


def test_a_sound_bundle_has_no_problems(tmp_path: Path):
    assert problems(tmp_path, handbook(), CATALOGUES) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cases": {"stranger": {}}}, "stranger is no member of the bundle"),
        ({"cases": {"shop": {"given": {"who": "friend"}}}}, "shop knows no answer who: friend"),
        ({"cases": {"shop": {"given": {"colour": "red"}}}}, "shop knows no answer colour: red"),
        ({"cases": {"shop": {"gives": ["licnce"]}}}, "licnce is not in materials.yaml"),
        ({"cases": {"shop": {"when": {"size": ["big"]}}}}, "size is no situation of this item"),
        ({"members": ["shop", "nobody"]}, "nobody is no item of this handbook"),
    ],
)
def test_what_is_wrong_with_a_bundle_is_named(tmp_path: Path, change: dict[str, Any], message: str):
    items = handbook()
    items["both"]["bundle"] |= change
    found = problems(tmp_path, items, CATALOGUES)
    assert any(message in one and one.startswith("items/both.yaml") for one in found), found


def test_a_bundle_is_not_free_while_a_member_charges(tmp_path: Path):
    items = handbook()
    del items["both"]["fee"]["text"]
    assert any("free, yet permit charges" in one for one in problems(tmp_path, items, CATALOGUES))


def test_the_line_of_a_project_names_known_items(tmp_path: Path):
    items = handbook()
    items["project"]["project"]["lines"][0]["members"] = ["shop", "nobody"]
    found = problems(tmp_path, items, CATALOGUES)
    assert any("project.lines[0].members[1]: nobody is no item" in one for one in found), found


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"item": "nobody"}, "nobody is no item of this handbook"),
        ({"item": "permit"}, "permit has no `cross_region` of its own"),
        ({"partners": ["north"]}, "north is not in partners.yaml"),
        ({"basis": {"law": "没有的法"}}, "没有的法 is not in laws.yaml"),
    ],
)
def test_what_is_wrong_with_the_matrix_is_named(tmp_path: Path, entry: dict[str, Any], message: str):
    row = CATALOGUES["crossregion"][0] | entry
    found = problems(tmp_path, handbook(), CATALOGUES | {"crossregion": [row]})
    assert any(message in one and one.startswith("crossregion.yaml") for one in found), found
