"""What the difference of two handbooks tells a clerk."""

from typing import Any

from knowledge.handbook import CATALOGUES
from knowledge.handbook_diff import diff
from knowledge.item import Charge, Fee, ServiceItem, Step, Verified
from knowledge.sheets.rows import Content


def content(*items: ServiceItem) -> Content:
    return Content({"items": {item.id: item for item in items}, **{stem: {} for stem in CATALOGUES}})


def item(**fields: Any) -> ServiceItem:
    return ServiceItem.model_validate({"id": "a", "name": "甲", **fields})


def told(before: ServiceItem, after: ServiceItem) -> list[str]:
    return list(diff(content(before), content(after)).lines())


def test_fields_are_told_by_path_with_old_and_new():
    before = item(fee=Fee(free=False, charges=(Charge(name="登记费", yuan=30), Charge(name="证费", yuan=0.5))))
    after = item(
        fee=Fee(free=False, charges=(Charge(name="登记费", yuan=30), Charge(name="证费", yuan=1))), kind="公共服务"
    )
    assert told(before, after) == [
        "~ a fee.charges[1].yuan: 0.5 → 1",
        "~ a kind: (none) → 公共服务",
    ]


def test_a_part_put_in_between_is_not_taken_for_a_change_of_all_below():
    steps = [Step(name=name, text=name) for name in ("一", "二", "三", "四")]
    assert told(item(steps=steps), item(steps=[steps[0], Step(name="新", text="新"), *steps[1:]])) == [
        '~ a steps[1]: (none) → {"name": "新", "text": "新"}'
    ]
    assert told(item(steps=steps), item(steps=[*steps[:2], steps[3]])) == [
        '~ a steps[2]: {"name": "三", "text": "三"} → (none)'
    ]


def test_of_long_texts_the_place_where_they_part_is_shown():
    before, after = "同" * 300 + "旧" + "尾" * 100, "同" * 300 + "新" + "尾" * 100
    (line,) = told(item(summary=before), item(summary=after))
    same, tail = "同" * 20, "尾" * 59
    assert line == f"~ a summary: …{same}旧{tail}… → …{same}新{tail}…"


def test_entries_are_told_with_their_names_and_counted():
    found = diff(content(item()), content(ServiceItem(id="b", name="乙"), ServiceItem(id="c", name="丙")))
    assert list(found.lines()) == ["+ b 乙", "+ c 丙", "- a 甲"]
    assert found.counts() == "2 added, 1 removed, 0 fields of 0 entries changed"


def test_what_only_repeats_a_default_is_no_difference():
    assert not diff(content(item()), content(item(audience=("person",), verified=Verified(status="to_be_confirmed"))))
