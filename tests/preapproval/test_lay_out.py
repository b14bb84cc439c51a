"""How what was handed in is laid out on the lines of a checklist, files handed in twice included."""

from permit_case import PERMIT, case, line

from preapproval.case import ReadFile
from preapproval.review import LaidOut, lay_out
from tests.preapproval.page_lines import back, front, read

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
