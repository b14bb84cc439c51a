"""/v1/cases: what applicants do with a case. Whoever has its key sees it, and nobody else."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, Header, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from channels.access import (
    address_of,
    case_address,
    case_key,
    case_key_hash,
    check_case_key,
    engine_of,
    keep_case_key,
    new_case_key,
)
from channels.access_failures import Attempts
from channels.case_errors import stale
from channels.case_papers import issue_papers
from channels.case_parts import CaseParts
from channels.case_view import APPLICANT, CaseView, FileView, case_view, file_view
from channels.chat import region_of
from channels.errors import Problem, described
from channels.notice_files import notice_file
from channels.plain_text import Plain, PlainLine
from channels.upload import FORM, Upload, read_upload, size_told
from knowledge.item import ServiceItem
from knowledge.situations import unknown_choices
from preapproval.case import Applicant, HandedIn
from preapproval.case_files import StoredFile, open_round
from preapproval.case_rows import CaseRow, NoSuchCase, StaleVersion
from preapproval.case_store import Form, NewCase
from preapproval.sign_off_guards import Act

router = APIRouter(prefix="/v1/cases", tags=["cases"])

NEW_CASES = 60
"""Cases that one address may begin within a quarter of an hour: a busy kiosk stays far below."""
TRIES = 8
"""Uploads of one case at the same time take turns."""


Short = Annotated[str, Field(max_length=64)]
Words = Annotated[str, Field(max_length=500), Plain]
Figure = Annotated[float, Field(allow_inf_nan=False)]


class ApplicantBody(BaseModel):
    """An Applicant as typed in."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[PlainLine, Field(max_length=200)] | None = None
    number: Annotated[PlainLine, Field(max_length=64)] | None = None
    phone: Annotated[PlainLine, Field(max_length=64)] | None = None
    address: Annotated[PlainLine, Field(max_length=500)] | None = None
    company: Annotated[PlainLine, Field(max_length=300)] | None = None


