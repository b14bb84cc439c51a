"""Accounts of staff in SQL: who they are, for whom they work, what they may do."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Literal, get_args

import sqlalchemy as sa

from channels.staff_passwords import matches
from channels.staff_tables import staff

Role = Literal["clerk", "senior", "editor", "auditor", "admin"]
"""窗口人员 · 终审人员 · 规则与手册编辑 · 审计员 · 账号管理员."""
ROLES: frozenset[str] = frozenset(get_args(Role))
ALONE: frozenset[str] = frozenset({"auditor", "admin"})
"""Roles that nobody has beside another: who gives rights, and who watches, takes no part in deciding."""
WRITERS: frozenset[str] = frozenset({"editor", "senior"})
"""Roles of those who may write rules, and approve those of others."""
LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")


class AccountRefused(Exception):
    """`code` is one of errors.yaml; the message is a sentence for the terminal."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class StaffMember:
    id: str
    login: str
    name: str
    organisation: str
    roles: frozenset[str]
    disabled: bool = False
    has_password: bool = True
    """False between an invitation or a reset and the use of its link."""

    def sees(self, organisation: str) -> bool:
        """Whether cases of `organisation` are theirs to see: those of their own; an auditor sees all, an admin none."""
        if "auditor" in self.roles:
            return True
        return bool(self.roles & {"clerk", "senior"}) and self.organisation == organisation


def plain_login(login: str) -> str:
    """As it is kept: what a person types in capitals or full width is the same login. What none can be is empty."""
    plain = unicodedata.normalize("NFKC", login).strip().casefold()
    return plain if LOGIN.fullmatch(plain) else ""


class Accounts:
    """Reads them; what writes is in staff_writing.py, within an entry of the ledger."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def exist(self) -> bool:
        """Whether there is any account at all."""
        with self.engine.connect() as connection:
            return connection.execute(sa.select(staff.c.id).limit(1)).first() is not None

    def everybody(self) -> tuple[StaffMember, ...]:
        with self.engine.connect() as connection:
            return tuple(member_of(row) for row in connection.execute(sa.select(staff).order_by(staff.c.login)))

    def find(self, staff_id: str) -> StaffMember:
        """Raises AccountRefused(no_staff)."""
        return self._one(staff.c.id == (staff_id if staff_id.isalnum() else ""))

    def by_login(self, login: str) -> StaffMember:
        """Raises AccountRefused(no_staff)."""
        return self._one(staff.c.login == plain_login(login))

    def known(self, login: str) -> str | None:
        """The id of who has this login, if anybody."""
        with self.engine.connect() as connection:
            return connection.execute(sa.select(staff.c.id).where(staff.c.login == plain_login(login))).scalar()

    def check(self, login: str, password: str) -> StaffMember | None:
        """Whose login and password these are. Whatever is wrong, the answer is None and takes equally long.

        Raises TooBusy.
        """
        with self.engine.connect() as connection:
            row = connection.execute(sa.select(staff).where(staff.c.login == plain_login(login))).first()
        stored = row.password_hash if row and not row.disabled else None
        return member_of(row) if matches(stored, password) and row else None

    def _one(self, which: sa.ColumnElement[bool]) -> StaffMember:
        with self.engine.connect() as connection:
            row = connection.execute(sa.select(staff).where(which)).first()
        if row is None:
            raise AccountRefused("no_staff", "there is no such account")
        return member_of(row)


def member_of(row: Any) -> StaffMember:
    """From a row of the table."""
    roles = frozenset(row.roles.split(","))
    return StaffMember(
        row.id, row.login, row.name, row.organisation, roles, row.disabled, row.password_hash is not None
    )  # fmt: skip
