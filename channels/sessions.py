"""Who is signed in: sessions in SQL, so that every serving process knows them. The browser holds only the token."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from channels.access_failures import utc_now
from channels.staff import StaffMember, member_of
from channels.staff_links import token_hash
from channels.staff_tables import sessions, staff

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is kept when somebody was last seen: not every request writes."""


@dataclass(frozen=True)
class SignedIn:
    """One session that is open now."""

    member: StaffMember
    token: str
    expires_at: datetime
    """At the latest, in UTC."""

    @property
    def csrf(self) -> str:
        """Which only who may read this site's answers knows; made of the token, so that there is nothing to store."""
        return hmac.new(self.token.encode(), b"csrf", hashlib.sha256).hexdigest()


class Sessions:
    def __init__(self, engine: sa.Engine, now: Callable[[], datetime] = utc_now) -> None:
        self.engine, self.now = engine, now

    def find(self, token: str) -> SignedIn | None:
        """The open session of a token, its person as the account stands now."""
        now = self.now()
        mine = (
            sessions.c.token_hash == token_hash(token), sessions.c.expires_at > now,
            sessions.c.last_seen_at > now - IDLE, staff.c.disabled.is_(False),
        )  # fmt: skip
        asked = sa.select(staff, sessions.c.expires_at, sessions.c.last_seen_at).join_from(sessions, staff).where(*mine)
        with self.engine.connect() as connection:
            row = connection.execute(asked).first()
        if row is None:
            return None
        if row.last_seen_at < now - SEEN_EVERY:
            with self.engine.begin() as connection:
                seen = sa.update(sessions).where(sessions.c.token_hash == token_hash(token))
                connection.execute(seen.values(last_seen_at=now))
        return SignedIn(member_of(row), token, row.expires_at)


def begin_session(connection: sa.Connection, member: StaffMember, now: datetime, before: str | None = None) -> SignedIn:
    """A session under a new token. The one that the browser had `before` ends: a planted one is worth nothing."""
    token = secrets.token_urlsafe(32)
    row = {
        "token_hash": token_hash(token), "staff_id": member.id, "created_at": now, "last_seen_at": now,
        "expires_at": now + LONGEST,
    }  # fmt: skip
    over = (sessions.c.expires_at <= now) | (sessions.c.last_seen_at <= now - IDLE)
    if before:
        over |= sessions.c.token_hash == token_hash(before)
    connection.execute(sa.delete(sessions).where(over))
    connection.execute(sa.insert(sessions), row)
    return SignedIn(member, token, row["expires_at"])


def end_session(connection: sa.Connection, member: StaffMember, token: str | None) -> None:
    """One session, or without a token every one of the person."""
    mine = sessions.c.staff_id == member.id
    if token is not None:
        mine &= sessions.c.token_hash == token_hash(token)
    connection.execute(sa.delete(sessions).where(mine))
