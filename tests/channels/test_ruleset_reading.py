"""Rules as editors and auditors read them over HTTP, and rule files before they are kept."""

import io
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from desk_door import Browser
from fastapi import FastAPI
from rule_desk import ITEM, RULESETS, draft, open_rules, people_of, publish, rules, without_rules


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, ingest: Any) -> Iterator[FastAPI]:
    yield from open_rules(tmp_path_factory.mktemp("rulesets"), ingest)


@pytest.fixture
def engine(app: FastAPI) -> Iterator[sa.Engine]:
    yield from without_rules(app)


@pytest.fixture
def person(app: FastAPI, engine: sa.Engine) -> Callable[..., Browser]:
    del engine
    return people_of(app)


@pytest.fixture
def editor(person: Callable[..., Browser]) -> Browser:
    return person("bianji", "editor")


@pytest.fixture
def senior(person: Callable[..., Browser]) -> Browser:
    return person("kezhang", "senior")


# files -------------------------------------------------------------------------------------------------------


def edited(data: bytes, changes: dict[str, str]) -> bytes:
    """The workbook with other words in these cells of its rules."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for cell, text in changes.items():
        book["规则"][cell] = text
    book.save(out := io.BytesIO())
    return out.getvalue()


def checked(browser: Browser, data: bytes, name: str = "养犬.xlsx", **query: str) -> Any:
    answer = browser.send("POST", f"{RULESETS}/check", files={"file": (name, data)}, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_check_of_a_workbook_tells_every_cell_at_once_and_keeps_nothing(editor: Browser):
    version = draft(editor, rules(3310))
    data = editor.http.get(f"{RULESETS}/{version['id']}.xlsx").content
    broken = checked(editor, edited(data, {"C2": "没有的检查", "F2": "很急", "O2": "没有冒号"}))
    assert [one["place"] for one in broken["problems"]] == ["规则!C2", "规则!F2", "规则!O2"]
    assert broken["item"] is None
    unbound = checked(editor, edited(data, {"D2": "left: lease.rent\nop: '>='\nright: lease.nothing"}))
    assert "规则!D2" in [one["place"] for one in unbound["problems"]]
    assert (unbound["item"], unbound["item_name"], unbound["rules"]) == (ITEM, "养犬登记", 1)
    whole = checked(editor, b"PK no workbook")
    assert [one["place"] for one in whole["problems"]] == [None]
    assert len(editor.http.get(RULESETS).json()) == 1


def test_a_check_tells_what_would_change_and_whether_it_is_kept_already(editor: Browser):
    version = draft(editor, rules(3320))
    data = editor.http.get(f"{RULESETS}/{version['id']}.xlsx").content
    same = checked(editor, data)
    assert (same["kept"]["id"], same["problems"]) == (version["id"], [])
    assert same["changes"] == {"added": ["rent-enough"], "changed": [], "removed": []}
    later = checked(editor, data, effective_from="2031-05-01")
    assert (later["kept"], later["effective_from"]) == (None, "2031-05-01")
    answer = editor.send(
        "POST", f"{RULESETS}?effective_from=2031-05-01", files={"file": ("养犬.xlsx", data)}
    ).json()  # fmt: skip
    assert answer["version"]["effective_from"] == "2031-05-01"


def test_a_version_goes_out_as_yaml_and_comes_back_the_same(editor: Browser):
    version = draft(editor, rules(3330))
    out = editor.http.get(f"{RULESETS}/{version['id']}.yaml")
    assert out.headers["content-type"] == "application/yaml"
    assert checked(editor, out.content, "养犬.yaml")["kept"]["id"] == version["id"]
    every = editor.http.get(f"{RULESETS}/in-force/every.yaml").content
    assert checked(editor, every, "every.yaml")["item"] == "every"


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("item: dog-registration\neffective_from: 2026-01-01\nrules:\n  - id: one\n", "第4行", "必须填写"),
        ("item: [", None, "YAML"),
        ("item: &a x\nrules: *a\n", None, "引用"),
        ("只有一行字", None, "没有规则"),
        (b"\xff\xfe".decode("latin-1"), None, "没有规则"),
    ],
)
def test_wrong_yaml_is_told_with_its_line(editor: Browser, text: str, place: str | None, words: str):
    found = checked(editor, text.encode(), "规则.yml")
    assert any(one["place"] == place and words in one["message"] for one in found["problems"]), found


# what is read --------------------------------------------------------------------------------------------------


def test_the_list_tells_what_holds_today_and_where_it_comes_from(editor: Browser, senior: Browser):
    def line() -> dict[str, Any]:
        found = editor.http.get(f"{RULESETS}/items").json()
        assert (found["today"], found["items"][0]["item"]) == (str(date.today()), "every")
        return next(one for one in found["items"] if one["item"] == ITEM)

    before = line()
    assert (before["rules"], before["origin"], before["item_name"]) == (0, None, "养犬登记")
    version = publish(editor, senior, rules(3340))
    after = line()
    assert (after["rules"], after["origin_label"], after["sha256"]) == (1, "在工作台发布", version["sha256"])
    assert after["version"] != before["version"]


def test_a_version_is_told_in_chinese_with_its_examples_tried(editor: Browser):
    content = rules(3350)
    content["rules"][0]["examples"]["fails"].append({"lease.rent": 9000})
    version = draft(editor, content)
    (rule,) = editor.http.get(f"{RULESETS}/{version['id']}/rules").json()["rules"]
    assert (rule["check_label"], rule["severity_label"]) == ("比较两个值", "必须")
    assert [(one["label"], one["value"]) for one in rule["parameters"]] == [
        ("左边", "房屋租赁合同的租金"), ("比较方式", "不小于"), ("固定的值", "3350"),
    ]  # fmt: skip
    assert [(one["wanted"], one["outcome"], one["ok"]) for one in rule["examples"]] == [
        ("pass", "pass", True), ("fail", "fail", True), ("fail", "pass", False),
    ]  # fmt: skip
    assert len(rule["problems"]) == 1
    assert "第2个不通过例" in rule["problems"][0]


def test_whoever_may_approve_is_named_and_the_author_is_not(editor: Browser, senior: Browser):
    version = draft(editor, rules(3360))
    assert version["approvers"] == ["样本 kezhang"]
