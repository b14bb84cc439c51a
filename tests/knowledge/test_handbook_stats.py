"""The figures that a manager and an editor see of a handbook."""

from __future__ import annotations

from knowledge.handbook import load_handbook
from knowledge.handbook_stats import handbook_stats

FIRST = """
id: first
name: 居住证申领
aliases: [办居住证, 暂住证]
life_event: 生活
audience: [person, enterprise]
summary: 居住半年以上的可以申领
situations:
  - {id: who, ask: 谁来办？, options: [{value: self, label: 本人}, {value: agent, label: 代办}]}
materials: [{name: 身份证}, {name: 照片}, {name: 委托书, required_when: {who: [agent]}}]
fee: {free: true, basis: {law: 居住证暂行条例, article: "21"}}
legal_basis: [{law: 居住证暂行条例}, {law: 户口登记条例}]
faq: [{questions: [要多久, 几天好], answer: 以窗口公布为准}]
verified: {status: verified}
"""
SECOND = """
id: second
name: 新市民一件事
kind: 一件事
materials: [{name: 身份证}]
bundle: {members: [first, third], lead: 公安机关}
"""


def _stats(folder, **items):
    (folder / "items").mkdir()
    for name, text in items.items():
        (folder / "items" / f"{name}.yaml").write_text(text, "utf-8")
    return handbook_stats(load_handbook(folder))


def test_items_questions_and_materials_are_counted(tmp_path):
    stats = _stats(tmp_path, first=FIRST, second=SECOND)
    assert (stats["items"], stats["bundles"], stats["situations"], stats["situation_questions"]) == (2, 1, 1, 1)
    assert (stats["questions"], stats["faq"]) == (4, 1)
    assert (stats["materials"], stats["laws"]) == (3, 2)
    assert stats["verification"] == {"verified": 1, "to_be_confirmed": 1}
    assert stats["by_audience"] == {"person": 2, "enterprise": 1}
    assert stats["without_situations"] == ["second"]


def test_gaps_are_seen(tmp_path):
    stats = _stats(tmp_path, first=FIRST, second=SECOND)
    assert (stats["by_life_event"]["生活"], stats["by_life_event"]["教育"], stats["by_life_event"]["unsorted"]) == (
        1,
        0,
        1,
    )
    assert stats["facet_completeness"]["materials"] == 1.0
    assert stats["facet_completeness"]["fee"] == 0.5
    assert stats["facet_completeness"]["proxy"] == 0.0


def test_an_empty_folder_has_zero_of_everything(tmp_path):
    stats = _stats(tmp_path)
    assert (stats["items"], stats["questions"], stats["facet_completeness"]["fee"]) == (0, 0, 0.0)
