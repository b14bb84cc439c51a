"""An editor sees what is wrong with a handbook, at file and line, and nothing that is right."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

import pytest
import yaml

from knowledge.check import check_handbook, main
from knowledge.handbook import bundled_handbook

TODAY = date(2026, 11, 22)
BASIS = {"law": "居住证暂行条例", "article": "9"}

CATALOGUES = {
    "materials": {
        "materials": [
            {"id": "id-card", "name": "居民身份证", "aliases": ["身份证"], "kind": "certificate"},
            {"id": "photo", "name": "照片", "kind": "photo"},
            {"id": "lease", "name": "租赁合同", "kind": "contract"},
        ]
    },
    "places": {"places": [{"id": "station", "name": "派出所", "level": "town", "phone": "0519-85127000"}]},
    "laws": {
        "laws": [
            {"name": "居住证暂行条例", "version": date(2015, 11, 26), "effective_from": date(2016, 1, 1)},
            {"name": "旧条例", "version": date(2000, 1, 1), "expired_on": date(2020, 1, 1)},
            {"name": "老办法", "version": date(2000, 1, 1), "superseded_by": "居住证暂行条例"},
            {"name": "新条例", "version": date(2026, 10, 1), "effective_from": date(2027, 1, 1)},
        ]
    },
    "regions": {"regions": [{"code": "320411", "name": "新北区", "level": "district"}]},
}

PERMIT = {
    "id": "permit",
    "name": "居住证申领",
    "aliases": ["办居住证"],
    "not_this": [{"asks": ["居住证签注怎么办"], "item": "endorsement", "because": "已有居住证的办签注"}],
    "kind": "行政确认",
    "life_event": "生活",
    "department": "公安机关",
    "levels": ["town"],
    "summary": "居住半年以上的可以申领居住证",
    "conditions": [{"text": "居住半年以上", "basis": BASIS}],
    "situations": [
        {
            "id": "who",
            "ask": "谁来办？",
            "options": [{"value": "self", "label": "本人"}, {"value": "agent", "label": "代办", "says": ["帮别人"]}],
        },
        {
            "id": "kin",
            "ask": "是近亲属吗？",
            "options": [{"value": "near", "label": "是"}, {"value": "far", "label": "不是", "notice": "不能代办"}],
            "when": {"who": ["agent"]},
        },
    ],
    "materials": [
        {"material": "id-card", "basis": BASIS},
        {"material": "photo", "original": 2, "note": "两寸", "basis": BASIS},
        {"material": "lease", "required_when": {"who": ["agent"]}, "local": "to_be_confirmed"},
    ],
    "steps": [{"name": "申请", "text": "到派出所申请"}],
    "time_limit": {
        "statutory": {"amount": 15, "unit": "day", "basis": BASIS},
        "promised": {"amount": 10, "unit": "day", "local": "to_be_confirmed"},
    },
    "fee": {"free": False, "charges": [{"name": "工本费", "yuan": 20}], "basis": BASIS},
    "places": [{"place": "station"}],
    "online": {"available": False},
    "phones": [{"name": "热线", "number": "12345"}],
    "result": {"name": "居住证"},
    "proxy": {"allowed": "conditional", "text": "未满16周岁的可以代办", "basis": BASIS},
    "visits": {"count": 2},
    "legal_basis": [{**BASIS, "quote": "应当在十五日内制作发放"}],
    "faq": [
        {"questions": ["住多久能办"], "answer": "住满六个月就可以，未满十六岁的由监护人代办，照片要2寸的2张。"},
        {"questions": ["要等几天", "多少钱"], "answer": "15天内发证，工本费20块，跑两次，一次性告知，问12345。"},
    ],
    "cross_region": {"text": "在居住地办理"},
    "effective_from": date(2016, 1, 1),
    "verified": {"status": "verified", "checked_on": date(2026, 11, 1), "source": "条例全文"},
}
ENDORSEMENT = {
    "id": "endorsement",
    "name": "居住证签注",
    "aliases": ["居住证签注怎么办"],
    "materials": [{"material": "id-card"}],
}
BUNDLE = {
    "id": "newcomer",
    "name": "新市民一件事",
    "kind": "一件事",
    "bundle": {"members": ["permit", "endorsement"], "lead": "公安机关"},
}


def _write(folder, items, catalogues=CATALOGUES):
    (folder / "items").mkdir()
    for stem, data in catalogues.items():
        (folder / f"{stem}.yaml").write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
    for item in items:
        text = yaml.safe_dump(item, allow_unicode=True, sort_keys=False)
        (folder / "items" / f"{item['id']}.yaml").write_text(text, "utf-8")
    return folder


def _with(item, path, value):
    """`item` with `value` at a path such as fee.charges.0.yuan; a path that ends in + appends."""
    changed = deepcopy(item)
    *way, last = path.split(".")
    inner = changed
    for key in way:
        inner = inner[int(key) if key.isdigit() else key]
    if last == "+":
        inner.append(value)
    else:
        inner[int(last) if last.isdigit() else last] = value
    return changed


def test_a_sound_handbook_has_no_problems(tmp_path):
    assert check_handbook(_write(tmp_path, [PERMIT, ENDORSEMENT, BUNDLE]), TODAY) == ()


WRONG = [
    ("materials.0.material", "id-cart", "materials[0].material", "not in materials.yaml"),
    ("materials.0", {"name": "身份证"}, "materials[0]", "no entry in materials.yaml"),
    ("places.0.place", "nowhere", "places[0].place", "not in places.yaml"),
    ("conditions.0.basis", {"law": "居住证条例"}, "conditions[0].basis.law", "not in laws.yaml"),
    ("region", "999999", "region", "not in regions.yaml"),
    ("not_this.0.item", "endorsment", "not_this[0].item", "no item of this handbook"),
    ("not_this.0.item", "permit", "not_this[0].item", "this item itself"),
    ("not_this.0.asks", ["办居住证"], "not_this[0].asks[0]", "of this item itself"),
    ("not_this.0.asks", ["新市民一件事"], "not_this[0].asks[0]", "wording of newcomer"),
    ("bundle", {"members": ["endorsement", "newcomer"], "lead": "公安"}, "bundle.members[1]", "a bundle itself"),
    ("kind", "一件事", "kind", "has a `bundle`"),
    ("materials.2.required_when", {"whom": ["agent"]}, "materials[2].required_when.whom", "no situation"),
    ("materials.2.required_when", {"who": ["friend"]}, "materials[2].required_when.who", "no option"),
    ("situations.1.id", "who", "situations[0].id", "id of two situations"),
    ("situations.0.options.1.says", ["本人"], "situations[0].options[1].says", "means both self and agent"),
    ("situations.1.when", {"who": ["self"], "kin": ["near"]}, "situations[1]", "never asked"),
    (
        "situations.+",
        {"id": "colour", "ask": "颜色？", "options": [{"value": "a", "label": "甲"}, {"value": "b", "label": "乙"}]},
        "situations[2]",
        "changes the checklist",
    ),
    (
        "materials.2.required_when",
        {"who": ["self"], "kin": ["near"]},
        "materials[2].required_when",
        "can never hold",
    ),
    ("materials.+", {"material": "id-card", "required_when": {"who": ["agent"]}}, "materials[3]", "asked already"),
    ("materials.+", {"material": "id-card", "one_of": "身份证件"}, "materials[3]", "asked already"),
    ("materials.2.one_of", "住址证明", "materials[2].one_of", "no other line to choose"),
    ("materials.2.original", 0, "materials[2]", "no original and no copy"),
    ("materials.2.local", None, "materials[2]", "though the item is verified"),
    ("legal_basis.0", {"law": "旧条例"}, "legal_basis[0].law", "expired on 2020-01-01"),
    ("legal_basis.0", {"law": "老办法"}, "legal_basis[0].law", "superseded by 居住证暂行条例"),
    ("legal_basis.0", {"law": "新条例"}, "legal_basis[0].law", "not in force before 2027-01-01"),
    ("effective_to", date(2015, 1, 1), "effective_to", "before effective_from"),
    ("fee.free", True, "fee.charges[0].yuan", "yet the item is free"),
    ("fee", {"free": False}, "fee", "no charge is given"),
    ("fee.basis", None, "fee", "neither `basis` nor `local`"),
    ("fee.charges.+", {"name": "邮寄费"}, "fee.charges[1]", "neither `yuan` nor a `note`"),
    ("time_limit.promised.amount", 20, "time_limit.promised", "yet the law gives 15 day"),
    ("time_limit.promised.unit", None, "time_limit.promised", "belong together"),
    ("time_limit.promised.local", None, "time_limit.promised", "neither `basis` nor `local`"),
    ("places.0", {"name": "大厅", "address": "某路1号"}, "places[0]", "no `local`"),
    ("conditions.0.basis", None, "conditions[0]", "states 半年"),
    ("phones.0.number", "0519-11111111", "phones[0].number", "no national hotline"),
    ("steps", [], "verified", "steps is missing"),
    ("faq.0.answer", "住满三个月就可以。", "faq[0].answer", "三个月 stands in no other field"),
    ("faq.1.answer", "工本费三十元。", "faq[1].answer", "三十元 stands in no other field"),
    ("faq.1.answer", "15个工作日发证。", "faq[1].answer", "15个工作日 stands in no other field"),
    ("faq.1.answer", "打96777问。", "faq[1].answer", "96777 stands in no other field"),
    ("faq.1.answer", "2018年起办理。", "faq[1].answer", "2018年 stands in no other field"),
    ("faq.0.answer", "照片要一寸的。", "faq[0].answer", "一寸 stands in no other field"),
    ("aliases", ["办居住证", "办 居住证"], "aliases[1]", "stands here twice"),
    ("faq.1.questions", ["住多久能办？"], "faq[1].questions[0]", "asked twice"),
    ("aliases", ["居住证签注"], "aliases[0]", "a wording of endorsement too"),
    ("name", "", "name", "at least 1 character"),
]


@pytest.mark.parametrize(("path", "value", "field", "words"), WRONG)
def test_an_editor_is_told_what_is_wrong_and_where(tmp_path, path, value, field, words):
    folder = _write(tmp_path, [ENDORSEMENT, _with(PERMIT, path, value), BUNDLE])
    found = check_handbook(folder, TODAY)
    assert any(words in problem.message for problem in found), [str(problem) for problem in found]
    problem = next(problem for problem in found if words in problem.message)
    lines = (folder / problem.file).read_text("utf-8").splitlines()
    assert 1 <= problem.line <= len(lines)


FIELDS = [case for case in WRONG if "wording of endorsement" not in case[3] and case[0] != "name"]


@pytest.mark.parametrize(("path", "value", "field", "words"), FIELDS)
def test_the_field_at_fault_is_named(tmp_path, path, value, field, words):
    found = check_handbook(_write(tmp_path, [ENDORSEMENT, _with(PERMIT, path, value), BUNDLE]), TODAY)
    assert field in [problem.field for problem in found if words in problem.message]


def test_a_problem_names_the_line_of_the_file(tmp_path):
    (tmp_path / "items").mkdir()
    (tmp_path / "items" / "a.yaml").write_text(
        "id: a\nname: 甲\n\neffective_from: 2020-01-01\neffective_to: 2019-01-01\n"
    )
    assert [str(problem) for problem in check_handbook(tmp_path, TODAY)] == [
        "items/a.yaml:5: effective_to: 2019-01-01 is before effective_from 2020-01-01"
    ]


def test_a_law_that_ended_is_fine_for_an_item_that_ended(tmp_path):
    item = _with(_with(PERMIT, "effective_to", date(2019, 1, 1)), "legal_basis.0", {**BASIS, "law": "旧条例"})
    found = check_handbook(_write(tmp_path, [item, ENDORSEMENT]), TODAY)
    assert not [problem for problem in found if "expired" in problem.message]


def test_a_superseded_law_holds_until_its_successor_begins(tmp_path):
    catalogues = deepcopy(CATALOGUES)
    catalogues["laws"]["laws"][2]["superseded_by"] = "新条例"
    folder = _write(tmp_path, [_with(PERMIT, "legal_basis.+", {"law": "老办法"}), ENDORSEMENT, BUNDLE], catalogues)
    assert check_handbook(folder, TODAY) == ()
    assert [problem.field for problem in check_handbook(folder, date(2027, 1, 1))] == ["legal_basis[1].law"]


def test_one_material_under_two_names_is_found_in_its_catalogue(tmp_path):
    catalogues = deepcopy(CATALOGUES)
    catalogues["materials"]["materials"].append(
        {"id": "card", "name": "身份证件", "aliases": ["身份证"], "kind": "other"}
    )
    (problem,) = check_handbook(_write(tmp_path, [PERMIT, ENDORSEMENT, BUNDLE], catalogues), TODAY)
    assert (problem.file, problem.field) == ("materials.yaml", "materials[3]")
    assert "身份证 means id-card too" in problem.message


WRONG_CATALOGUES = [
    ("regions", {"code": "town", "name": "孟河镇", "level": "town", "parent": "32"}, "regions[1]", "parent 32 is not"),
    ("regions", {"code": "town", "name": "孟河镇", "level": "town", "parent": "town"}, "regions[1]", "lies in itself"),
    ("places", {"id": "hall", "name": "大厅", "level": "town", "region": "32"}, "places[1]", "region 32 is not"),
    (
        "places",
        {"id": "hall", "name": "大厅", "level": "town", "aliases": ["派出所"]},
        "places[1]",
        "means station too",
    ),
]


@pytest.mark.parametrize(("stem", "entry", "field", "words"), WRONG_CATALOGUES)
def test_a_catalogue_entry_that_leads_nowhere_is_found(tmp_path, stem, entry, field, words):
    catalogues = deepcopy(CATALOGUES)
    catalogues[stem][stem].append(entry)
    (problem,) = check_handbook(_write(tmp_path, [PERMIT, ENDORSEMENT, BUNDLE], catalogues), TODAY)
    assert (problem.file, problem.field) == (f"{stem}.yaml", field)
    assert words in problem.message


def test_items_of_two_regions_may_share_their_wordings(tmp_path):
    catalogues = deepcopy(CATALOGUES)
    catalogues["regions"]["regions"].append({"code": "town", "name": "孟河镇", "level": "town"})
    local = {"id": "endorsement-town", "name": "居住证签注", "region": "town", "materials": [{"material": "id-card"}]}
    assert check_handbook(_write(tmp_path, [PERMIT, ENDORSEMENT, BUNDLE, local], catalogues), TODAY) == ()


def test_an_imported_handbook_without_catalogues_may_name_its_materials(tmp_path):
    item = {"id": "a", "name": "甲", "materials": [{"name": "申请表"}], "legal_basis": [{"law": "某条例"}]}
    assert check_handbook(_write(tmp_path, [item], {}), TODAY) == ()


def test_a_broken_item_is_reported_once(tmp_path):
    folder = _write(tmp_path, [PERMIT, ENDORSEMENT, BUNDLE])
    (folder / "items" / "endorsement.yaml").write_text("id: endorsement\nnome: 居住证签注\n", "utf-8")
    assert {problem.file for problem in check_handbook(folder, TODAY)} == {"items/endorsement.yaml"}


def test_a_folder_without_items_is_no_handbook(tmp_path):
    assert "no handbook" in check_handbook(tmp_path, TODAY)[0].message


def test_the_command_prints_each_problem_and_fails(tmp_path, capsys):
    folder = _write(tmp_path, [_with(PERMIT, "region", "999999"), ENDORSEMENT, BUNDLE])
    assert main([str(folder)]) == 1
    assert "region: 999999 is not in regions.yaml" in capsys.readouterr().out


def test_the_bundled_handbook_is_sound():
    assert [str(problem) for problem in check_handbook(bundled_handbook(), TODAY)] == []
