"""Builds what keeps cases, from the settings: keys, sealed files, ledger, and how long each thing is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from channels.database import open_database
from channels.settings import Settings
from preapproval.case_rows import Keeping
from preapproval.deadlines import Clock, ItemTerms
from preapproval.file_vault import FileVault
from preapproval.ledger import Ledger
from preapproval.vault import Vault
from preapproval.working_days import load_working_days


@contextmanager
def open_engine(settings: Settings) -> Iterator[sa.Engine]:
    """The database alone, for commands. Raises DatabaseUnavailable."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_database(settings.database_url, settings.data_dir)
    try:
        yield engine
    finally:
        engine.dispose()


def open_vault(settings: Settings) -> Vault:
    """Its keys are made on first use. Raises KeyMissing."""
    return Vault(settings.vault_keys or settings.data_dir / "keys")


def open_files(settings: Settings, vault: Vault) -> FileVault:
    return FileVault(settings.data_dir / "cases", vault)


def open_keeping(settings: Settings, engine: sa.Engine, vault: Vault) -> Keeping:
    """With terms that are the same for every item."""
    terms = ItemTerms(keep_days=settings.case_days)
    return Keeping(
        Ledger(engine),
        vault,
        Clock(load_working_days(settings.holidays)),
        terms=lambda _item: terms,
        blind_share=settings.blind_sample,
    )
