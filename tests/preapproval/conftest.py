"""A hall on SQLite and on PostgreSQL."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from kept_cases import Hall
from sqlalchemy.exc import OperationalError

from channels.database import open_database

SERVER = "postgresql+psycopg://root@127.0.0.1:5432"


@pytest.fixture
def own_postgresql() -> Iterator[str]:
    """The address of an empty database of its own on a PostgreSQL of this machine."""
    admin = sa.create_engine(f"{SERVER}/test", isolation_level="AUTOCOMMIT")
    name = f"xiaoxin_cases_{time.time_ns()}"
    try:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    except OperationalError as error:
        pytest.skip(f"no PostgreSQL answers: {str(error.orig).splitlines()[0]}")
    yield f"{SERVER}/{name}"
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.service)])
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hall]:
    url = request.getfixturevalue("own_postgresql") if request.param == "postgresql" else None
    engine = open_database(url, tmp_path)
    yield Hall(engine, tmp_path)
    engine.dispose()
