"""The tables: migrations and program agree, in SQLite and in PostgreSQL, and several servers share one database."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError

import assistant.conversations
import knowledge.store
from assistant.ask import new_conversation
from assistant.turn import Question
from channels import database
from channels.database import SCHEMA_VERSION, DatabaseUnavailable, open_database
from channels.settings import Settings
from channels.wiring import Product, build
from knowledge.ingest import gather

SERVER = "postgresql+psycopg://root@127.0.0.1:5432"
TABLES = {
    "handbook_entry", "handbook_passage", "handbook_vector", "handbook_version", "conversation_turn", "alembic_version",
}  # fmt: skip


@pytest.fixture
def postgresql() -> Iterator[str]:
    """The address of an empty database of its own on a PostgreSQL of this machine."""
    admin = sa.create_engine(f"{SERVER}/test", isolation_level="AUTOCOMMIT")
    name = f"xiaoxin_{time.time_ns()}"
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
def url(request: pytest.FixtureRequest) -> str | None:
    return request.getfixturevalue("postgresql") if request.param == "postgresql" else None


@pytest.fixture
def engine(url: str | None, tmp_path: Path) -> Iterator[sa.Engine]:
    opened = open_database(url, tmp_path)
    yield opened
    opened.dispose()


def whole_metadata() -> sa.MetaData:
    metadata = sa.MetaData()
    for part in (knowledge.store.metadata, assistant.conversations.metadata):
        for table in part.tables.values():
            table.to_metadata(metadata)
    return metadata


def test_the_migrations_make_the_tables_that_the_program_uses(engine: sa.Engine):
    with engine.connect() as connection:
        assert set(sa.inspect(connection).get_table_names()) == TABLES
        assert compare_metadata(MigrationContext.configure(connection), whole_metadata()) == []


def test_the_newest_migration_is_the_schema_version():
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == SCHEMA_VERSION


def test_opening_again_changes_nothing(engine: sa.Engine, url: str | None, tmp_path: Path):
    with engine.begin() as connection:
        connection.execute(sa.insert(knowledge.store.versions), {"id": 1, "number": 7, "hall": "{}"})
    again = open_database(url, tmp_path)
    with again.connect() as connection:
        assert connection.execute(sa.select(knowledge.store.versions.c.number)).scalar() == 7
    again.dispose()


def test_a_newer_schema_is_left_alone(engine: sa.Engine, url: str | None, tmp_path: Path):
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseUnavailable, match="9999"):
        open_database(url, tmp_path)


def test_a_folder_with_odd_letters_is_no_obstacle(tmp_path: Path):
    folder = tmp_path / "大厅 100%?#数据"
    folder.mkdir()
    open_database(None, folder).dispose()
    assert (folder / "xiaoxin.db").is_file()


def test_what_is_asked_while_somebody_writes_is_answered(engine: sa.Engine):
    if engine.dialect.name != "sqlite":
        pytest.skip("readers of PostgreSQL never wait")
    with engine.begin() as writer:
        writer.execute(sa.insert(knowledge.store.versions), {"id": 1, "number": 1, "hall": "{}"})
        with engine.connect() as reader:
            assert reader.execute(sa.select(knowledge.store.versions)).all() == []


# the whole product on either database --------------------------------------------------------------------------


@pytest.fixture
def given(settings, url: str | None) -> Settings:
    return settings(database_url=url)


@pytest.fixture
def shared(given: Settings, handbook: Path, ingest, open_product) -> tuple[Product, Product]:
    """Two servers on one database."""
    ingest(given, handbook)
    return open_product(given), build_elsewhere(given, open_product)


def build_elsewhere(given: Settings, open_product) -> Product:
    """A server on another machine: the same database, a data folder of its own."""
    if given.database_url is None:
        return open_product(given)
    return open_product(given.model_copy(update={"data_dir": given.data_dir.parent / "elsewhere"}))


def ask(product: Product, text: str, conversation: str) -> str:
    return product.assistant.ask(Question(text, conversation)).answer.text


def test_a_conversation_goes_on_at_another_server(shared: tuple[Product, Product]):
    conversation = new_conversation()
    assert "3个工作日" in ask(shared[0], "养犬登记要多久", conversation)
    assert "30元" in ask(shared[1], "那费用呢", conversation)
    assert shared[0].conversations.wipe(conversation) == 2
    assert shared[1].conversations.history(conversation) == ()


def test_every_server_follows_an_ingest_of_one(shared: tuple[Product, Product], handbook: Path):
    file = handbook / "items/life/dog-registration.yaml"
    text = file.read_text("utf-8").replace("yuan: 30", "yuan: 37").replace("哪里可以给狗打疫苗", "黑猫白猫可以登记吗")
    file.write_text(text, "utf-8")
    (handbook / "items/market/stall-goods.yaml").unlink()
    report = shared[0].knowledge.ingester.ingest(gather(handbook))
    assert (report.changed, report.removed, report.version) == (("dog-registration",), ("stall-goods",), 2)
    for product in shared:
        end = time.monotonic() + 20
        while product.live.current().library.version < 2 and time.monotonic() < end:
            time.sleep(0.02)
        assert "37元" in ask(product, "养犬登记多少钱", new_conversation())
        hit = product.retriever().find("黑猫白猫可以登记吗")[0]
        assert hit.passage.field == "faq[1]"
        assert hit.parts.meaning > 0.5
        assert "stall-goods" not in product.live.current().library.items


def test_a_zero_byte_in_a_question_is_kept_out_of_the_database(shared: tuple[Product, Product]):
    conversation = new_conversation()
    assert "30元" in ask(shared[0], "养犬登记\x00多少钱", conversation)
    assert "\x00" not in shared[0].conversations.history(conversation)[0].question


@pytest.mark.service
def test_two_servers_that_start_on_an_empty_database_both_fill_it(settings, postgresql: str, handbook: Path):
    folders = [settings().data_dir.parent / name for name in ("one", "two")]
    failed: list[Exception] = []

    def start(folder: Path) -> None:
        try:
            product = build(settings(database_url=postgresql, data_dir=folder))
            product.knowledge.ingester.ingest(gather(handbook))
            product.close()
        except Exception as error:  # noqa: BLE001 - told to the test
            failed.append(error)

    open_database(postgresql, folders[0].parent).dispose()
    threads = [threading.Thread(target=start, args=(folder,)) for folder in folders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    product = build(settings(database_url=postgresql))
    assert len(product.live.current().library.items) == 8
    assert not product.knowledge.ingester.behind()
    product.close()
