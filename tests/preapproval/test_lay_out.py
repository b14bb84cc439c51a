"""How what was handed in is laid out on the lines of a checklist, files handed in twice included."""

from datetime import UTC, datetime

from permit_case import PERMIT, case, line

from preapproval.case import PageRef, ReadFile
from preapproval.decisions import FieldCorrection
from preapproval.review import LaidOut, lay_out
from preapproval.ruleset import Ruleset
from tests.preapproval.page_lines import back, front, page, read

TWO_CARDS = PERMIT.model_copy(update={"materials": (*PERMIT.materials, line("agent-id-card", "代办人身份证"))})


def laid_out(*reads: ReadFile) -> LaidOut:
    return lay_out(TWO_CARDS, case(), reads)


def sides(found: LaidOut) -> dict[str, list[tuple[str, ...]]]:
    return {slot: [one.sides for one in many] for slot, many in found.filled.by_slot.items()}


def test_a_file_handed_in_twice_counts_once():
    found = laid_out(read(front()), read(back()), read(front()), read(back()))
    assert sides(found) == {"id-card": [("front", "back")]}
    assert [one.problem for one in found.reads] == [None, None, "duplicate", "duplicate"]


def test_a_file_handed_in_for_two_lines_serves_both():
    found = laid_out(
        read(front(), slot="id-card"), read(back(), slot="id-card"),
        read(front(), slot="agent-id-card"), read(back(), slot="agent-id-card"),
    )  # fmt: skip
    assert sides(found) == {"id-card": [("front", "back")], "agent-id-card": [("front", "back")]}
    assert [one.problem for one in found.reads] == [None, None, "duplicate", "duplicate"]


def test_a_file_handed_in_twice_for_one_line_counts_once_there():
    found = laid_out(read(front(), slot="id-card"), read(front(), slot="id-card"))
    assert sides(found) == {"id-card": [("front",)]}


def test_a_card_serves_for_another_line_where_the_rules_say_so():
    terms = {"agent-id-card": {"same_as": ["id-card"]}}
    rules = Ruleset.model_validate(
        {"item": "sample-permit", "effective_from": "2026-01-01", "slots": terms, "rules": ()}
    )
    reads = (read(front(), slot="id-card"), read(back(), slot="id-card"))
    both = [("front", "back")]
    assert sides(lay_out(TWO_CARDS, case(), reads, (), rules)) == {"id-card": both, "agent-id-card": both}
    assert sides(laid_out(*reads)) == {"id-card": both}


def test_an_officer_corrects_one_of_several_values_and_the_others_stay():
    certificate = page(
        [
            (300, 60, "不动产权证书"),
            (60, 130, "苏(2021)常州市不动产权第0012345号"),
            (60, 200, "权利人 王小样、李样木"),
            (60, 270, "坐落 常州市新北区样本路12号3幢501室"),
        ],
        size=(1000, 1400),
    )
    chain = (("owner", "李样木", "李样禾"), ("owner", "李样禾", "李样本"), ("area", "", "98.5"))
    typed = (
        FieldCorrection(
            page=PageRef(file="a" * 64), field=field, read=was, value=now, by="clerk-1", at=datetime.now(UTC)
        )
        for field, was, now in chain
    )
    found = lay_out(TWO_CARDS, case(), (read(certificate),), typed).facts
    owners = [(one.value, one.read.method if one.read else "") for one in found.every("property_certificate.owner")]
    assert owners == [("王小样", "anchor"), ("李样本", "user")]
    assert [one.value for one in found.every("property_certificate.area")] == [98.5], "nobody had read it"
