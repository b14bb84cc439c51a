"""Whole applications from specimens: complete for the handbook, and each planted fault is where it should be."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from evals.specimens.application import Application, application, folder
from evals.specimens.faults import FAULTS, expected, items_with, next_door, planted
from evals.specimens.plan import applications, plan
from evals.specimens.written import FOREVER
from knowledge.check_digits import valid_credit_code
from knowledge.checklist import build_checklist
from knowledge.handbook import bundled_handbook, load_handbook
from knowledge.situations import unknown_choices
from preapproval.kinds import load_kinds

ITEMS = tuple(applications())
ONE_SIDED = {"id-expired": "valid_until", "lease-address": "address", "licence-code-wrong": "credit_code"}


@pytest.fixture(scope="module")
def items():
    handbook = load_handbook(bundled_handbook())
    return {item.id: handbook.resolved(item) for item in handbook.items.values() if item.id in ITEMS}


def digests(made: Application | None) -> list[str]:
    assert made is not None
    return [file.sha256 for file in made.files]


def test_sixteen_items_have_an_application(items: dict):
    assert len(ITEMS) == 16
    assert set(ITEMS) == set(items)


@pytest.mark.parametrize("item", ITEMS)
def test_an_application_holds_all_that_the_handbook_asks_for(items: dict, item: str):
    made = plan(item, 1)
    assert not unknown_choices(items[item], made.choices)
    checklist = build_checklist(items[item], made.choices)
    assert checklist.complete
    assert checklist.item_instead is None
    handed_in = {paper.slot for paper in made.papers}
    assert {line.key for line in checklist.lines} <= handed_in
    assert all({line.key for line in group.lines} & handed_in for group in checklist.groups)


@pytest.mark.parametrize("item", ITEMS)
def test_each_paper_is_of_a_kind_that_can_stand_in_its_line(item: str):
    for paper in plan(item, 1).papers:
        fitting = [kind.id for kind in load_kinds().values() if paper.slot in kind.materials]
        assert paper.kind in fitting or (paper.kind == "unknown" and not fitting), paper.slot


def test_every_fault_is_told_what_to_expect_of_it_and_some_item_can_have_it():
    assert list(FAULTS) == list(expected())
    assert all(items_with(fault, ITEMS) for fault in FAULTS)
    assert {name for name, one in expected().items() if one.expect == "harmless"} == {
        "upside-down", "valid-forever", "minority-name", "x-number",
    }  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_changes_only_what_it_is_about(fault: str):
    item = items_with(fault, ITEMS)[0]
    clean, spoilt = next(
        (plan(item, at), one) for at in range(9) if (one := planted(item, at, fault)) != plan(item, at)
    )
    assert spoilt is not None
    changed = [(one, other) for one, other in zip(clean.papers, spoilt.papers, strict=True) if one != other]
    assert changed
    if fault in ONE_SIDED:
        for one, other in changed:
            differ = {name for name in one.values if one.values[name] != other.values.get(name)}
            assert ONE_SIDED[fault] in differ
            assert differ <= {ONE_SIDED[fault], "valid_from"}
            assert one.kind == changed[0][0].kind


def test_faults_say_what_their_names_say():
    def paper(item: str, fault: str, kind: str):
        made = planted(item, 3, fault)
        assert made is not None
        return made.story, next(one for one in made.papers if one.kind == kind)

    world, card = paper("residence-permit", "id-expired", "id-card")
    assert card.values["valid_until"] == world.days(-3)
    _, card = paper("residence-permit", "valid-forever", "id-card")
    assert card.values["valid_until"] == FOREVER
    _, card = paper("residence-permit", "back-missing", "id-card")
    assert card.sides == ("front",)
    world, lease = paper("residence-permit", "lease-ends-soon", "lease")
    assert lease.values["end"] == world.days(20)
    world, lease = paper("residence-permit", "tenant-other", "lease")
    assert lease.values["tenant"] != world.applicant.name
    assert lease.values["tenant_number"] != world.applicant.number
    world, lease = paper("residence-permit", "lease-address", "lease")
    assert lease.values["address"] == next_door(world.applicant.address) != world.applicant.address
    _, licence = paper("prepackaged-food-filing", "licence-code-wrong", "business-licence")
    assert not valid_credit_code(licence.values["credit_code"])
    _, licence = paper("prepackaged-food-filing", "scope-without-food", "business-licence")
    assert "食品" not in licence.values["scope"]
    world, card = paper("individual-business", "under-age", "id-card")
    assert world.applicant.age(world.today) == 15
    assert card.values["birth"] == world.applicant.birth.isoformat()
    world, _ = paper("residence-permit", "minority-name", "id-card")
    assert "·" in world.applicant.name
    world, _ = paper("residence-permit", "x-number", "id-card")
    assert world.applicant.number.endswith("X")
    _, lease = paper("residence-permit", "old-number", "lease")
    assert len(lease.values["tenant_number"]) == 15


def test_only_the_applicants_card_is_touched():
    made = planted("individual-business", 3, "id-expired")
    assert made is not None
    clean = plan("individual-business", 3)
    agents = [paper for paper in made.papers if paper.of == "agent"]
    assert agents == [paper for paper in clean.papers if paper.of == "agent"]


def test_the_same_application_has_the_same_bytes_and_a_fault_other_ones():
    first, again = application("flexible-employment-insurance", 4), application("flexible-employment-insurance", 4)
    spoilt = application("flexible-employment-insurance", 4, fault="unsigned")
    assert digests(first) == digests(again) != digests(spoilt)
    assert first is not None
    assert spoilt is not None
    changed = [one.kind for one, other in zip(first.files, spoilt.files, strict=True) if one.data != other.data]
    assert changed == ["application-form"]
    assert [mark.kind for file in spoilt.files for page in file.pages for mark in page.marks] == ["face"]


def test_both_sides_on_one_sheet_keep_their_labels():
    made = application("id-card-renewal", 4)
    assert made is not None
    sheet = made.files[0].pages[0]
    assert {"name", "number", "authority", "valid_until"} <= set(sheet.fields)
    assert sheet.fields["authority"].quad[0][1] > sheet.fields["number"].quad[0][1]
    (x, y), (right, bottom) = sheet.fields["number"].quad[0], sheet.fields["number"].quad[2]
    assert 0 < x < right < sheet.image.width
    assert 0 < y < bottom < sheet.image.height


def test_a_folder_holds_the_files_and_the_truth(tmp_path: Path):
    folder(tmp_path, "elderly-card", 2, fault="photo-no-face", degradation="lean3")
    truth = json.loads((tmp_path / "truth.json").read_text("utf-8"))
    assert {file["name"] for file in truth["files"]} | {"truth.json"} == {path.name for path in tmp_path.iterdir()}
    assert truth["expected"]["expect"] == "found"
    assert truth["applicant"]["name"]
    card = next(file for file in truth["files"] if file["kind"] == "id-card")
    assert card["pages"][0]["fields"]["name"]["value"] == truth["applicant"]["name"]


def test_a_fault_that_an_item_cannot_have_is_refused(tmp_path: Path):
    command = [
        sys.executable,
        "-m",
        "evals.specimens",
        str(tmp_path),
        "--item",
        "elderly-card",
        "--fault",
        "tenant-other",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == 1
    assert "elderly-card" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_paper_can_be_said_otherwise():
    paper = plan("residence-permit", 1).papers[0]
    said = paper.saying(name="样本")
    assert said.values["name"] == "样本" != paper.values["name"]
    assert {**said.values, "name": paper.values["name"]} == paper.values
