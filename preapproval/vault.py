"""The vault: what is personal lies sealed, and can be found by number without being opened.

Envelope encryption, AES-256-GCM (NIST SP 800-38D): each blob has a random data key, which is wrapped by the newest key
of the ring. A blob is bound to its context, so that it opens nowhere else. Layout:
magic 4 · version 1 · length of key id 1 · key id · nonce 12 · wrapped data key 48 · nonce 12 · content with its tag.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from preapproval.vault_keys import KEY_BYTES, Key, KeyMissing, Keyring, VaultError, add_key, load_keyring

MAGIC, VERSION = b"XXVT", 1
NONCE, TAG = 12, 16
WRAPPED = KEY_BYTES + TAG


class VaultDamaged(VaultError):
    """A blob was changed, cut, or brought from another place."""


@dataclass(frozen=True)
class Envelope:
    """A blob in its parts."""

    key_id: str
    key_nonce: bytes
    wrapped: bytes
    nonce: bytes
    content: bytes

    def packed(self) -> bytes:
        name = self.key_id.encode()
        head = MAGIC + bytes((VERSION, len(name))) + name
        return b"".join((head, self.key_nonce, self.wrapped, self.nonce, self.content))


class Vault:
    """Seals and opens. Sees at once when another process has rotated the keys."""

    def __init__(self, folder: Path) -> None:
        """Raises KeyMissing."""
        self.folder = folder
        self._lock = threading.Lock()
        self._stamp = 0
        self._ring: Keyring = load_keyring(folder)

    def seal(self, data: bytes, context: str) -> bytes:
        """`context` names the one place where the blob belongs, e.g. `cases.applicant:<id>`."""
        data_key, nonce = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(NONCE)
        content = AESGCM(data_key).encrypt(nonce, data, _bound(context))
        return _wrap(self._current().newest, data_key, nonce, content, context).packed()

    def open(self, blob: bytes, context: str) -> bytes:
        """Raises VaultDamaged or KeyMissing."""
        envelope = unpacked(blob)
        try:
            return AESGCM(self._data_key(envelope, context)).decrypt(envelope.nonce, envelope.content, _bound(context))
        except InvalidTag as error:
            raise VaultDamaged(_DAMAGED.format(context=context)) from error

    def rewrap(self, blob: bytes, context: str) -> bytes | None:
        """The same content under the newest key; None where it is there already. Raises VaultDamaged or KeyMissing."""
        envelope, newest = unpacked(blob), self._current().newest
        if envelope.key_id == newest.id:
            return None
        data_key = self._data_key(envelope, context)
        return _wrap(newest, data_key, envelope.nonce, envelope.content, context).packed()

    def rotate(self) -> str:
        """A new key for what is sealed from now on; returns its id. What older keys sealed still opens."""
        key_id = add_key(self.folder).id
        self._read_again()
        return key_id

    def key_ids(self) -> tuple[str, ...]:
        """Oldest first; the last one seals."""
        return tuple(key.id for key in self._current().keys)

    def blind(self, text: str) -> str:
        """By which equal texts are found without being known: 64 hex digits. Width, case and blanks do not matter."""
        plain = "".join(unicodedata.normalize("NFKC", text).upper().split())
        return hmac.new(self._ring.blind, plain.encode(), hashlib.sha256).hexdigest()

    def _data_key(self, envelope: Envelope, context: str) -> bytes:
        key = self._current().find(envelope.key_id) or self._read_again().find(envelope.key_id)
        if key is None:
            raise KeyMissing(f"the key {envelope.key_id} is not in {self.folder}: restore it from your backup")
        try:
            return AESGCM(key.secret).decrypt(envelope.key_nonce, envelope.wrapped, _bound(context, key.id))
        except InvalidTag as error:
            raise VaultDamaged(_DAMAGED.format(context=context)) from error

    def _current(self) -> Keyring:
        """The ring; read again when a file came into the folder or left it."""
        if self.folder.is_dir() and self.folder.stat().st_mtime_ns != self._stamp:
            return self._read_again()
        return self._ring

    def _read_again(self) -> Keyring:
        with self._lock:
            self._stamp = self.folder.stat().st_mtime_ns if self.folder.is_dir() else 0
            self._ring = load_keyring(self.folder, make=False)
            return self._ring


_DAMAGED = "what is stored as {context} was changed, or belongs elsewhere: restore it from your backup"


def key_of(blob: bytes) -> str:
    """The id of the key that wraps the blob, of which the first bytes are enough. Raises VaultDamaged."""
    if len(blob) < 6 or blob[:4] != MAGIC:
        raise VaultDamaged("what is stored is no blob of this vault")
    if blob[4] != VERSION:
        raise VaultDamaged(f"what is stored was sealed by a newer program: format {blob[4]}")
    return blob[6 : 6 + blob[5]].decode("ascii", "replace")


def unpacked(blob: bytes) -> Envelope:
    """Raises VaultDamaged for what no vault has written."""
    key_id = key_of(blob)
    ends, at = [], 6 + blob[5]
    for length in (NONCE, WRAPPED, NONCE):
        ends.append(blob[at : at + length])
        at += length
    if len(blob) < at + TAG:
        raise VaultDamaged("what is stored was cut off: restore it from your backup")
    key_nonce, wrapped, nonce = ends
    return Envelope(key_id, key_nonce, wrapped, nonce, blob[at:])


def _wrap(key: Key, data_key: bytes, nonce: bytes, content: bytes, context: str) -> Envelope:
    key_nonce = secrets.token_bytes(NONCE)
    wrapped = AESGCM(key.secret).encrypt(key_nonce, data_key, _bound(context, key.id))
    return Envelope(key.id, key_nonce, wrapped, nonce, content)


def _bound(context: str, key_id: str = "") -> bytes:
    """What a blob is bound to; the content to no key, so that it can be wrapped anew."""
    return b"\0".join((MAGIC, bytes((VERSION,)), key_id.encode(), context.encode()))
