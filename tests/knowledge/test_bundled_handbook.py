"""What the bundled handbook promises as a whole: how much it holds, and that its parts agree with each other."""

from __future__ import annotations

from collections import Counter
from typing import get_args

import pytest

from knowledge.handbook import Handbook, bundled_handbook, load_handbook
from knowledge.handbook_stats import handbook_stats
from knowledge.item import LifeEvent, ServiceItem
from knowledge.situations import all_choices

SERVICES, BUNDLES, SITUATIONS, WAYS_TO_ASK, FOREIGNERS = 322, 42, 60, 8, 20


@pytest.fixture(scope="module")
def handbook() -> Handbook:
    return load_handbook(bundled_handbook())


@pytest.fixture(scope="module")
def bundles(handbook: Handbook) -> tuple[ServiceItem, ...]:
    return tuple(handbook.resolved(item) for item in handbook.items.values() if item.bundle)


def test_it_holds_as_many_services_as_a_hall_is_asked_for(handbook: Handbook):
    assert sum(item.bundle is None for item in handbook.items.values()) >= SERVICES


def test_it_bundles_what_belongs_to_one_event(bundles: tuple[ServiceItem, ...]):
    assert len(bundles) >= BUNDLES


def test_every_event_of_life_and_of_a_company_has_services(handbook: Handbook):
    counts = Counter(item.life_event for item in handbook.items.values())
    assert [event for event in get_args(LifeEvent) if counts[event] < 4] == []
    assert counts["涉外"] >= FOREIGNERS


def test_every_item_can_be_asked_for_in_many_ways(handbook: Handbook):
    ways = {
        item.id: 1 + len(item.aliases) + sum(len(faq.questions) for faq in item.faq) for item in handbook.items.values()
    }
    assert {name: count for name, count in ways.items() if count < WAYS_TO_ASK} == {}


def test_many_items_ask_for_the_visitors_situation(handbook: Handbook):
    stats = handbook_stats(handbook)
    assert stats["situations"] >= SITUATIONS
    assert stats["situations"] + len(stats["without_situations"]) == stats["items"]


def test_every_facet_of_every_item_is_filled(handbook: Handbook):
    assert {facet: share for facet, share in handbook_stats(handbook)["facet_completeness"].items() if share < 1} == {}


def test_a_bundle_asks_for_no_paper_that_no_member_asks_for(handbook: Handbook, bundles: tuple[ServiceItem, ...]):
    for item in bundles:
        assert item.bundle
        members = [handbook.items[name] for name in item.bundle.members]
        known = {line.material for member in members for line in member.materials}
        own = {line.material for line in handbook.items[item.id].materials}
        assert {line.material for line in item.materials} <= known | own, item.id


def test_a_bundle_has_one_form_and_asks_for_fewer_papers_than_its_members(
    handbook: Handbook, bundles: tuple[ServiceItem, ...]
):
    for item in bundles:
        assert item.bundle
        assert item.bundle.saving
        forms = [line.material for line in item.materials if handbook.materials[line.material or ""].kind == "form"]
        assert len(forms) == 1, (item.id, forms)
        assert item.bundle.saving.together < item.bundle.saving.apart, item.id


def test_the_questions_of_a_bundle_stay_few(bundles: tuple[ServiceItem, ...]):
    longest = {item.id: max(len(choices) for choices in all_choices(item)) for item in bundles}
    assert {name: count for name, count in longest.items() if count > 7} == {}


def test_materials_go_by_one_name(handbook: Handbook):
    named = [line for item in handbook.items.values() for line in item.materials if line.name]
    assert named == []


def test_projects_run_on_four_lines(handbook: Handbook):
    projects = [item.project for item in handbook.items.values() if item.project]
    assert projects
    for project in projects:
        assert [line.name for line in project.lines] == ["产业", "用地", "建设主线", "建设辅线"]


def test_the_matrix_reaches_three_partners(handbook: Handbook):
    assert {"深圳市南山区", "广州市荔湾区", "天津市津南区"} == {one.name for one in handbook.partners.values()}
    assert len(handbook.crossregion) >= 60


def test_regions_reach_down_to_the_villages(handbook: Handbook):
    levels = Counter(region.level for region in handbook.regions.values())
    assert levels["town"] >= 10
    assert levels["village"] >= 5
    assert {place.level for place in handbook.places.values()} >= {"city", "district", "town", "village"}


def test_what_is_not_confirmed_is_said_so(handbook: Handbook):
    silent = [
        item.id
        for item in handbook.items.values()
        if item.verified.status == "to_be_confirmed" and not item.verified.source
    ]
    assert silent == []
