"""The database engine, and its migration to the newest schema."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event

SCHEMA_VERSION = "0001"
"""The newest revision under channels/migrations; a test compares them."""


def open_database(url: str | None, data_dir: Path) -> sa.Engine:
    """An engine on the newest schema. SQLite runs in WAL mode, so that readers never wait for a writer."""
    engine = sa.create_engine(url or f"sqlite:///{data_dir / 'xiaoxin.db'}", pool_pre_ping=url is not None)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _pragmas)
    if _revision(engine) != SCHEMA_VERSION:
        _migrate(engine)
    return engine


def _pragmas(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=10000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _revision(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(engine: sa.Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
