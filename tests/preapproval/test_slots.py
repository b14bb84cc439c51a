"""Which thing handed in is which line of the checklist."""

from permit_case import APPLICANT, NUMBER, PERMIT, handed_in, line, material

from knowledge.checklist import build_checklist
from knowledge.item import ServiceItem
from preapproval.case import HandedIn, Material
from preapproval.kinds import load_kinds
from preapproval.ruleset import SlotTerms
from preapproval.slots import Filled, fill, slots_of

HOUSING = {"reason": "housing"}


def placed(*materials: Material, files: tuple[HandedIn, ...] = (), item: ServiceItem = PERMIT) -> Filled:
    slots = slots_of(build_checklist(item, HOUSING))
    return fill(slots, materials, {file.sha256: file for file in files}, APPLICANT, load_kinds())


def test_the_checklist_tells_what_is_needed_and_how():
    needs = {slot.key: (slot.need, slot.group) for slot in slots_of(build_checklist(PERMIT, {}))}
    assert needs == {
        "id-card": ("required", None),
        "photo": ("required", None),
        "lease": ("one_of", "住址证明"),
        "property-certificate": ("one_of", "住址证明"),
        "labour-contract": ("depends", None),
        "student-card": ("shared", None),
    }


def test_a_paper_finds_its_line_by_its_kind():
    filled = placed(material("m1", "lease", "a"), material("m2", "id-card", "b"))
    assert {key: [one.id for one in many] for key, many in filled.by_slot.items()} == {
        "lease": ["m1"],
        "id-card": ["m2"],
    }
    assert [one.slot for one in filled.materials] == ["lease", "id-card"]


def test_the_applicants_own_card_comes_before_the_agents():
    lines = (*PERMIT.materials, line("agent-id-card", "代办人身份证"))
    item = PERMIT.model_copy(update={"materials": lines})
    agent = material("m1", "id-card", "a", name="样本乙", number="320411198501013517")
    own = material("m2", "id-card", "b", name="样本甲", number=NUMBER)
    filled = placed(agent, own, item=item)
    assert filled.by_slot["id-card"][0].id == "m2"
    assert filled.by_slot["agent-id-card"][0].id == "m1"


def test_what_the_visitor_said_decides_where_it_is_possible():
    lines = (*PERMIT.materials, line("agent-id-card", "代办人身份证"))
    item = PERMIT.model_copy(update={"materials": lines})
    filled = placed(material("m1", "id-card", "a"), files=(handed_in("a", "agent-id-card"),), item=item)
    assert list(filled.by_slot) == ["agent-id-card"]


def test_a_paper_handed_in_for_the_wrong_line_is_told_and_put_right():
    filled = placed(material("m1", "lease", "a"), files=(handed_in("a", "id-card"),))
    assert [(one.id, slot) for one, slot in filled.wrong] == [("m1", "id-card")]
    assert "lease" in filled.by_slot


def test_a_paper_that_the_item_does_not_ask_for_stays_spare():
    filled = placed(material("m1", "driving-licence", "a"))
    assert [one.id for one in filled.spare] == ["m1"]


def test_an_unrecognised_paper_counts_for_a_line_only_where_it_may_be_that():
    might = material("m1", "unknown", "a", likely=("lease",))
    cannot = material("m2", "unknown", "b", likely=("bank-card",))
    filled = placed(might, cannot, files=(handed_in("a", "lease"), handed_in("b", "id-card")))
    assert [one.id for one in filled.by_slot["lease"]] == ["m1"]
    assert "id-card" not in filled.by_slot


def test_several_papers_of_one_kind_share_their_line():
    filled = placed(material("m1", "photo", "a"), material("m2", "photo", "b"))
    assert [one.id for one in filled.by_slot["photo"]] == ["m1", "m2"]


def test_nothing_is_put_where_offices_share_it():
    item = PERMIT.model_copy(update={"materials": (line("id-card", "身份证", shared=True),)})
    filled = placed(material("m1", "id-card", "a"), item=item)
    assert [one.id for one in filled.by_slot["id-card"]] == ["m1"], "handed in all the same, so it is looked at"


def test_one_persons_card_serves_for_two_lines_where_the_item_says_so():
    item = PERMIT.model_copy(update={"materials": (*PERMIT.materials, line("guardian-id-card", "监护人身份证"))})
    slots = slots_of(build_checklist(item, HOUSING))
    terms = {"guardian-id-card": SlotTerms(same_as=("id-card",))}
    filled = fill(slots, (material("m1", "id-card", "a"),), {}, APPLICANT, load_kinds(), terms)
    assert [one.id for one in filled.by_slot["guardian-id-card"]] == ["m1"]
    assert [one.id for one in filled.materials] == ["m1"], "counted once"
    assert "guardian-id-card" not in placed(material("m1", "id-card", "a"), item=item).by_slot
