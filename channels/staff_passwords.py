"""Passwords of staff: which are accepted, and how they are kept (argon2id, RFC 9106)."""

from __future__ import annotations

import base64
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

Weakness = Literal["password_short", "password_long", "password_common", "password_is_login"]
SHORTEST, LONGEST = 10, 200
FEWEST_LETTERS = 5
"""Different characters that a password must have."""
ROUNDS, MEMORY_KIB = 2, 47_104
"""One check takes about a tenth of a second and 46 MiB."""
AT_ONCE, WAIT_S = 2, 5.0
"""Checks at a time in this process, and how long another one waits."""

_hasher = PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=1)
_turns = threading.BoundedSemaphore(AT_ONCE)


class TooBusy(Exception):
    """More sign-ins are being checked than this process can do in time."""


def _unmatched() -> str:
    """A hash of the current cost that belongs to no password: who has none is checked for as long as who has one."""
    salt, digest = (base64.b64encode(bytes(length)).decode().rstrip("=") for length in (16, 32))
    return f"$argon2id$v=19$m={MEMORY_KIB},t={ROUNDS},p=1${salt}${digest}"


def weakness(password: str, login: str) -> Weakness | None:
    """Why it is not accepted; None where it is."""
    plain = _plain(password)
    if len(plain) < SHORTEST:
        return "password_short"
    if len(plain) > LONGEST:
        return "password_long"
    folded = plain.casefold()
    if login and login.casefold() in folded and len(folded) - len(login) < SHORTEST - 2:
        return "password_is_login"
    known = {folded, folded.strip("0123456789!@#$%^&*()-_=+.,?~ ")} & _common()
    if known or folded.isdigit() or len(set(folded)) < FEWEST_LETTERS:
        return "password_common"
    return None


def hashed(password: str) -> str:
    """For the table. Raises TooBusy."""
    with _turn():
        return _hasher.hash(_bytes(password))


def matches(stored: str | None, password: str) -> bool:
    """Takes its time for None too. Raises TooBusy."""
    with _turn():
        try:
            return _hasher.verify(stored or _unmatched(), _bytes(password)) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=WAIT_S):
        raise TooBusy
    try:
        yield
    finally:
        _turns.release()


def _plain(password: str) -> str:
    """One form for what keyboards write in several (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    return _plain(password).encode("utf-8", "surrogatepass")


@cache
def _common() -> frozenset[str]:
    return frozenset((files("channels") / "common_passwords.txt").read_text("utf-8").split())
