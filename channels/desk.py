"""/v1/desk: what officers do with cases. Role and organisation are checked here, on every call."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from channels.access import require
from channels.audit import actor_of
from channels.case_errors import stale
from channels.case_jobs import MOST
from channels.case_papers import issue_papers, preview
from channels.case_parts import CaseParts
from channels.case_reviews import ItemGone
from channels.cases import Picture, page_picture, parts_of
from channels.desk_view import DeskCase, QueueView, desk_case, fields_by_id, queue_view
from channels.errors import Problem, described
from channels.notice_files import PAPER_POLICY, notice_file
from channels.plain_text import Plain, PlainLine
from channels.rule_figures_view import SEEN_BY, FiguresView, figures
from channels.staff import StaffMember
from preapproval.case import PageRef
from preapproval.case_rows import CaseRow, NoSuchCase
from preapproval.case_store import Form
from preapproval.decisions import Added, Decision, DismissReason, FieldCorrection
from preapproval.sign_off import STATES, Event
from preapproval.sign_off_guards import Act, Procedure, RepeatReason, State

figures_router = APIRouter(prefix="/v1/desk", tags=["desk"])
router = APIRouter(prefix="/v1/desk/cases", tags=["desk"], responses=described(401, 403, 409))
STALE = stale("DeskCase")
Reader = Annotated[StaffMember, Depends(require("clerk", "senior", "auditor"))]
Officer = Annotated[StaffMember, Depends(require("clerk", "senior"))]
OPEN: tuple[State, ...] = (
    "review_failed", "awaiting_clerk", "acceptance_drafted", "refusal_drafted", "accepted", "accepted_with_gap",
    "gap_passed", "deemed_accepted", "examining", "special_procedure", "awaiting_final", "correction_requested",
    "granted", "not_granted", "closed", "not_accepted", "ended", "submitted", "reviewing",
)  # fmt: skip
"""What the desk lists when no state is asked for: all that is not a draft, withdrawn or put away."""
LISTED = 200
Text = Annotated[str, Field(max_length=2000), Plain]
Short = Annotated[str, Field(max_length=300)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Versioned(Body):
    version: int


class DecisionBody(Versioned):
    finding: Short
    kind: Literal["accept", "dismiss", "amend"]
    reason: DismissReason | None = None
    text: Text = ""
    repeat_reason: RepeatReason | None = None


class AddedBody(Body):
    title: Annotated[PlainLine, Field(min_length=1, max_length=200)]
    citizen_text: Annotated[str, Plain, Field(min_length=1, max_length=1000)]
    action: Annotated[str, Plain, Field(min_length=1, max_length=300)]
    slot: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,100}$")] | None = None
    rule: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,100}$")] = "added"
    basis: Annotated[PlainLine, Field(max_length=300)] = ""
    repeat_reason: RepeatReason | None = None


class NewFinding(AddedBody, Versioned):
    pass


class BlindList(Versioned):
    findings: Annotated[list[AddedBody], Field(max_length=60)]


class MatchBody(Versioned):
    added: Annotated[str, Field(max_length=36)]
    finding: Short | None = None
    rule: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,100}$")] = "added"


class CorrectionBody(Versioned):
    field: Short
    value: Annotated[PlainLine, Field(min_length=1, max_length=500)]


class UnmaskBody(Body):
    what: Short
    """`applicant.number`, or the id of a field."""
    reason: Literal["check_original", "contact", "other_system", "correct_reading"]


class Unmasked(BaseModel):
    value: str


class EventBody(Versioned):
    event: Event
    reason: Text = ""
    commitment: bool = False
    credit_checked: bool = False
    gap_until: date | None = None
    procedure: Procedure | None = None


class ClaimBody(Body):
    take_over: bool = False


def seen_case(case_id: str, request: Request, member: Reader) -> CaseRow:
    """A case of the officer's own organisation; any other is 404, as if there were none."""
    try:
        row = parts_of(request).store.get(case_id)
    except NoSuchCase:
        raise Problem(404, "no_case") from None
    if not member.sees(row.organisation):
        raise Problem(404, "no_case")
    request.state.show_case = lambda present: _shown(request, present, member)
    return row


