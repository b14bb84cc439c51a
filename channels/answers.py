"""/v1/desk/answers: staff judge a sample of what visitors were answered.

Role and organisation are checked on every call. Editors judge; seniors and auditors read figures. Texts are for
editors alone.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.answer_labels import (
    AlreadyJudged,
    AnswerLabels,
    Judgement,
    Label,
    NoSuchAnswer,
    WasNotAnswered,
    delete,
    judge,
)
from assistant.answer_sample import week_of
from assistant.masking import mask
from channels.access import engine_of, require
from channels.access_failures import utc_now
from channels.answers_view import AnswerFiguresView, AnswersView, AnswerView, AnswerViews, answer_words
from channels.audit import actor_of, ledger_of
from channels.errors import Problem, described
from channels.plain_text import Plain, PlainLine
from channels.staff import Accounts, StaffMember
from channels.wiring import Product

router = APIRouter(prefix="/v1/desk/answers", tags=["desk"], responses=described(401, 403))
Editor = Annotated[StaffMember, Depends(require("editor"))]
Reader = Annotated[StaffMember, Depends(require("editor", "senior", "auditor"))]
AnswerId = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$")]
LISTED = 50
OF_HALL = frozenset(("landline", "phone_like"))
"""Numbers that staff may write: those of offices."""


class LabelBody(BaseModel):
    """对, 部分对, 错 or 本不该答; of what is not right also which item was meant, and what ought to have been said."""

    model_config = ConfigDict(extra="forbid")

    label: Label
    right_item: Annotated[str, Field(max_length=128)] | None = None
    should_say: Annotated[str, Field(max_length=2000), Plain] = ""
    note: Annotated[PlainLine, Field(max_length=500)] = ""

    @model_validator(mode="after")
    def _of_what_is_not_right(self) -> LabelBody:
        if self.label == "right" and (self.right_item or self.should_say):
            raise ValueError("right_item and should_say are for answers that are not right")
        return self


@router.get("")
def answers(
    request: Request, editor: Editor, response: Response, state: Literal["waiting", "judged"] = "waiting"
) -> AnswersView:
    """未标注: what this editor may judge, oldest first; 已标注: what was judged, newest first. Fifty at most."""
    response.headers["Cache-Control"] = "no-store"
    labels, views = AnswerLabels(engine_of(request)), _views(request)
    read = labels.waiting if state == "waiting" else labels.judged
    rows = read(editor.organisation, editor.id, LISTED)
    return AnswersView(
        answers=[views.of(row, editor.id) for row in rows], waiting=labels.left(editor.organisation, editor.id)
    )


@router.get("/figures")
def figures(request: Request, reader: Reader, weeks: Annotated[int, Query(ge=1, le=57)] = 13) -> AnswerFiguresView:
    """How right answers of the last weeks were, weighted by how often each kind is taken, with intervals of 95 %."""
    since = week_of(date.today() - timedelta(weeks=weeks - 1))
    organisation = None if "auditor" in reader.roles else reader.organisation
    return _views(request).figures(AnswerLabels(engine_of(request)).counted(organisation, since), since)


@router.get("/{answer_id}", responses=described(404))
def answer(answer_id: AnswerId, request: Request, editor: Editor, response: Response) -> AnswerView:
    """One answer with what was said of it; 404 also for what went away with its conversation, or is others'."""
    response.headers["Cache-Control"] = "no-store"
    return _shown(request, answer_id, editor)


@router.post("/{answer_id}/label", responses=described(404, 409))
def label(answer_id: AnswerId, body: LabelBody, request: Request, editor: Editor) -> AnswerView:
    """Judge an answer, or think better of it. 409 already_judged where another person judged it; the sentence says how.

    One in ten is judged by two people, neither of whom sees what the other said before.
    """
    if {*mask(body.should_say).found, *mask(body.note).found} - OF_HALL:
        raise Problem(422, "personal_in_note")
    if body.right_item is not None and body.right_item not in _product(request).live.current().library.items:
        raise Problem(404, "no_item", item=body.right_item)
    try:
        with ledger_of(request).entry(actor_of(editor), "answers.label", label=body.label) as write:
            mine = Judgement(body.label, editor.id, utc_now(), body.right_item, body.should_say.strip(), body.note)
            judge(write.connection, answer_id, editor.organisation, mine)
            write.note(answer=answer_id)
    except NoSuchAnswer:
        raise Problem(404, "no_answer") from None
    except WasNotAnswered:
        raise Problem(422, "was_not_answered") from None
    except AlreadyJudged as already:
        first = already.judgement
        name, said = _views(request).who(first), answer_words()["labels"][first.label]
        raise Problem(409, "already_judged", who=name, label=said) from None
    return _shown(request, answer_id, editor)


@router.delete("/{answer_id}", status_code=204, responses=described(404))
def delete_answer(answer_id: AnswerId, request: Request, editor: Editor) -> None:
    """Delete a row that tells who asked, though it was masked, with what was said of it. It stays counted."""
    try:
        with ledger_of(request).entry(actor_of(editor), "answers.deleted") as write:
            delete(write.connection, answer_id, editor.organisation)
            write.note(answer=answer_id)
    except NoSuchAnswer:
        raise Problem(404, "no_answer") from None


def _shown(request: Request, answer_id: AnswerId, editor: StaffMember) -> AnswerView:
    try:
        row = AnswerLabels(engine_of(request)).get(answer_id, editor.organisation)
    except NoSuchAnswer:
        raise Problem(404, "no_answer") from None
    return _views(request).of(row, editor.id)


def _views(request: Request) -> AnswerViews:
    people = {member.id: member.name for member in Accounts(engine_of(request)).everybody()}
    return AnswerViews(_product(request).live.current().library.items, people)


def _product(request: Request) -> Product:
    return request.app.state.product
