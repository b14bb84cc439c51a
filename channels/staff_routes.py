"""Accounts, by who manages them. Nobody ever learns a password of another: a link lets each person set it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from channels.access import engine_of, require
from channels.access_failures import utc_now
from channels.audit import actor_of, ledger_of
from channels.errors import ErrorBody
from channels.sign_in import Body, problem_of
from channels.staff import AccountRefused, Accounts, Role, StaffMember
from channels.staff_links import link_of, make_reset
from channels.staff_writing import change_account, changed_columns, insert_row, new_row, told

router = APIRouter(
    prefix="/v1/desk/staff", tags=["desk"], responses={status: {"model": ErrorBody} for status in (401, 403, 409)}
)
Admin = Annotated[StaffMember, Depends(require("admin"))]


class NewStaff(Body):
    login: str = Field(max_length=64)
    name: str = Field(max_length=128)
    organisation: str = Field(max_length=256)
    roles: list[Role] = Field(min_length=1, max_length=5)


class Change(Body):
    """What is left out stays."""

    name: str | None = Field(None, max_length=128)
    organisation: str | None = Field(None, max_length=256)
    roles: list[Role] | None = Field(None, min_length=1, max_length=5)
    disabled: bool | None = None


class StaffBody(BaseModel):
    id: str
    login: str
    name: str
    organisation: str
    roles: list[str]
    disabled: bool
    has_password: bool


class Invited(BaseModel):
    """`link` works once, for a day; it is shown here and nowhere else."""

    staff: StaffBody
    link: str


@router.get("", dependencies=[Depends(require("admin"))])
def everybody(request: Request) -> list[StaffBody]:
    """Every account of every organisation."""
    return [_body(member) for member in Accounts(engine_of(request)).everybody()]


@router.post("", status_code=201)
def add(body: NewStaff, request: Request, response: Response, admin: Admin) -> Invited:
    """A new account without a password, and the link for its person."""
    try:
        row = new_row(body.login, body.name, body.organisation, body.roles, None, utc_now())
        details = {"staff": row["id"], "roles": row["roles"]}
        with ledger_of(request).entry(actor_of(admin), "staff.added", **details) as write:
            insert_row(write.connection, row)
    except AccountRefused as refused:
        raise problem_of(refused) from refused
    return _invited(request, response, admin, row["id"])


@router.patch("/{staff_id}")
def change(staff_id: str, body: Change, request: Request, admin: Admin) -> StaffBody:
    """Disabling signs the person out at once. What changes holds from the person's next request on."""
    accounts = Accounts(engine_of(request))
    try:
        member, columns = accounts.find(staff_id), changed_columns(**body.model_dump())
        with ledger_of(request).entry(actor_of(admin), "staff.changed", **told(member, columns)) as write:
            change_account(write.connection, member, columns)
    except AccountRefused as refused:
        raise problem_of(refused) from refused
    return _body(accounts.find(staff_id))


@router.post("/{staff_id}/reset", status_code=201)
def reset(staff_id: str, request: Request, response: Response, admin: Admin) -> Invited:
    """The old password and every session end now; the person sets a new one by the link."""
    try:
        return _invited(request, response, admin, staff_id)
    except AccountRefused as refused:
        raise problem_of(refused) from refused


def _invited(request: Request, response: Response, admin: StaffMember, staff_id: str) -> Invited:
    accounts = Accounts(engine_of(request))
    member = accounts.find(staff_id)
    with ledger_of(request).entry(actor_of(admin), "staff.reset", staff=member.id) as write:
        token = make_reset(write.connection, member.id, write.at)
    response.headers["Cache-Control"] = "no-store"
    return Invited(staff=_body(accounts.find(staff_id)), link=link_of(request.app.state.settings, token))


def _body(member: StaffMember) -> StaffBody:
    return StaffBody(
        id=member.id,
        login=member.login,
        name=member.name,
        organisation=member.organisation,
        roles=sorted(member.roles),
        disabled=member.disabled,
        has_password=member.has_password,
    )