Seen = Annotated[CaseRow, Depends(seen_case)]


@router.get("")
def queue(member: Reader, request: Request, state: str = "", mine: bool = False, q: str = "") -> QueueView:
    """What waits, the most urgent first. `state` is a state or empty for all that is open; `q` a number or an item."""
    parts = parts_of(request)
    if state and state not in STATES:
        raise Problem(422, "bad_request")
    organisation = None if "auditor" in member.roles else member.organisation
    wanted: set[State] = {one for one in STATES if one == state} if state else set(OPEN)
    looked_at = parts.store.queue(wanted, organisation, limit=MOST if mine or q else LISTED)
    rows = [row for row in looked_at if _fits(parts, row, member, mine, q)]
    return queue_view(parts, rows[:LISTED], member, parts.store.counts(organisation))


def _fits(parts: CaseParts, row: CaseRow, member: StaffMember, mine: bool, q: str) -> bool:
    item = parts.item(row.item)
    named = f"{row.number or ''} {row.item} {item.name if item else ''}"
    return (not mine or row.claimed_by == member.id) and q.strip().lower() in named.lower()


@router.get("/{case_id}")
def get(row: Seen, member: Reader, request: Request, response: Response) -> DeskCase:
    """One case with everything beside the page."""
    response.headers["Cache-Control"] = "no-store"
    return _shown(request, row, member)


@router.post("/{case_id}/claim")
def claim(row: Seen, member: Officer, request: Request, body: ClaimBody | None = None) -> DeskCase:
    """Take the case for fifteen minutes, or for fifteen more. 409 claimed_by_another."""
    take_over = bool(body and body.take_over)
    return _shown(request, parts_of(request).claims.claim(actor_of(member), row.id, take_over=take_over), member)


@router.post("/{case_id}/release")
def release(row: Seen, member: Officer, request: Request) -> DeskCase:
    """Let go of the case."""
    return _shown(request, parts_of(request).claims.release(actor_of(member), row.id), member)


@router.post("/{case_id}/findings/{finding:path}/open")
def open_finding(finding: str, row: Seen, member: Officer, request: Request) -> DeskCase:
    """Say that a finding was looked at; what could not be judged must be, before it is decided."""
    parts_of(request).desk.open_finding(actor_of(member), row.id, finding)
    return _shown(request, row, member)


@router.post("/{case_id}/decisions", responses=STALE)
def decide(body: DecisionBody, row: Seen, member: Officer, request: Request) -> DeskCase:
    """采纳, 驳回 or 修改 of one finding."""
    said = Decision(
        finding=body.finding, kind=body.kind, by=member.id, at=datetime.now(UTC), reason=body.reason, text=body.text,
        repeat_reason=body.repeat_reason,
    )  # fmt: skip
    return _shown(request, parts_of(request).desk.decide(actor_of(member), row.id, body.version, said), member)


@router.post("/{case_id}/added", responses=STALE)
def add(body: NewFinding, row: Seen, member: Officer, request: Request) -> DeskCase:
    """新增: what the machine missed."""
    own = _added(body, member)
    return _shown(request, parts_of(request).desk.add(actor_of(member), row.id, body.version, own), member)


@router.post("/{case_id}/blind", responses=STALE)
def enter_blind_list(body: BlindList, row: Seen, member: Officer, request: Request) -> DeskCase:
    """All that the officer found alone in a case of the blind sample, perhaps nothing; then the findings show."""
    own = [_added(one, member) for one in body.findings]
    desk = parts_of(request).desk
    return _shown(request, desk.enter_blind_list(actor_of(member), row.id, body.version, own), member)


@router.post("/{case_id}/match", responses=STALE)
def match(body: MatchBody, row: Seen, member: Officer, request: Request) -> DeskCase:
    """Which finding of the machine a blind one is the same as."""
    desk = parts_of(request).desk
    after = desk.match(actor_of(member), row.id, body.version, body.added, body.finding, body.rule)
    return _shown(request, after, member)


