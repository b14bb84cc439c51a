"""Tables of staff and of access. Instants are UTC without saying so; a token is known by its SHA-256 only."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

staff = sa.Table(
    "staff",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("login", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("organisation", sa.String(128), nullable=False),
    sa.Column("roles", sa.String(64), nullable=False),
    sa.Column("password_hash", sa.String(255)),
    sa.Column("disabled", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("password_changed_at", sa.DateTime),
)
"""Nobody is deleted: the ledger names them. Roles stand sorted, with commas. Without a hash, no password is set yet."""

sessions = sa.Table(
    "staff_session",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("staff_id", sa.String(32), sa.ForeignKey("staff.id"), nullable=False, index=True),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("last_seen_at", sa.DateTime, nullable=False),
    sa.Column("expires_at", sa.DateTime, nullable=False, index=True),
)

links = sa.Table(
    "staff_link",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("purpose", sa.String(16), nullable=False),
    sa.Column("staff_id", sa.String(32), sa.ForeignKey("staff.id"), index=True),
    sa.Column("made_at", sa.DateTime, nullable=False),
    sa.Column("expires_at", sa.DateTime, nullable=False),
    sa.Column("used_at", sa.DateTime),
)
"""Links that work once: `first` makes the first account, `reset` sets a password."""

failures = sa.Table(
    "access_failure",
    metadata,
    sa.Column("key", sa.String(80), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("last_at", sa.DateTime, nullable=False, index=True),
)
"""Attempts, by what was attempted: failed ones in a row, and cases begun, where `last_at` is the first of a window.

The key holds a hash, so that no address is kept.
"""
