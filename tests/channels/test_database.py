"""The tables: migrations and program agree, in SQLite and in PostgreSQL, and several servers share one database."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from kept_turns import Kept, keep, local
from sqlalchemy.exc import DBAPIError, OperationalError

import assistant.answer_sample
import assistant.conversations
import channels.staff_tables
import knowledge.store
import preapproval.case_tables
import preapproval.ruleset_store
from assistant.answer_labels import AnswerLabels, Judgement, judge
from assistant.answer_sample import JUDGED_DAYS, AnswerSample, samples
from assistant.ask import new_conversation
from assistant.conversations import TALLIED_DAYS, Conversations, Tally, tallies, turns
from assistant.turn import Answer, PastTurn, Question, Turn
from channels import database
from channels.access_failures import utc_now
from channels.database import SCHEMA_VERSION, DatabaseUnavailable, open_database
from channels.settings import Settings
from channels.wiring import Product, build
from knowledge.ingest import gather

SERVER = "postgresql+psycopg://root@127.0.0.1:5432"
TABLES = {
    "handbook_entry", "handbook_passage", "handbook_vector", "handbook_version", "conversation_turn", "turn_tally",
    "ruleset_version", "staff", "staff_session", "staff_link", "access_failure", "review_case", "review_event",
    "review_file", "review_reading", "review_verdict", "review_outcome", "review_opened", "review_decision",
    "review_added", "review_correction", "review_notice", "review_series", "review_turn", "audit_entry", "audit_anchor",
    "answer_sample", "answer_label", "answer_sample_gone", "alembic_version",
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
    parts = (knowledge.store, assistant.conversations, preapproval.ruleset_store, preapproval.case_tables)
    for part in (*parts, channels.staff_tables, assistant.answer_sample):
        for table in part.metadata.tables.values():
            table.to_metadata(metadata)
    return metadata


def test_the_migrations_make_the_tables_that_the_program_uses(engine: sa.Engine):
    with engine.connect() as connection:
        assert set(sa.inspect(connection).get_table_names()) == TABLES
        assert compare_metadata(MigrationContext.configure(connection), whole_metadata()) == []


def migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    return config


def test_the_newest_migration_is_the_schema_version():
    assert ScriptDirectory.from_config(migrations()).get_current_head() == SCHEMA_VERSION


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


# counts that outlive a conversation ----------------------------------------------------------------------------

DAY = date(2026, 3, 2)
VISITORS = [
    Kept(local(9), item="dog-registration", conversation="a"),
    Kept(local(9, 30), item="dog-registration", conversation="a"),
    Kept(local(9, 59), item="dog-registration", conversation="b"),
    Kept(local(10), item="guide-dog", conversation="b"),
    Kept(local(10, 1), "no_basis", conversation="c"),
    Kept(local(10, 2), "no_basis", conversation="c"),
    Kept(local(10, 3), item="guide-dog", conversation="d", terminal="batch"),
]
COUNTED = {
    Tally(9, "answered", "dog-registration", turns=3, conversations=2),
    Tally(10, "answered", "guide-dog", turns=1, conversations=0),
    Tally(10, "no_basis", None, turns=2, conversations=1),
}


def ended(conversation: str = "a", history: tuple[PastTurn, ...] = ()) -> tuple[Turn, float]:
    """A turn as `save` takes it, and what it took."""
    answer = Answer("answered", "facts", "30元", "30元")
    asked = Question("养犬登记多少钱", conversation, "kiosk-1")
    return Turn(asked, text=asked.text, answer=answer, history=history), 5.0


def number(engine: sa.Engine, table: sa.Table) -> int:
    with engine.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_what_visitors_asked_stays_counted_when_their_conversations_are_wiped(engine: sa.Engine):
    keep(engine, *VISITORS)
    conversations = Conversations(engine)
    assert set(conversations.day(DAY).tallies) == COUNTED
    before = conversations.mark(DAY)
    assert [conversations.wipe(one) for one in "abcd"] == [2, 2, 2, 1]
    assert number(engine, turns) == 0
    assert set(conversations.day(DAY).tallies) == COUNTED
    assert conversations.day(DAY).answered == ()
    assert conversations.mark(DAY) != before


def test_a_count_tells_neither_what_was_asked_nor_by_whom():
    assert set(tallies.columns.keys()) == {"day", "hour", "status", "item", "turns", "conversations"}


def test_a_turn_is_counted_for_the_day_and_hour_of_the_hall(engine: sa.Engine):
    at = datetime(2026, 3, 2, 0, 30, tzinfo=timezone(timedelta(hours=8)))
    assert at.astimezone(UTC).day == 1
    Conversations(engine, now=lambda: at).save("one", *ended())
    assert Conversations(engine).day(DAY).tallies == (Tally(0, "answered", None, turns=1, conversations=1),)


def test_servers_that_write_at_the_same_time_lose_no_count_and_no_visitor_twice(
    engine: sa.Engine, url: str | None, tmp_path: Path
):
    servers = [open_database(url, tmp_path) for _ in range(4)]
    together, failed = threading.Barrier(len(servers)), []

    def write(server: sa.Engine, name: int) -> None:
        try:
            for round_ in range(15):
                together.wait(30)
                keep(server, Kept(local(9), conversation=f"shared-{round_}"), Kept(local(9), conversation=f"{name}"))
        except Exception as error:  # noqa: BLE001 - told to the test
            failed.append(error)
            together.abort()

    threads = [threading.Thread(target=write, args=(server, name)) for name, server in enumerate(servers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for server in servers:
        server.dispose()
    assert failed == []
    assert Conversations(engine).day(DAY).tallies == (Tally(9, "answered", None, turns=120, conversations=19),)


def test_a_turn_is_kept_and_counted_or_neither(engine: sa.Engine):
    conversations = Conversations(engine, now=lambda: local(9))
    conversations.save("one", *ended())
    with pytest.raises(DBAPIError):
        conversations.save("one", *ended())
    assert [tally.turns for tally in conversations.day(DAY).tallies] == [1]
    with engine.begin() as connection:
        tallies.drop(connection)
    with pytest.raises(DBAPIError):
        conversations.save("two", *ended())
    assert number(engine, turns) == 1


def test_an_answer_that_comes_when_its_visitor_has_left_is_no_second_visitor(engine: sa.Engine):
    keep(engine, Kept(local(9), conversation="left"))
    conversations = Conversations(engine, now=lambda: local(9, 1))
    history = conversations.history("left")
    conversations.wipe("left")
    conversations.save("late", *ended("left", history))
    assert conversations.day(DAY).tallies == (Tally(9, "answered", None, turns=2, conversations=1),)


def test_counts_are_kept_longer_than_turns_and_not_for_ever(engine: sa.Engine):
    today = local(12)
    days = [0, 30, 32, TALLIED_DAYS, TALLIED_DAYS + 1]
    keep(engine, *(Kept(today - timedelta(days=ago)) for ago in days))
    assert Conversations(engine, now=lambda: today).wipe_older_than(31) == 3
    with engine.connect() as connection:
        counted = set(connection.execute(sa.select(tallies.c.day)).scalars())
    assert counted == {today.date() - timedelta(days=ago) for ago in days[:-1]}


def test_a_database_from_before_the_counts_begins_with_the_turns_that_it_holds(
    engine: sa.Engine, url: str | None, tmp_path: Path
):
    keep(engine, *VISITORS, Kept(local(0, 5, DAY + timedelta(days=1)), conversation="b"))
    config = migrations()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        assert not sa.inspect(connection).has_table("turn_tally")
    again = open_database(url, tmp_path)
    assert set(Conversations(again).day(DAY).tallies) == COUNTED
    next_day = Conversations(again).day(DAY + timedelta(days=1)).tallies
    assert next_day == (Tally(0, "answered", None, turns=1, conversations=1),)
    again.dispose()


def test_a_sampled_answer_goes_with_its_conversation_or_stays_without_a_way_back(engine: sa.Engine):
    conversations = Conversations(engine, now=lambda: local(9), sample=AnswerSample(1.0, lambda: "样本大厅"))
    for conversation in ("a", "a", "b"):
        conversations.save(new_conversation(), *ended(conversation))
    (first, *_) = AnswerLabels(engine).waiting("样本大厅", "li", 9)
    with engine.begin() as connection:
        judge(connection, first.id, "样本大厅", Judgement("right", "li", utc_now()))
    assert sum(conversations.wipe(one) for one in "ab") == 3
    counted = AnswerLabels(engine).counted("样本大厅", DAY)
    assert sorted((one.rows, one.gone, one.label) for one in counted if not one.gone) == [(1, False, "right")]
    assert sum(one.rows for one in counted if one.gone) == 2
    with engine.connect() as connection:
        assert connection.execute(sa.select(samples.c.turn_id, samples.c.conversation_id)).all() == [(None, None)]
    later = Conversations(engine, now=lambda: local(9) + timedelta(days=JUDGED_DAYS + 8))
    later.wipe_older_than(30)
    assert AnswerLabels(engine).counted(None, DAY) == ()


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