class FormBody(BaseModel):
    """What the applicant types in. What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    choices: dict[Short, Short] | None = None
    applicant: ApplicantBody | None = None
    declared: dict[Short, bool | Figure | Words] | None = None


class NewCaseBody(FormBody):
    item: Annotated[str, Field(max_length=128)]
    region: Short | None = None


class EditBody(FormBody):
    version: int


class VersionBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int


class NewCaseView(BaseModel):
    id: str
    key: str
    """Shown once; only its hash is kept."""
    link: str
    case: CaseView


class AddedFileView(BaseModel):
    file: FileView
    duplicate: bool
    case: CaseView


class Picture(Response):
    media_type = "image/jpeg"


def parts_of(request: Request) -> CaseParts:
    return request.app.state.cases


def own_case(case_id: str, request: Request, key: Annotated[str | None, Depends(case_key)]) -> CaseRow:
    """The case that the key opens. 404 no_case for any other, whether there is one or not."""
    try:
        row = parts_of(request).store.by_key(case_key_hash(key or ""))
    except NoSuchCase:
        row = None
    known = row is not None and row.id == case_id and row.erased_at is None
    check_case_key(request, key, case_key_hash(key or "") if known else None)
    assert row is not None
    request.state.show_case = lambda present: case_view(parts_of(request), present)
    return row


Own = Annotated[CaseRow, Depends(own_case)]


@router.post("", status_code=201)
def begin(body: NewCaseBody, request: Request) -> NewCaseView:
    """Begin a draft. The answer holds the key of the private link, which cannot be asked for again."""
    parts = parts_of(request)
    item = parts.item(body.item)
    if item is None:
        raise Problem(404, "no_item", item=body.item)
    if not Attempts(engine_of(request), "new-case", NEW_CASES, since_first=True).begin(address_of(request)):
        raise Problem(429, "too_many_cases")
    form, region = _form(body, item, Form()), region_of(parts.product, body.region)
    key, key_hash = new_case_key()
    organisation = parts.product.live.current().library.hall.name
    row = parts.store.begin(APPLICANT, NewCase(body.item, organisation, form, region, key_hash))
    return NewCaseView(id=row.id, key=key, link=case_address(request, row.id, key), case=case_view(parts, row))


@router.get("/{case_id}")
def get(row: Own, request: Request, response: Response, key: Annotated[str | None, Depends(case_key)]) -> CaseView:
    """How the case stands. Also lets pictures of this case be shown by their address for a while."""
    if key:
        keep_case_key(request, response, row.id, key)
    response.headers["Cache-Control"] = "no-store"
    return case_view(parts_of(request), row)


@router.patch("/{case_id}", responses=stale("CaseView"))
def fill_in(body: EditBody, row: Own, request: Request) -> CaseView:
    """Change what was typed in, while the case is a draft or waits for a correction."""
    parts = parts_of(request)
    item = parts.item(row.item)
    if item is None:
        raise Problem(404, "no_item", item=row.item)
    form = _form(body, item, parts.store.form(row))
    return case_view(parts, parts.store.fill_in(APPLICANT, row.id, body.version, form))


@router.post(
    "/{case_id}/materials", status_code=201, openapi_extra=FORM, responses=stale("CaseView") | described(503, 507)
)  # fmt: skip
async def hand_in(row: Own, request: Request) -> AddedFileView:
    """Hand in one file, for one line of the checklist where `slot` names one. The same file twice is kept once.

    503 uploads_full with Retry-After where too many upload at once; 507 storage_full where nothing more can be stored.
    """
    most = request.app.state.settings.max_file_bytes
    with request.app.state.upload_room.hold(size_told(request, most)):
        upload = await read_upload(request, most)
        return await run_in_threadpool(_keep, parts_of(request), row, upload)


def _check_slot(parts: CaseParts, row: CaseRow, slot: str | None) -> None:
    """Raises Problem(422) for what is no line of the checklist: it would stand unsealed, and in keys of findings."""
    item = parts.item(row.item)
    known = {one.material or one.name for one in item.materials} if item else set()
    if slot is not None and slot not in known:
        raise Problem(422, "no_slot")


@router.delete("/{case_id}/materials/{file}", responses=stale("CaseView"))
def remove(file: str, row: Own, request: Request) -> CaseView:
    """Take a file back. Unless an earlier round was judged by it, it goes at once, with pictures of its pages."""
    parts = parts_of(request)
    present, refs = parts.files.remove(APPLICANT, row.id, row.version, file)
    for ref in refs:
        parts.file_vault.delete(row.id, ref)
    return case_view(parts, present)


@router.post("/{case_id}/submit", status_code=202, responses=stale("CaseView"))
def submit(
    body: VersionBody,
    row: Own,
    request: Request,
    later: BackgroundTasks,
    idempotency_key: Annotated[str | None, Header(max_length=128)] = None,
) -> CaseView:
    """Hand the case in; its pre-review begins at once. The same call again changes nothing."""
    parts = parts_of(request)
    token = idempotency_key or f"{row.id}:{row.state}:{body.version}"
    moved = parts.moves.submit(row.id, body.version, APPLICANT, token)
    if moved.row is not None:
        later.add_task(issue_papers, parts, moved.case, moved.row, APPLICANT, "")
    parts.jobs.wake()
    return case_view(parts, moved.case)


@router.post("/{case_id}/withdraw", responses=stale("CaseView"))
def withdraw(body: VersionBody, row: Own, request: Request) -> CaseView:
    """Take the application back, until it is decided."""
    parts = parts_of(request)
    return case_view(parts, parts.moves.act(row.id, body.version, "withdraw", Act(APPLICANT)).case)


@router.get("/{case_id}/pages/{file}/{page}/{part}.jpg", response_class=Picture)
def picture(file: str, page: int, part: int, row: Own, request: Request) -> Response:
    """One page, upright, in whose pixels quads are."""
    return page_picture(parts_of(request), row, file, page, part)


@router.get("/{case_id}/notices/{notice}.{suffix}", response_class=Response)
def notice(notice: str, suffix: str, row: Own, request: Request) -> Response:
    """A paper that was issued, as html, docx or pdf. That it was opened is its delivery record."""
    parts = parts_of(request)
    answer = notice_file(parts, row, notice, suffix)
    parts.notices.read(APPLICANT, row.id, notice)
    return answer


def page_picture(parts: CaseParts, row: CaseRow, file: str, page: int, part: int) -> Picture:
    """Raises Problem(404) for a page that was not read."""
    kept = parts.files.reading(row.id, file, parts.reviews.engine) if len(file) == 64 else None
    ref = kept[1].get(f"{page}.{part}") if kept else None
    if ref is None:
        raise Problem(404, "no_page")
    return Picture(parts.file_vault.get(row.id, ref), headers={"Cache-Control": "private, no-store"})


def _form(body: FormBody, item: ServiceItem, before: Form) -> Form:
    choices = dict(before.choices if body.choices is None else body.choices)
    for name in unknown_choices(item, choices):
        raise Problem(422, "no_choice", item=item.name, name=name, value=choices[name])
    applicant = before.applicant
    if body.applicant is not None:
        given: dict[str, Any] = body.applicant.model_dump(exclude_unset=True)
        applicant = Applicant.model_validate({**applicant.model_dump(), **given})
    declared = before.declared if body.declared is None else body.declared
    return Form(applicant, dict(declared), choices)


def _keep(parts: CaseParts, row: CaseRow, upload: Upload) -> AddedFileView:
    """First the bytes, then the entry: what is acknowledged is there."""
    _check_slot(parts, row, upload.slot)
    sha256 = hashlib.sha256(upload.data).hexdigest()
    file = HandedIn(name=upload.name, sha256=sha256, size=len(upload.data), slot=upload.slot)
    stored = StoredFile(file, upload.media_type, parts.file_vault.put(row.id, upload.data))
    kept = False
    try:
        added = _added(parts, row, stored)
        kept = not added.duplicate
    finally:
        if not kept:
            parts.file_vault.delete(row.id, stored.ref)
    listed = parts.files.of(added.case, open_round(added.case))
    present = next((one for one in listed if one.file.sha256 == sha256), stored)
    return AddedFileView(file=file_view(present, None), duplicate=added.duplicate, case=case_view(parts, added.case))


def _added(parts: CaseParts, row: CaseRow, stored: StoredFile) -> Any:
    """An upload does not depend on what others of the same case did meanwhile."""
    for _ in range(TRIES):
        try:
            return parts.files.add(APPLICANT, row.id, row.version, stored)
        except StaleVersion as stale:
            row = stale.present
    raise StaleVersion(row)
