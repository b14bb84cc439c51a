"""Until when something must happen, from what happened and the calendar alone.

行政许可法 §32: all that must be corrected is told within five days, or the case counts as accepted since its receipt.
§42: a decision within twenty days of acceptance, once extended by ten. §44: delivery within ten days of the decision.
§45: hearings, expert reviews and the like do not count; a site visit is not among them, and stops the clock only by an
item's own terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Literal

from preapproval.sign_off_guards import Procedure
from preapproval.working_days import WorkingDays

TELL_DAYS, TELL_ALARM_DAYS = 5, 4
DECIDE_DAYS, EXTENSION_DAYS = 20, 10
DELIVER_DAYS = 10
BY_LAW: frozenset[Procedure] = frozenset(
    {"hearing", "tender", "auction", "inspection", "testing", "quarantine", "appraisal", "expert_review"}
)

DeadlineKind = Literal["tell", "decide", "deliver", "gap", "correct"]
Standing = Literal["running", "alarm", "passed", "stopped", "met"]
TOLD = frozenset({"request_correction", "sign_acceptance", "sign_refusal", "accept_with_gap", "deem_accepted"})
ACCEPTED = frozenset({"sign_acceptance", "accept_with_gap"})
DECIDED = frozenset({"grant", "refuse"})
ENDED = frozenset({"withdraw", "end", "sign_refusal"})


@dataclass(frozen=True)
class CaseEvent:
    """One thing that happened to a case."""

    at: datetime
    """With time zone."""
    event: str
    until: date | None = None
    """Of `accept_with_gap`: when the missing must be there."""
    procedure: Procedure | None = None
    """Of `stop_for_procedure`."""


@dataclass(frozen=True)
class ItemTerms:
    """What the item promises beyond the law."""

    decide_days: int = DECIDE_DAYS
    """Working days; what an item promises is never longer than what the law gives it."""
    correct_days: int = 15
    """Working days that an applicant has for a correction."""
    site_visit_stops: bool = False
    may_follow: frozenset[str] = frozenset()
    """Requirements whose material may be handed in after acceptance (容缺)."""
    keep_days: int = 365
    """Days after the case came to rest, when what is personal is erased; each item's archive schedule says how many."""


@dataclass(frozen=True)
class Deadline:
    kind: DeadlineKind
    since: date
    due: date
    standing: Standing
    alarm_on: date
    days_left: int
    """Working days; negative where it has passed."""
    calendar_known: bool


