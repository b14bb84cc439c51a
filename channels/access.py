"""Who may do what over HTTP: staff by session, role and CSRF token; applicants by the key of their case."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable

import sqlalchemy as sa
from fastapi import Request, Response

from channels.access_failures import Attempts
from channels.errors import Problem
from channels.sessions import IDLE, LONGEST, Sessions, SignedIn
from channels.staff import StaffMember

SESSION_COOKIE, CASE_COOKIE = "xiaoxin_desk", "xiaoxin_case"
CSRF_HEADER = "x-csrf-token"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""
KEY_TRIES, ADDRESS_TRIES = 30, 60
"""Failures from one address within a quarter of an hour: wrong keys of cases, failed sign-ins."""


# staff ---------------------------------------------------------------------------------------------------------


def require(*roles: str) -> Callable[[Request], StaffMember]:
    """A dependency: whoever is signed in and has one of `roles`; without roles, whoever is signed in.

    401 not_signed_in, 403 bad_csrf (for what changes something), 403 not_allowed.
    """
    wanted = frozenset(roles)

    def member(request: Request) -> StaffMember:
        now = signed_in(request)
        if request.method not in READING:
            _check_csrf(request, now)
        if wanted and not wanted & now.member.roles:
            raise Problem(403, "not_allowed")
        return now.member

    return member


def signed_in(request: Request) -> SignedIn:
    """The session of this request. Raises Problem(401)."""
    token = request.cookies.get(SESSION_COOKIE)
    found = Sessions(engine_of(request)).find(token) if token else None
    if found is None:
        raise Problem(401, "not_signed_in")
    return found


def engine_of(request: Request) -> sa.Engine:
    return request.app.state.product.knowledge.engine


def address_of(request: Request) -> str:
    """Behind a proxy, uvicorn puts the visitor's address here if the proxy is trusted (FORWARDED_ALLOW_IPS)."""
    return request.client.host if request.client else "-"


def keep_session(request: Request, response: Response, session: SignedIn) -> None:
    """Out of reach of scripts and of other sites; over HTTPS only, where the hall has HTTPS."""
    response.set_cookie(
        SESSION_COOKIE,
        session.token,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        secure=over_https(request),
        httponly=True,
        samesite="strict",
    )


def drop_session(request: Request, response: Response) -> None:
    response.delete_cookie(SESSION_COOKIE, path="/", secure=over_https(request), httponly=True, samesite="strict")


def over_https(request: Request) -> bool:
    public = request.app.state.settings.public_url or ""
    return request.url.scheme == "https" or public.startswith("https://")


def public_base(request: Request) -> str:
    """The hall's address as a phone reaches it, without a slash at its end."""
    return (request.app.state.settings.public_url or str(request.base_url)).rstrip("/")


def _check_csrf(request: Request, session: SignedIn) -> None:
    given = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(given.encode("utf-8", "replace"), session.csrf.encode()):
        raise Problem(403, "bad_csrf")


# applicants ----------------------------------------------------------------------------------------------------


def new_case_key() -> tuple[str, str]:
    """A key of 256 random bits for the applicant, and its hash for the case."""
    key = secrets.token_urlsafe(32)
    return key, case_key_hash(key)


def case_key_hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def case_key(request: Request) -> str | None:
    """A dependency: the key that came as `Authorization: Bearer …`; for reading, as a cookie too, for pictures."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key.strip():
        return key.strip()
    return request.cookies.get(CASE_COOKIE) if request.method in READING else None


def case_address(request: Request, case_id: str, key: str) -> str:
    """The private link; the key stands behind `#`, so that it reaches no server log and no proxy."""
    return f"{public_base(request)}/case#{case_id}.{key}"


def check_case_key(request: Request, given: str | None, stored_hash: str | None) -> None:
    """`stored_hash` is None for a case that there is not: both are the same 404 no_case, or 429 for who goes on trying.

    The right key always opens, so that nobody can lock out those who share an address.
    """
    same = hmac.compare_digest(case_key_hash(given or ""), stored_hash or case_key_hash("no such case"))
    if same and given and stored_hash:
        return
    if not Attempts(engine_of(request), "case-key", KEY_TRIES).begin(address_of(request)):
        raise Problem(429, "too_many_tries")
    raise Problem(404, "no_case")


def keep_case_key(request: Request, response: Response, case_id: str, key: str) -> None:
    """So that pictures of this case, and of no other, can be shown by their address."""
    response.set_cookie(
        CASE_COOKIE,
        key,
        max_age=int(IDLE.total_seconds()),
        path=f"/v1/cases/{case_id}",
        secure=over_https(request),
        httponly=True,
        samesite="strict",
    )