@router.post("/{case_id}/fields", responses=STALE)
def correct(body: CorrectionBody, row: Seen, member: Officer, request: Request) -> DeskCase:
    """What really stands there; the case is judged again by it, without reading anything again. 409 item_gone."""
    parts = parts_of(request)
    found = fields_by_id(parts.runs.verdict(row)).get(body.field)
    if found is None:
        raise Problem(404, "no_field")
    if parts.item(row.item) is None:
        raise ItemGone(row.item)
    _, field, _ = found
    typed = FieldCorrection(
        page=field.page,
        field=field.name,
        read=field.value,
        value=body.value.strip(),
        by=member.id,
        at=datetime.now(UTC),
    )
    after = parts.desk.correct(actor_of(member), row.id, body.version, typed)
    parts.reviews.review(row.id)
    return _shown(request, parts.store.get(after.id), member)


@router.post("/{case_id}/unmask")
def unmask(body: UnmaskBody, row: Seen, member: Officer, request: Request) -> Unmasked:
    """One personal value in full. Who asked for which, and why, is in the audit."""
    parts = parts_of(request)
    value, place = _hidden(parts, row, body.what)
    told: dict[str, Any] = {"what": body.what, "reason": body.reason}
    if place:
        told |= {"file": place.file, "page": place.number}
    parts.keeping.ledger.record(actor_of(member), "unmask", row.id, **told)
    return Unmasked(value=value)


@router.post("/{case_id}/events", responses=STALE)
def act(body: EventBody, row: Seen, member: Officer, request: Request) -> DeskCase:
    """One step of the table of the sign-off; the papers that fall due are drawn and issued."""
    parts = parts_of(request)
    actor = actor_of(member)
    given = Act(actor, body.reason, body.commitment, body.credit_checked, body.gap_until, body.procedure)
    moved = parts.moves.act(row.id, body.version, body.event, given)
    if moved.row is not None:
        issue_papers(parts, moved.case, moved.row, actor, member.name, body.reason)
    parts.jobs.wake()
    return _shown(request, parts.store.get(row.id), member)


@router.get("/{case_id}/notices/draft", response_class=HTMLResponse)
def draft(kind: str, row: Seen, member: Officer, request: Request) -> HTMLResponse:
    """A paper as it would be issued now, marked as a draft."""
    headers = {"Content-Security-Policy": PAPER_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return HTMLResponse(preview(parts_of(request), row, kind, member.name), headers=headers)


@router.get("/{case_id}/notices/{notice}.{suffix}", response_class=Response)
def notice(notice: str, suffix: str, row: Seen, request: Request) -> Response:
    """A paper that was issued."""
    return notice_file(parts_of(request), row, notice, suffix)


@router.get("/{case_id}/pages/{file}/{page}/{part}.jpg", response_class=Picture)
def picture(file: str, page: int, part: int, row: Seen, request: Request) -> Response:
    """One page, upright, in whose pixels quads are."""
    return page_picture(parts_of(request), row, file, page, part)


def _shown(request: Request, row: CaseRow, member: StaffMember) -> DeskCase:
    return desk_case(parts_of(request), row, member, actor_of(member))


def _added(body: AddedBody, member: StaffMember) -> Added:
    return Added(
        id="new", title=body.title, citizen_text=body.citizen_text, action=body.action, by=member.id,
        at=datetime.now(UTC), rule=body.rule, slot=body.slot, basis=body.basis, repeat_reason=body.repeat_reason,
    )  # fmt: skip


def _hidden(parts: CaseParts, row: CaseRow, what: str) -> tuple[str, PageRef | None]:
    """Raises Problem(404) for what there is not."""
    prefix, _, name = what.partition(".")
    if prefix == "applicant":
        form: Form = parts.store.form(row)
        value = getattr(form.applicant, name, None) if name in type(form.applicant).model_fields else None
        if value:
            return str(value), None
    found = fields_by_id(parts.runs.verdict(row)).get(what)
    if found is None:
        raise Problem(404, "no_field")
    return found[1].value, found[1].page


@figures_router.get("/figures", dependencies=[Depends(require(*SEEN_BY))])
def rule_figures(request: Request) -> FiguresView:
    """How often officers agreed, by rule and version; which rules count as hints since they did not."""
    return figures(parts_of(request))
