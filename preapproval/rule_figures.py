"""How good each rule is, by what officers said to it; and how often each officer overrules the machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from preapproval.case_tables import additions, cases, decisions, outcomes, verdicts
from preapproval.decisions import RULE_IS_RIGHT
from preapproval.ledger import Ledger

LEAST_FIRINGS = 30
"""Decided findings before a rule is judged."""
LEAST_PRECISION = 0.8


@dataclass(frozen=True)
class RuleFigures:
    """Of one rule in one version of one item's rule set."""

    rule: str
    version: str
    item: str
    checked: int
    """Cases and rounds in which it applied."""
    undetermined: int
    accepted: int
    """Accepted or amended."""
    dismissed: int
    """For a reason that speaks against the rule or what was read for it."""
    missed: int
    """Found by officers instead."""
    blind_found: int
    blind_missed: int
    """In the blind sample alone, where officers did not see the machine's list."""

    @property
    def firings(self) -> int:
        return self.accepted + self.dismissed

    @property
    def precision(self) -> float | None:
        return _share(self.accepted, self.firings)

    @property
    def recall(self) -> float | None:
        """Too high outside of the blind sample: people look where the machine points."""
        return _share(self.accepted, self.accepted + self.missed)

    @property
    def blind_recall(self) -> float | None:
        return _share(self.blind_found, self.blind_found + self.blind_missed)

    @property
    def undetermined_rate(self) -> float | None:
        return _share(self.undetermined, self.checked)


@dataclass(frozen=True)
class OfficerFigures:
    """An officer who overrules almost nothing may not be looking."""

    officer: str
    decided: int
    overruled: int
    """Dismissed or amended."""
    added: int

    @property
    def override_rate(self) -> float | None:
        return _share(self.overruled, self.decided)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


Key = tuple[str, str, str]
"""(rule, version, item)."""


def rule_figures(ledger: Ledger, item: str | None = None) -> tuple[RuleFigures, ...]:
    """Of every rule that ever applied, or was missed; of one item or of all."""
    with ledger.reading() as connection:
        runs = connection.execute(_runs(item)).all()
        said = {(row.case_id, row.round, row.finding): row for row in connection.execute(_last_words(item))}
        missed = connection.execute(_missed(item)).all()
    counts: dict[str, Counter[Key]] = {name: Counter() for name in _COUNTED}
    versions: dict[tuple[str, int], str] = {}
    for run in runs:
        key = (run.rule, run.ruleset_version, run.item)
        versions[run.case_id, run.round] = run.ruleset_version
        _count_run(counts, key, run, said.get((run.case_id, run.round, run.finding)))
    for row in missed:
        key = (row.rule, versions.get((row.case_id, row.round), row.ruleset_version or ""), row.item)
        if row.blind:
            counts["blind_found" if row.matched else "blind_missed"][key] += 1
        counts["missed"][key] += row.matched is None
    keys = sorted({key for one in counts.values() for key in one})
    return tuple(RuleFigures(*key, **{name: counts[name][key] for name in _COUNTED}) for key in keys)


_COUNTED = ("checked", "undetermined", "accepted", "dismissed", "missed", "blind_found", "blind_missed")


def _count_run(counts: dict[str, Counter[Key]], key: Key, run: sa.Row, said: sa.Row | None) -> None:
    counts["checked"][key] += run.outcome != "not_applicable"
    counts["undetermined"][key] += run.outcome == "undetermined"
    if said is None or run.outcome == "undetermined":
        return  # what could not be judged claimed nothing, so that nothing was right or wrong
    counts["accepted"][key] += said.kind in ("accept", "amend")
    counts["dismissed"][key] += said.kind == "dismiss" and said.reason not in RULE_IS_RIGHT


def demoted(figures: Iterable[RuleFigures]) -> frozenset[tuple[str, str]]:
    """(rule, version) that are shown as hints from now on: wrong more than one time in five, over all items."""
    accepted, firings = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for one in figures:
        accepted[one.rule, one.version] += one.accepted
        firings[one.rule, one.version] += one.firings
    return frozenset(
        key for key, number in firings.items() if number >= LEAST_FIRINGS and accepted[key] / number < LEAST_PRECISION
    )


def demoted_in(ledger: Ledger, version: str) -> frozenset[str]:
    """Rules of one version of a rule set that are shown as hints; as `review` takes it."""
    return frozenset(rule for rule, of in demoted(rule_figures(ledger)) if of == version)


def officer_figures(ledger: Ledger) -> tuple[OfficerFigures, ...]:
    with ledger.reading() as connection:
        said = connection.execute(_last_words(None)).all()
        added = Counter(connection.execute(sa.select(additions.c.officer)).scalars())
    decided = Counter(row.officer for row in said)
    overruled = Counter(row.officer for row in said if row.kind != "accept")
    names = sorted({*decided, *added})
    return tuple(OfficerFigures(name, decided[name], overruled[name], added[name]) for name in names)


def _runs(item: str | None) -> sa.Select:
    """Each check of the newest run of each round; late runs aside."""
    newest = (
        sa.select(verdicts.c.case_id, verdicts.c.round, sa.func.max(verdicts.c.at).label("at"))
        .where(verdicts.c.late.is_(False))
        .group_by(verdicts.c.case_id, verdicts.c.round)
        .subquery()
    )
    same = (verdicts.c.case_id == newest.c.case_id) & (verdicts.c.round == newest.c.round)
    query = (
        sa.select(
            verdicts.c.case_id, verdicts.c.round, verdicts.c.ruleset_version, cases.c.item, outcomes.c.rule,
            outcomes.c.finding, outcomes.c.outcome,
        )
        .join(newest, same & (verdicts.c.at == newest.c.at))
        .join(outcomes, outcomes.c.verdict_id == verdicts.c.id)
        .join(cases, cases.c.id == verdicts.c.case_id)
        .where(verdicts.c.late.is_(False))
    )  # fmt: skip
    return query if item is None else query.where(cases.c.item == item)


def _last_words(item: str | None) -> sa.Select:
    """The decision that counts on each finding of each round."""
    key = (decisions.c.case_id, decisions.c.round, decisions.c.finding)
    last = sa.select(*key, sa.func.max(decisions.c.seq).label("seq")).group_by(*key).subquery()
    mine = (decisions.c.case_id == last.c.case_id) & (decisions.c.seq == last.c.seq)
    query = sa.select(decisions).join(last, mine).join(cases, cases.c.id == decisions.c.case_id)
    return query if item is None else query.where(cases.c.item == item)


def _missed(item: str | None) -> sa.Select:
    query = sa.select(additions, cases.c.item, cases.c.ruleset_version).join(cases, cases.c.id == additions.c.case_id)
    return query if item is None else query.where(cases.c.item == item)
