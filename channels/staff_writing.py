"""Writing to accounts. Every function takes the connection of a ledger's entry, so that no write is without one.

What takes long, the hash of a password, is made before.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from channels.staff import ALONE, ROLES, AccountRefused, StaffMember, plain_login
from channels.staff_passwords import hashed, weakness
from channels.staff_tables import links, sessions, staff


def new_row(
    login: str, name: str, organisation: str, roles: Collection[str], password: str | None, now: datetime
) -> dict[str, Any]:
    """Raises AccountRefused for what no account may have."""
    login = plain_login(login)
    if not login:
        raise AccountRefused("bad_login", "a login has 2 to 32 letters a-z, digits, dots, hyphens and underscores")
    row = {
        "id": uuid.uuid4().hex,
        "login": login,
        "name": plain_words(name, 64),
        "organisation": plain_words(organisation, 128),
        "roles": stored_roles(roles),
        "disabled": False,
        "created_at": now,
    }
    return row if password is None else {**row, **new_password(login, password, now)}


def new_password(login: str, password: str, now: datetime) -> dict[str, Any]:
    """Columns of an account with this password. Raises AccountRefused, TooBusy."""
    weak = weakness(password, login)
    if weak:
        raise AccountRefused(weak, f"the password is not accepted: {weak.removeprefix('password_').replace('_', ' ')}")
    return {"password_hash": hashed(password), "password_changed_at": now}


def insert_row(connection: sa.Connection, row: dict[str, Any]) -> None:
    """Raises AccountRefused(login_taken)."""
    try:
        connection.execute(sa.insert(staff), row)
    except IntegrityError as error:
        raise AccountRefused("login_taken", f"the login {row['login']} is taken") from error


def set_password(connection: sa.Connection, member: StaffMember, columns: dict[str, Any]) -> None:
    """`columns` are those of `new_password`. Sessions and links that the old password opened end."""
    connection.execute(sa.update(staff).where(staff.c.id == member.id).values(columns))
    forget_access(connection, member.id)


def changed_columns(
    name: str | None = None,
    organisation: str | None = None,
    roles: Collection[str] | None = None,
    disabled: bool | None = None,
) -> dict[str, Any]:
    """Columns for what is given. Raises AccountRefused."""
    return {
        **({} if name is None else {"name": plain_words(name, 64)}),
        **({} if organisation is None else {"organisation": plain_words(organisation, 128)}),
        **({} if roles is None else {"roles": stored_roles(roles)}),
        **({} if disabled is None else {"disabled": disabled}),
    }


def told(member: StaffMember, columns: dict[str, Any]) -> dict[str, Any]:
    """What the ledger says of a change: rights as they are now, and of a name only that it was changed."""
    rights = {name: value for name, value in columns.items() if name in ("roles", "disabled")}
    return {"staff": member.id, "changed": sorted(columns), **rights}


def change_account(connection: sa.Connection, member: StaffMember, columns: dict[str, Any]) -> None:
    """Who is disabled is signed out at once. Raises AccountRefused(last_admin)."""
    before = _admins(connection)
    if columns:
        connection.execute(sa.update(staff).where(staff.c.id == member.id).values(columns))
    if columns.get("disabled"):
        forget_access(connection, member.id)
    if before and not _admins(connection):
        raise AccountRefused("last_admin", "this is the last account that can manage accounts")


def plain_words(text: str, most: int) -> str:
    words = " ".join(unicodedata.normalize("NFC", text).split())
    if not 0 < len(words) <= most or not words.isprintable():
        raise AccountRefused("bad_name", f"a name has 1 to {most} printable characters")
    return words


def stored_roles(roles: Collection[str]) -> str:
    given = set(roles)
    if not given or given - ROLES:
        raise AccountRefused("bad_roles", f"roles are {', '.join(sorted(ROLES))}")
    if given & ALONE and len(given) > 1:
        raise AccountRefused("roles_apart", "admin and auditor cannot be had beside another role")
    return ",".join(sorted(given))


def forget_access(connection: sa.Connection, staff_id: str) -> None:
    """End every session, and every link not yet used."""
    connection.execute(sa.delete(sessions).where(sessions.c.staff_id == staff_id))
    connection.execute(sa.delete(links).where(links.c.staff_id == staff_id, links.c.used_at.is_(None)))


def _admins(connection: sa.Connection) -> int:
    """How many can manage accounts; where two would each take the right from the other, one waits for the other."""
    able = sa.select(staff.c.id).where(staff.c.roles == "admin", staff.c.disabled.is_(False)).with_for_update()
    return len(connection.execute(able).all())