class Clock:
    """Reads the deadlines of cases off the calendar of a hall. `zone` is the hall's; None: this machine's."""

    def __init__(self, calendar: WorkingDays, zone: tzinfo | None = None) -> None:
        self.calendar, self.zone = calendar, zone

    def day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def deadlines(self, events: Sequence[CaseEvent], terms: ItemTerms, now: datetime) -> tuple[Deadline, ...]:
        """Every deadline of the present round and of what followed, in the order in which they began."""
        happened = sorted(events, key=lambda one: one.at)
        found = (
            self._tell(happened, now), self._correct(happened, terms, now), self._gap(happened, now),
            self._decide(happened, terms, now), self._deliver(happened, now),
        )  # fmt: skip
        return tuple(sorted((one for one in found if one), key=lambda one: one.since))

    def promised(self, day: date, terms: ItemTerms) -> date:
        """When a case accepted on `day` is decided."""
        return self.calendar.add(day, terms.decide_days).day

    def _tell(self, events: Sequence[CaseEvent], now: datetime) -> Deadline | None:
        """What is corrected on the spot, or of the applicant's own accord, does not begin it anew."""
        start = _handed_in(events)
        if start is None:
            return None
        met = _after(events, start, TOLD | ENDED)
        return self._deadline("tell", self.day(start.at), TELL_DAYS, now, met, TELL_ALARM_DAYS)

    def _correct(self, events: Sequence[CaseEvent], terms: ItemTerms, now: datetime) -> Deadline | None:
        start = _last(events, {"request_correction"})
        if start is None:
            return None
        met = _after(events, start, {"submit"} | ENDED)
        return self._deadline("correct", self.day(start.at), terms.correct_days, now, met)

    def _gap(self, events: Sequence[CaseEvent], now: datetime) -> Deadline | None:
        start = _last(events, {"accept_with_gap"})
        if start is None or start.until is None:
            return None
        met, since = _after(events, start, {"confirm_gap_filled"} | ENDED), self.day(start.at)
        return self._deadline("gap", since, self.calendar.between(since, start.until), now, met, due=start.until)

    def _decide(self, events: Sequence[CaseEvent], terms: ItemTerms, now: datetime) -> Deadline | None:
        accepted, deemed = _first(events, ACCEPTED), _first(events, {"deem_accepted"})
        handed_in = _handed_in(events)
        start = accepted or (deemed and handed_in)  # §32: accepted from the day on which it was received
        if start is None:
            return None
        extra = EXTENSION_DAYS if _after(events, start, {"extend"}) else 0
        stopped, now_stopped = self._stopped(events, terms, now)
        met = _after(events, start, DECIDED | ENDED)
        days = terms.decide_days + extra + stopped
        return self._deadline("decide", self.day(start.at), days, now, met, stopped=now_stopped and not met)

    def _stopped(self, events: Sequence[CaseEvent], terms: ItemTerms, now: datetime) -> tuple[int, bool]:
        """Working days that do not count so far, and whether the clock stands still now."""
        stops: frozenset[str] = BY_LAW | ({"site_visit"} if terms.site_visit_stops else set())
        days, since = 0, None
        for one in events:
            if one.event == "stop_for_procedure" and one.procedure in stops:
                since = self.day(one.at)
            elif one.event in {"resume", "withdraw"} and since:
                days, since = days + self.calendar.between(since, self.day(one.at)), None
        if since:
            days += self.calendar.between(since, self.day(now))
        return days, since is not None

    def _deliver(self, events: Sequence[CaseEvent], now: datetime) -> Deadline | None:
        """§44 says so of a grant; a refusal is delivered as soon."""
        start = _last(events, DECIDED)
        if start is None:
            return None
        return self._deadline("deliver", self.day(start.at), DELIVER_DAYS, now, _after(events, start, {"deliver"}))

    def _deadline(
        self, kind: DeadlineKind, since: date, days: int, now: datetime, met: CaseEvent | None,
        alarm_days: int | None = None, due: date | None = None, stopped: bool = False,
    ) -> Deadline:  # fmt: skip
        last, today = self.calendar.add(since, days), self.day(now)
        alarm = self.calendar.add(since, alarm_days if alarm_days is not None else max(days - 1, 0)).day
        due = due or last.day
        late = -self.calendar.between(due, today)
        standing: Standing = (
            "met" if met else "stopped" if stopped
            else "passed" if today > due else "alarm" if today >= alarm else "running"
        )  # fmt: skip
        left = late or self.calendar.between(today, due)
        return Deadline(kind, since, due, standing, alarm, left, last.calendar_known)


def _handed_in(events: Sequence[CaseEvent]) -> CaseEvent | None:
    """The first submission, or the first one after the last notice that asked for a correction."""
    found, asked = None, False
    for one in events:
        asked = asked or one.event == "request_correction"
        if one.event == "submit" and (found is None or asked):
            found, asked = one, False
    return found


def _first(events: Sequence[CaseEvent], names: set[str] | frozenset[str]) -> CaseEvent | None:
    return next((one for one in events if one.event in names), None)


def _last(events: Sequence[CaseEvent], names: set[str] | frozenset[str]) -> CaseEvent | None:
    return _first(tuple(reversed(events)), names)


def _after(events: Sequence[CaseEvent], start: CaseEvent, names: set[str] | frozenset[str]) -> CaseEvent | None:
    """The first of `names` that followed `start`."""
    place = next(n for n, one in enumerate(events) if one is start)
    return _first(tuple(events[place + 1 :]), names)
