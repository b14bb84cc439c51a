"""Links that work once: the first one, by which a new hall gets its first account, and those that set a password."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from channels.settings import Settings
from channels.staff import AccountRefused, Accounts, StaffMember
from channels.staff_tables import links, staff
from channels.staff_writing import forget_access, insert_row, set_password
from preapproval.ledger import Ledger
from preapproval.sign_off_guards import SYSTEM

VALID = timedelta(hours=24)
FIRST_ROLE = "admin"


def token_hash(token: str) -> str:
    """How tokens of 256 random bits are kept: they need no salt."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def make_first(connection: sa.Connection, now: datetime) -> str:
    """A token for the first account; as many as there are processes that start together."""
    return _make(connection, "first", None, now)


def make_reset(connection: sa.Connection, staff_id: str, now: datetime) -> str:
    """A token for a new password. The old one, its sessions and earlier links end now."""
    connection.execute(sa.update(staff).where(staff.c.id == staff_id).values(password_hash=None))
    forget_access(connection, staff_id)
    return _make(connection, "reset", staff_id, now)


def check_first(engine: sa.Engine, token: str, now: datetime) -> None:
    """Raises AccountRefused(link_spent)."""
    _valid(engine, token, "first", now)


def use_first(connection: sa.Connection, row: dict[str, Any], now: datetime) -> None:
    """The first account, by a token that was checked; all such links end. Raises AccountRefused."""
    all_of_them = sa.update(links).where(links.c.purpose == "first", links.c.used_at.is_(None))
    used = connection.execute(all_of_them.values(used_at=now)).rowcount
    if not used or connection.execute(sa.select(staff.c.id).limit(1)).first():
        raise _spent()
    insert_row(connection, row)


def whose_reset(engine: sa.Engine, token: str, now: datetime) -> StaffMember:
    """Who sets a password by this link. Raises AccountRefused(link_spent)."""
    member = Accounts(engine).find(_valid(engine, token, "reset", now).staff_id)
    if member.disabled:
        raise _spent()
    return member


def use_reset(
    connection: sa.Connection, token: str, member: StaffMember, columns: dict[str, Any], now: datetime
) -> None:
    """Sets the password. Raises AccountRefused where another was faster."""
    mine = sa.update(links).where(links.c.token_hash == token_hash(token), links.c.used_at.is_(None))
    if not connection.execute(mine.values(used_at=now)).rowcount:
        raise _spent()
    set_password(connection, member, columns)


def _make(connection: sa.Connection, purpose: str, staff_id: str | None, now: datetime) -> str:
    token = f"{purpose}.{secrets.token_urlsafe(32)}"
    row = {
        "token_hash": token_hash(token), "purpose": purpose, "staff_id": staff_id, "made_at": now,
        "expires_at": now + VALID,
    }  # fmt: skip
    connection.execute(sa.delete(links).where(links.c.expires_at < now))
    connection.execute(sa.insert(links), row)
    return token


def _valid(engine: sa.Engine, token: str, purpose: str, now: datetime) -> Any:
    mine = (
        links.c.token_hash == token_hash(token), links.c.purpose == purpose, links.c.used_at.is_(None),
        links.c.expires_at > now,
    )  # fmt: skip
    with engine.connect() as connection:
        row = connection.execute(sa.select(links).where(*mine)).first()
    if row is None:
        raise _spent()
    return row


def _spent() -> AccountRefused:
    return AccountRefused("link_spent", "the link was used, has expired, or never was one")


def link_of(settings: Settings, token: str) -> str:
    """The token stands behind `#`, so that it reaches no server log and no proxy."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104 - compared, not listened on
    address = settings.public_url or f"http://{host}:{settings.port}"
    return f"{address.rstrip('/')}/desk/setup#{token}"


def first_start_link(settings: Settings, engine: sa.Engine) -> str | None:
    """For who starts a hall that has no account yet; None where there is one. Works once, for a day."""
    if Accounts(engine).exist():
        return None
    with Ledger(engine).entry(SYSTEM, "staff.first_link") as write:
        return link_of(settings, make_first(write.connection, write.at))
