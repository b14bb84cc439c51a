"""What a visitor is told to bring, for the answers given, and for several items done as one."""

from __future__ import annotations

import json

from knowledge.checklist import build_checklist
from knowledge.item import ServiceItem

PERMIT = ServiceItem.model_validate(
    {
        "id": "permit",
        "name": "居住证",
        "situations": [
            {
                "id": "reason",
                "ask": "凭什么申领？",
                "options": [
                    {"value": "work", "label": "就业"},
                    {"value": "study", "label": "就读"},
                    {"value": "held", "label": "已有居住证", "item": "endorsement"},
                ],
            },
            {
                "id": "who",
                "ask": "谁来办？",
                "options": [
                    {"value": "self", "label": "本人"},
                    {"value": "agent", "label": "代办", "notice": "近亲属可以代办"},
                ],
            },
        ],
        "conditions": [
            {"text": "居住半年以上"},
            {"text": "有劳动关系", "when": {"reason": ["work"]}},
        ],
        "materials": [
            {
                "material": "id-card",
                "name": "居民身份证",
                "copies": 1,
                "basis": {"law": "居住证暂行条例", "article": "9"},
            },
            {"material": "photo", "name": "照片", "original": 2},
            {"material": "lease", "name": "租赁合同", "one_of": "住址证明"},
            {"material": "deed", "name": "房产证", "one_of": "住址证明"},
            {"material": "contract", "name": "劳动合同", "required_when": {"reason": ["work"]}},
            {
                "material": "student-card",
                "name": "学生证",
                "required_when": {"reason": ["study"]},
                "one_of": "就读证明",
            },
            {"material": "agent-id", "name": "代办人身份证", "required_when": {"who": ["agent"]}},
            {"material": "register", "name": "户口簿", "shared": True},
        ],
        "fee": {"charges": [{"name": "工本费", "yuan": 20, "when": {"reason": ["study"]}}]},
    }
)

SCHOOL = ServiceItem.model_validate(
    {
        "id": "school",
        "name": "入学",
        "materials": [
            {"material": "id-card", "name": "居民身份证", "original": 1},
            {"material": "photo", "name": "照片", "original": 4},
            {"material": "deed", "name": "房产证", "one_of": "住址"},
            {"material": "lease", "name": "租赁合同", "one_of": "住址"},
            {"material": "vaccination", "name": "接种证"},
        ],
    }
)
MORTGAGE = ServiceItem.model_validate(
    {
        "id": "mortgage",
        "name": "抵押",
        "materials": [{"material": "deed", "name": "房产证", "original": 1, "copies": 1}],
    }
)


def _names(lines):
    return [line.name for line in lines]


def test_a_full_set_of_answers_gives_the_exact_list():
    checklist = build_checklist(PERMIT, {"reason": "work", "who": "self"})
    assert _names(checklist.lines) == ["居民身份证", "照片", "劳动合同"]
    assert [(group.label, _names(group.lines)) for group in checklist.groups] == [("住址证明", ["租赁合同", "房产证"])]
    assert _names(checklist.shared) == ["户口簿"]
    assert checklist.by_situation == ()
    assert checklist.complete
    assert [(line.original, line.copies) for line in checklist.lines] == [(1, 1), (2, 0), (1, 0)]
    assert checklist.lines[0].basis == "《居住证暂行条例》第9条"
    assert [condition.text for condition in checklist.conditions] == ["居住半年以上", "有劳动关系"]
    assert checklist.charges == ()
    assert [(choice.ask, choice.label) for choice in checklist.choices] == [
        ("凭什么申领？", "就业"),
        ("谁来办？", "本人"),
    ]


def test_lines_that_hang_on_open_answers_stand_apart_with_their_case():
    checklist = build_checklist(PERMIT, {"reason": "study"})
    assert [(line.name, line.depends_on) for line in checklist.by_situation] == [("代办人身份证", ("代办",))]
    assert _names(checklist.lines) == ["居民身份证", "照片", "学生证"]
    assert [question.situation for question in checklist.open_questions] == ["who"]
    assert [(charge.text, charge.yuan, charge.depends_on) for charge in checklist.charges] == [("工本费", 20, ())]


def test_a_choice_brings_its_notice():
    assert build_checklist(PERMIT, {"who": "agent"}).notices == ("近亲属可以代办",)


def test_an_answer_that_leads_elsewhere_asks_for_nothing_here():
    checklist = build_checklist(PERMIT, {"reason": "held"})
    assert checklist.item_instead == "endorsement"
    assert (checklist.lines, checklist.groups, checklist.open_questions) == ((), (), ())


def test_a_checklist_is_ready_for_json():
    data = json.loads(json.dumps(build_checklist(PERMIT, {}).as_dict(), ensure_ascii=False))
    assert data["lines"][0]["name"] == "居民身份证"
    assert data["open_questions"][1]["options"] == [["self", "本人"], ["agent", "代办"]]
    assert data["complete"] is False
