"""The database engine, and its migration to the newest schema."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

SCHEMA_VERSION = "0006"
"""The newest revision under channels/migrations; a test compares them."""
MIGRATION = 7_201_933
"""The advisory lock of PostgreSQL that one migrating process holds at a time."""


class DatabaseUnavailable(Exception):
    """The database cannot be opened; the message is a sentence for who set it up."""


def open_database(url: str | None, data_dir: Path) -> sa.Engine:
    """An engine on the newest schema. SQLite runs in WAL mode, so that readers never wait for a writer.

    Raises DatabaseUnavailable.
    """
    try:
        engine = _engine(url, data_dir)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise DatabaseUnavailable(f"the database address cannot be used: {_first_line(error)}") from error
    try:
        _bring_up_to_date(engine)
    except DBAPIError as error:
        engine.dispose()
        where = engine.url.render_as_string(hide_password=True)
        raise DatabaseUnavailable(f"the database {where} cannot be opened: {_first_line(error.orig)}") from error
    except DatabaseUnavailable:
        engine.dispose()
        raise
    return engine


def _bring_up_to_date(engine: sa.Engine) -> None:
    revision = _revision(engine)
    if revision is not None and revision > SCHEMA_VERSION:
        raise DatabaseUnavailable(f"the database has schema {revision}, this program only {SCHEMA_VERSION}")
    if revision != SCHEMA_VERSION:
        _migrate(engine)


def _engine(url: str | None, data_dir: Path) -> sa.Engine:
    own = sa.URL.create("sqlite", database=str(data_dir / "xiaoxin.db"))
    engine = sa.create_engine(url or own, pool_pre_ping=url is not None, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _pragmas)
    return engine


def _pragmas(connection: object, _record: object) -> None:
    """`secure_delete` overwrites what is wiped, so that its bytes do not stay in the file."""
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in (
        "busy_timeout=10000", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON",
    ):  # fmt: skip
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _revision(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        return _revision_at(connection)


def _revision_at(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(engine: sa.Engine) -> None:
    """One process migrates; others that start at the same time wait, and find it done."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        elif engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION)))
        if _revision_at(connection) != SCHEMA_VERSION:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _first_line(error: BaseException | None) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[0]
