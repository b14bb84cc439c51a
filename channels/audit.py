"""What staff do, entered into the ledger: under their id, with the roles that they had."""

from __future__ import annotations

import os

from fastapi import Request

from channels.access import engine_of
from channels.staff import StaffMember
from preapproval.ledger import Ledger
from preapproval.sign_off_guards import Actor

NOBODY = Actor("nobody", frozenset())
"""Who is not signed in."""


def ledger_of(request: Request) -> Ledger:
    return Ledger(engine_of(request))


def actor_of(member: StaffMember) -> Actor:
    return Actor(member.id, member.roles)


def operator() -> Actor:
    """Who runs a command on the machine itself."""
    return Actor(f"operator:{os.getuid()}", frozenset({"operator"}))
