"""Check a handbook: what is wrong with it, each at its file and line. `python -m knowledge.check FOLDER` prints it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from knowledge.checks import catalogues, facts, faq_numbers, references, situations, wordings
from knowledge.checks.subject import HandbookCheck, ItemCheck, Subject
from knowledge.handbook import Handbook, Problem, is_handbook, load_handbook

ITEM_CHECKS: tuple[ItemCheck, ...] = (
    references.materials_are_known,
    references.places_are_known,
    references.laws_are_known,
    references.region_is_known,
    references.other_items_are_known,
    references.bundle_members_are_single,
    references.bundle_cases_are_known,
    references.bundle_fee_agrees,
    situations.conditions_name_known_answers,
    situations.names_are_used_once,
    situations.questions_can_be_enumerated,
    situations.questions_arise,
    situations.answers_change_something,
    situations.conditions_can_hold,
    situations.lines_are_not_repeated,
    situations.lines_ask_for_something,
    facts.laws_are_in_force,
    facts.dates_are_in_order,
    facts.fee_is_consistent,
    facts.time_limits_are_consistent,
    facts.facts_are_marked,
    facts.conditions_are_marked,
    facts.phones_are_known,
    facts.verified_items_are_complete,
    faq_numbers.faq_numbers_stand_in_a_field,
    wordings.wordings_are_not_repeated,
)
HANDBOOK_CHECKS: tuple[HandbookCheck, ...] = (
    wordings.wordings_mean_one_item,
    wordings.not_this_is_somebody_elses,
    catalogues.catalogue_names_mean_one_entry,
    catalogues.catalogue_references_are_known,
    catalogues.crossregion_is_known,
)


def check_handbook(folder: Path, today: date | None = None) -> tuple[Problem, ...]:
    """Everything wrong with the handbook in `folder`, by file and line. `today` decides which laws are in force."""
    if not is_handbook(folder):
        return (Problem(str(folder), 1, "(file)", "no handbook: it has no items/*.yaml"),)
    handbook = load_handbook(folder)
    found = {*handbook.problems, *problems(handbook, today or date.today())}
    return tuple(sorted(found, key=lambda one: (one.file, one.line, one.field, one.message)))


def problems(handbook: Handbook, today: date) -> Iterator[Problem]:
    """What the checks find, beside what the loader found."""
    for item in handbook.items.values():
        subject = Subject(item, handbook, today)
        for check in ITEM_CHECKS:
            for loc, message in check(subject):
                yield handbook.problem(item.id, loc, message)
    for check in HANDBOOK_CHECKS:
        yield from check(handbook, today)


def main(arguments: list[str]) -> int:
    """Print the problems of a folder one per line. Exit status 0: none, 1: some, 2: wrong use."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m knowledge.check FOLDER\n")
        return 2
    found = check_handbook(Path(arguments[0]))
    sys.stdout.writelines(f"{problem}\n" for problem in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
