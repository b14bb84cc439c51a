"""Facts expected of an answer: what is on record, what counts as said, what counts as invented."""

from pathlib import Path

import pytest

from channels.wiring import Product
from evals.facts import RECORD, Fact, ItemFacts, facts_of, invented, is_said, read_record, write_record
from evals.sample import BadRow
from knowledge.handbook import bundled_handbook, load_handbook


@pytest.fixture
def dog(hall: Product) -> ItemFacts:
    return facts_of(hall.live.current().library.items["dog-registration"])


def of(known: ItemFacts, facet: str) -> set[tuple[str, str]]:
    return {(fact.kind, fact.value) for fact in known.facts if fact.facet == facet}


def test_fee_time_place_and_phone_are_expected_by_value(dog: ItemFacts) -> None:
    assert of(dog, "fee") == {("value", "30 元")}
    assert of(dog, "time") == {("value", "5 工作日"), ("value", "3 工作日")}
    assert of(dog, "place") == {("name", "样本区政务服务中心")}
    assert of(dog, "phone") == {("phone", "00012345")}


def test_materials_that_depend_on_an_answer_are_not_expected_before_it(dog: ItemFacts) -> None:
    names = {value for _, value in of(dog, "materials")}
    assert len(names) == 3
    assert not any("租赁" in name for name in names)


def test_an_overview_is_expected_to_tell_price_promised_time_and_place(dog: ItemFacts) -> None:
    assert {("value", "30 元"), ("value", "3 工作日"), ("name", "样本区政务服务中心")} <= of(dog, "overview")


@pytest.mark.parametrize(
    ("fact", "text", "language", "said"),
    [
        (Fact("fee", "value", "30 元"), "登记费30元/只", "zh", True),
        (Fact("fee", "value", "30 元"), "一共三十块钱", "zh", True),
        (Fact("fee", "value", "30 元"), "登记费300元", "zh", False),
        (Fact("time", "value", "3 工作日"), "3日内办好", "zh", False),
        (Fact("result", "value", "12 月"), "有效期一年", "zh", True),
        (Fact("result", "value", "12 月"), "valid for 1 year", "en", True),
        (Fact("fee", "free"), "费用：不收费", "zh", True),
        (Fact("fee", "free"), "費用は無料です", "ja", True),
        (Fact("fee", "free"), "费用以窗口公布为准", "zh", False),
        (Fact("phone", "phone", "00012345"), "热线：000-12345", "zh", True),
        (Fact("materials", "any_of", "住房证明|房产证"), "房产证带一张", "zh", True),
        (Fact("materials", "name", "居民身份证"), "带上户口簿", "zh", False),
    ],
)
def test_a_fact_counts_by_value_and_name_and_not_by_wording(fact: Fact, text: str, language: str, said: bool) -> None:
    assert is_said(fact, text, language) is said


def test_a_value_that_stands_nowhere_is_invented(dog: ItemFacts) -> None:
    assert invented("登记费40元，3个工作日，打电话110", dog, "多少钱") == ("40 元", "110 phone")


def test_an_amount_of_the_question_is_an_echo_and_not_invented(dog: ItemFacts) -> None:
    assert invented("不是200元，登记费30元", dog, "听说要两百块") == ()


def test_names_are_not_expected_of_an_answer_in_another_language(dog: ItemFacts) -> None:
    assert {fact.kind for fact in dog.of(("fee", "materials", "place"), "de")} == {"value"}


def test_the_record_is_read_as_it_was_written(hall: Product, tmp_path: Path) -> None:
    items = hall.live.current().library.items
    write_record(items, tmp_path / "facts.jsonl")
    assert read_record(tmp_path / "facts.jsonl") == {name: facts_of(item) for name, item in items.items()}


@pytest.mark.parametrize("line", ["{not json", '{"item": "x"}', '{"item": "x", "facts": [["fee"]], "values": []}', "5"])
def test_a_damaged_record_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "facts.jsonl"
    path.write_text('{"item": "a", "facts": [], "values": []}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(BadRow, match=r"facts\.jsonl:2: not the facts of an item"):
        read_record(path)


def test_the_bundled_handbook_says_what_is_on_record() -> None:
    """After a change by intent: `xiaoxin eval record`, and commit the lines that changed."""
    handbook, record = load_handbook(bundled_handbook()), read_record()
    items = {name: facts_of(handbook.resolved(item)) for name, item in handbook.items.items()}
    differing = sorted(name for name in items.keys() | record.keys() if items.get(name) != record.get(name))
    assert differing == [], f"{RECORD.name} differs"
