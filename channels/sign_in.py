"""Staff come and go: the set-up link, sign-in and sign-out, a new password."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from channels.access import (
    ADDRESS_TRIES,
    SESSION_COOKIE,
    address_of,
    drop_session,
    engine_of,
    keep_session,
    require,
    signed_in,
)
from channels.access_failures import Attempts, utc_now
from channels.audit import NOBODY, actor_of, ledger_of
from channels.errors import ErrorBody, Problem
from channels.sessions import SignedIn, begin_session, end_session
from channels.staff import AccountRefused, Accounts, StaffMember, plain_login
from channels.staff_links import FIRST_ROLE, check_first, use_first, use_reset, whose_reset
from channels.staff_passwords import TooBusy
from channels.staff_writing import new_password, new_row, set_password

LOGIN_TRIES = 5
"""Failed sign-ins in a row before a login is left alone for a quarter of an hour; logins that nobody has, too."""
STATUS = {
    "no_staff": 404, "login_taken": 409, "last_admin": 409, "link_spent": 410,
}  # fmt: skip
"""Status of an AccountRefused by its code; 422 otherwise."""

router = APIRouter(
    prefix="/v1/desk", tags=["desk"], responses={status: {"model": ErrorBody} for status in (401, 403, 409, 410, 429)}
)
AnyStaff = Annotated[StaffMember, Depends(require())]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SetUp(Body):
    """What the set-up page sends: for the first account everything, for a new password the token and it."""

    token: str = Field(max_length=128)
    password: str = Field(max_length=1024)
    login: str = Field("", max_length=64)
    name: str = Field("", max_length=128)
    organisation: str = Field("", max_length=256)


class Credentials(Body):
    login: str = Field(max_length=64)
    password: str = Field(max_length=1024)


class NewPassword(Body):
    old: str = Field(max_length=1024)
    new: str = Field(max_length=1024)


class SessionBody(BaseModel):
    """Who is signed in. `csrf` goes into the header X-CSRF-Token of every request that changes something."""

    id: str
    login: str
    name: str
    organisation: str
    roles: list[str]
    csrf: str
    expires_at: datetime


class Done(BaseModel):
    login: str


def problem_of(refused: AccountRefused) -> Problem:
    return Problem(STATUS.get(refused.code, 422), refused.code)


@router.post("/setup", status_code=201)
def set_up(body: SetUp, request: Request) -> Done:
    """Use a one-time link: `first.…` makes the first account, `reset.…` sets a password."""
    _check_address(request)
    try:
        login = (_first_account if body.token.startswith("first.") else _password_by_link)(body, request)
    except AccountRefused as refused:
        if refused.code == "link_spent":
            _address_tries(request).begin(address_of(request))
        raise problem_of(refused) from refused
    except TooBusy as busy:
        raise Problem(429, "too_busy") from busy
    _login_tries(request).forgive(login)
    return Done(login=login)


def _first_account(body: SetUp, request: Request) -> str:
    check_first(engine_of(request), body.token, utc_now())
    row = new_row(body.login, body.name, body.organisation, (FIRST_ROLE,), body.password, utc_now())
    with ledger_of(request).entry(NOBODY, "staff.first_account", staff=row["id"]) as write:
        use_first(write.connection, row, write.at)
    return row["login"]


def _password_by_link(body: SetUp, request: Request) -> str:
    member = whose_reset(engine_of(request), body.token, utc_now())
    columns = new_password(member.login, body.password, utc_now())
    with ledger_of(request).entry(actor_of(member), "staff.password_by_link") as write:
        use_reset(write.connection, body.token, member, columns, write.at)
    return member.login


@router.post("/session")
def sign_in(body: Credentials, request: Request, response: Response) -> SessionBody:
    """Wrong logins, wrong passwords and disabled accounts get the same answer after the same time."""
    _check_address(request)
    member = _checked(request, plain_login(body.login) or body.login, body.password)
    if member is None:
        _address_tries(request).begin(address_of(request))
        whose = Accounts(engine_of(request)).known(body.login)
        ledger_of(request).record(NOBODY, "staff.sign_in_failed", staff=whose)
        raise Problem(401, "wrong_sign_in")
    with ledger_of(request).entry(actor_of(member), "staff.signed_in") as write:
        before = request.cookies.get(SESSION_COOKIE)
        session = begin_session(write.connection, member, write.at, before)
    keep_session(request, response, session)
    return _body(session, response)


@router.get("/session")
def session(request: Request, response: Response) -> SessionBody:
    """Who is signed in here: what a page asks first, for its CSRF token too."""
    return _body(signed_in(request), response)


@router.delete("/session", status_code=204)
def sign_out(request: Request, response: Response, member: AnyStaff, everywhere: bool = False) -> None:
    """Here, or on every device."""
    with ledger_of(request).entry(actor_of(member), "staff.signed_out", everywhere=everywhere) as write:
        end_session(write.connection, member, None if everywhere else request.cookies[SESSION_COOKIE])
    drop_session(request, response)


@router.post("/password")
def change_password(body: NewPassword, request: Request, response: Response, member: AnyStaff) -> SessionBody:
    """Ends every other session of the person; this one goes on under a new token."""
    if _checked(request, member.login, body.old) is None:
        ledger_of(request).record(actor_of(member), "staff.password_refused")
        raise Problem(422, "wrong_password")
    try:
        columns = new_password(member.login, body.new, utc_now())
    except AccountRefused as refused:
        raise problem_of(refused) from refused
    except TooBusy as busy:
        raise Problem(429, "too_busy") from busy
    with ledger_of(request).entry(actor_of(member), "staff.password_changed") as write:
        set_password(write.connection, member, columns)
        session = begin_session(write.connection, member, write.at)
    keep_session(request, response, session)
    return _body(session, response)


def _checked(request: Request, login: str, password: str) -> StaffMember | None:
    """Whose login and password these are; at most five wrong ones. Raises Problem(429)."""
    tries = _login_tries(request)
    if not tries.begin(login):
        raise Problem(429, "sign_in_locked")
    try:
        member = Accounts(engine_of(request)).check(login, password)
    except TooBusy as busy:
        tries.take_back(login)
        raise Problem(429, "too_busy") from busy
    if member:
        tries.forgive(login)
    return member


def _login_tries(request: Request) -> Attempts:
    return Attempts(engine_of(request), "login", LOGIN_TRIES)


def _address_tries(request: Request) -> Attempts:
    return Attempts(engine_of(request), "address", ADDRESS_TRIES)


def _check_address(request: Request) -> None:
    if _address_tries(request).used_up(address_of(request)):
        raise Problem(429, "too_many_tries")


def _body(session: SignedIn, response: Response) -> SessionBody:
    response.headers["Cache-Control"] = "no-store"
    one = session.member
    return SessionBody(
        id=one.id,
        login=one.login,
        name=one.name,
        organisation=one.organisation,
        roles=sorted(one.roles),
        csrf=session.csrf,
        expires_at=session.expires_at.replace(tzinfo=UTC),
    )
