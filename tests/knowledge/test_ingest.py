"""What a knowledge editor gets from an ingest: exact differences, old answers until the new are in, nothing lost."""

import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from channels.settings import Settings
from channels.wiring import Knowledge, build_knowledge
from knowledge.ingest import IngestReport, gather
from knowledge.live import LiveLibrary
from knowledge.retrieve import Retriever

ITEMS = (
    "dog-registration", "dog-surrender", "fishing-boat", "garden-claim", "guide-dog", "pigeon-permit", "stall-food",
    "stall-goods",
)  # fmt: skip
OTHERS = ("other_services.yaml#观鸟证办理", "other_services.yaml#热气球驾驶证")
DOG = Path("items/life/dog-registration.yaml")
STALL = Path("items/market/stall-goods.yaml")


@pytest.fixture
def knowledge(settings) -> Iterator[Knowledge]:
    with opened(settings()) as built:
        yield built


@contextmanager
def opened(given: Settings) -> Iterator[Knowledge]:
    built = build_knowledge(given)
    try:
        yield built
    finally:
        built.index.close()
        built.engine.dispose()


def ingest(knowledge: Knowledge, path: Path, dry_run: bool = False) -> IngestReport:
    return knowledge.ingester.ingest(gather(path), dry_run=dry_run)


def follow(knowledge: Knowledge) -> LiveLibrary:
    return LiveLibrary(knowledge.store, knowledge.index, knowledge.embedder.fingerprint)


def best(knowledge: Knowledge, question: str) -> str | None:
    """The item or document that a question finds first."""
    live = follow(knowledge).current()
    hits = Retriever(live.library, knowledge.index, knowledge.embedder.query_vector, knowledge.fusion).find(question)
    return hits[0].passage.item or hits[0].passage.source if hits else None


def edit(folder: Path, file: Path, old: str, new: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new), "utf-8")


def state(knowledge: Knowledge) -> tuple[object, ...]:
    store = knowledge.store
    known = store.known_vectors(knowledge.embedder.fingerprint)
    return store.version(), store.hashes(), known, knowledge.index.ids(), store.halls()


def test_a_first_ingest_adds_every_item_and_other_service(knowledge: Knowledge, handbook: Path):
    report = ingest(knowledge, handbook)
    assert sorted(report.added) == sorted((*ITEMS, *OTHERS))
    assert (report.changed, report.removed, report.unchanged, report.unreadable) == ((), (), 0, ())
    assert report.version == 1
    assert set(knowledge.store.items()) == set(ITEMS)


def test_a_second_ingest_changes_nothing(knowledge: Knowledge, handbook: Path):
    ingest(knowledge, handbook)
    before = state(knowledge)
    report = ingest(knowledge, handbook)
    assert (report.added, report.changed, report.removed, report.embedded) == ((), (), (), 0)
    assert report.unchanged == len(ITEMS) + len(OTHERS)
    assert state(knowledge) == before


def test_a_changed_question_embeds_only_its_own_key(knowledge: Knowledge, handbook: Path):
    ingest(knowledge, handbook)
    edit(handbook, DOG, "哪里可以给狗打疫苗", "给狗打针去哪里")
    report = ingest(knowledge, handbook)
    assert report.changed == ("dog-registration",)
    assert (report.added, report.removed) == ((), ())
    assert report.embedded == 1
    assert best(knowledge, "给狗打针去哪里") == "dog-registration"


def test_a_changed_answer_embeds_nothing_and_is_told_at_once(knowledge: Knowledge, handbook: Path):
    ingest(knowledge, handbook)
    edit(handbook, DOG, "10日内到窗口办理注销", "10日内打电话办理注销")
    report = ingest(knowledge, handbook)
    assert (report.changed, report.embedded) == (("dog-registration",), 0)
    texts = [passage.text for passage in knowledge.store.passages()]
    assert any("10日内打电话办理注销" in text for text in texts)
    assert not any("10日内到窗口办理注销" in text for text in texts)


def test_a_removed_item_is_gone_with_its_vectors(knowledge: Knowledge, handbook: Path):
    ingest(knowledge, handbook)
    (handbook / STALL).unlink()
    report = ingest(knowledge, handbook)
    assert report.removed == ("stall-goods",)
    assert "stall-goods" not in knowledge.store.items()
    assert knowledge.index.ids() == knowledge.store.known_vectors(knowledge.embedder.fingerprint)
    assert best(knowledge, "百货摊位许可") != "stall-goods"


def test_a_new_hotline_takes_effect_though_no_item_changed(knowledge: Knowledge, handbook: Path):
    ingest(knowledge, handbook)
    edit(handbook, Path("regions.yaml"), 'hotline: "000-12345"', 'hotline: "000-99999"')
    report = ingest(knowledge, handbook)
    assert (report.changed, report.embedded) == ((), 0)
    assert report.version == 2
    assert knowledge.store.hall().hotline == "000-99999"


def test_a_dry_run_tells_the_difference_and_writes_nothing(knowledge: Knowledge, handbook: Path):
    ingest(knowledge, handbook)
    before = state(knowledge)
    (handbook / STALL).unlink()
    edit(handbook, DOG, "yuan: 30", "yuan: 35")
    report = ingest(knowledge, handbook, dry_run=True)
    assert (report.changed, report.removed, report.embedded) == (("dog-registration",), ("stall-goods",), 0)
    assert state(knowledge) == before


@pytest.mark.parametrize("harm", ["id: [", "id: Not A Slug\nname: 摊位", ""], ids=["no yaml", "wrong field", "empty"])
def test_a_file_that_cannot_be_read_keeps_what_it_said_earlier(knowledge: Knowledge, handbook: Path, harm: str):
    ingest(knowledge, handbook)
    (handbook / STALL).write_text(harm, "utf-8")
    report = ingest(knowledge, handbook)
    assert report.removed == ()
    assert len(report.unreadable) == 1
    assert "items/market/stall-goods.yaml" in report.unreadable[0]
    assert "stall-goods" in knowledge.store.items()
    assert best(knowledge, "百货摊位许可") == "stall-goods"


@pytest.mark.parametrize("catalogue", ["materials", "places"])
def test_a_broken_catalogue_does_not_empty_the_items_that_name_it(knowledge: Knowledge, handbook: Path, catalogue: str):
    ingest(knowledge, handbook)
    before = knowledge.store.items()
    (handbook / f"{catalogue}.yaml").write_text(f"{catalogue}: [", "utf-8")
    report = ingest(knowledge, handbook)
    assert report.changed == ()
    assert report.unreadable
    assert knowledge.store.items() == before


def test_a_broken_regions_file_leaves_hall_and_regions_as_they_were(knowledge: Knowledge, handbook: Path):
    ingest(knowledge, handbook)
    (handbook / "regions.yaml").write_text("regions: [", "utf-8")
    ingest(knowledge, handbook)
    hall = knowledge.store.hall()
    assert (hall.name, hall.hotline, len(hall.regions)) == ("样本区政务服务中心", "000-12345", 4)


def test_a_folder_of_office_files_answers_alone(knowledge: Knowledge, tmp_path: Path):
    folder = tmp_path / "own"
    folder.mkdir()
    page = "# 居民停车证\n\n## 怎么申请\n\n带行驶证到小区物业填表，当天领取停车证。\n"
    (folder / "停车证.md").write_text(page, "utf-8")
    report = ingest(knowledge, folder)
    assert len(report.added) == 1
    assert best(knowledge, "居民停车证怎么申请") is not None
    assert all(key[0] == folder.resolve().as_posix() for key in knowledge.store.hashes())
    assert not any("居住证" in passage.text for passage in knowledge.store.passages())


def test_two_origins_stand_side_by_side_and_are_forgotten_apart(knowledge: Knowledge, handbook: Path, tmp_path: Path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "泊车.txt").write_text("河边泊车位\n河边泊车位每晚八点以后免费停放。\n", "utf-8")
    ingest(knowledge, handbook)
    ingest(knowledge, other)
    assert set(knowledge.store.items()) >= set(ITEMS)
    assert best(knowledge, "河边泊车位晚上能停吗") not in ITEMS
    gone = knowledge.ingester.forget(other.resolve().as_posix())
    assert len(gone) == 1
    assert set(knowledge.store.items()) == set(ITEMS)
    assert knowledge.store.hall().hotline == "000-12345"
    knowledge.ingester.forget(handbook.resolve().as_posix())
    assert knowledge.store.items() == {}
    assert knowledge.store.hall().regions == ()
    assert knowledge.index.ids() == set()


def test_of_an_item_in_two_handbooks_the_later_one_answers_and_the_earlier_comes_back(
    knowledge: Knowledge, handbook: Path, tmp_path: Path
):
    own = Path(shutil.copytree(handbook, tmp_path / "own"))
    edit(own, DOG, "yuan: 30", "yuan: 45")
    ingest(knowledge, handbook)
    ingest(knowledge, own)
    library = follow(knowledge).current().library
    fee = library.facet_passage("dog-registration", "fee")
    assert fee is not None
    assert "45元" in fee.text
    assert library.items["dog-registration"].fee.charges[0].yuan == 45
    assert [p for p in library.passages if p.item == "dog-registration" and "30元" in p.text] == []
    knowledge.ingester.forget(own.resolve().as_posix())
    fee = follow(knowledge).current().library.facet_passage("dog-registration", "fee")
    assert fee is not None
    assert "30元" in fee.text
    assert not knowledge.ingester.behind()


def test_other_services_of_two_handbooks_are_all_recognised(knowledge: Knowledge, handbook: Path, tmp_path: Path):
    own = Path(shutil.copytree(handbook, tmp_path / "own"))
    (own / "other_services.yaml").write_text("other_services:\n  - {name: 潜水证, department: 样本区体育局}\n", "utf-8")
    ingest(knowledge, handbook)
    ingest(knowledge, own)
    library = follow(knowledge).current().library
    assert set(library.other_services) == {"观鸟证办理", "热气球驾驶证", "潜水证"}


def test_nothing_to_read_leaves_no_trace(knowledge: Knowledge, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    report = ingest(knowledge, tmp_path / "empty")
    assert (report.added, report.version) == ((), 0)
    assert knowledge.store.version() == 0


def test_two_ingests_at_once_end_as_one(settings, handbook: Path):
    """As two servers do that start on the same empty database."""
    both = [build_knowledge(settings()) for _ in range(2)]
    gathered, failed = gather(handbook), []

    def take(knowledge: Knowledge) -> None:
        try:
            knowledge.ingester.ingest(gathered)
        except Exception as error:  # noqa: BLE001 - told to the test
            failed.append(error)

    threads = [threading.Thread(target=take, args=(one,)) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert set(both[0].store.items()) == set(ITEMS)
    assert not both[0].ingester.behind()
    for one in both:
        one.index.close()
        one.engine.dispose()


OPENING = """
import sys, time
from pathlib import Path
import alembic.command, sqlalchemy.dialects.sqlite
from channels.database import open_database
sys.stdin.readline()
open_database(None, Path(sys.argv[1])).dispose()
"""


def test_several_servers_may_open_a_new_database_at_once(tmp_path: Path):
    command = [sys.executable, "-c", OPENING, str(tmp_path)]
    pipe = subprocess.PIPE
    running = [subprocess.Popen(command, stdin=pipe, stderr=pipe, text=True) for _ in range(3)]
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    errors = [process.communicate(timeout=60)[1] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], errors


SLOW_INGEST = """
import sys, time
from pathlib import Path
from channels.settings import Settings
from channels.wiring import build_knowledge
from knowledge import ingest
ingest.BATCH = 4
built = build_knowledge(Settings(data_dir=Path(sys.argv[1]), embedder="hashing", _env_file=None))
def told(done, total):
    print(done, total, flush=True)
    time.sleep(0.2)
built.ingester.ingest(ingest.gather(Path(sys.argv[2])), progress=told)
"""


def test_a_killed_ingest_leaves_the_old_answers_whole_and_the_next_run_finishes(settings, handbook: Path):
    given = settings(vector_store="chroma")
    with opened(given) as knowledge:
        ingest(knowledge, handbook)
        before = state(knowledge)
    edit(handbook, DOG, "name: 养犬登记\n", "name: 家犬登记\n")
    command = [sys.executable, "-c", SLOW_INGEST, str(given.data_dir), str(handbook)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        done, total = map(int, process.stdout.readline().split())
        process.send_signal(signal.SIGKILL)
    assert done < total
    with opened(given) as knowledge:
        version, hashes, *_ = state(knowledge)
        assert (version, hashes) == before[:2]
        assert best(knowledge, "养犬登记") == "dog-registration"
        assert knowledge.store.items()["dog-registration"].name == "养犬登记"
        report = ingest(knowledge, handbook)
        assert report.changed == ("dog-registration",)
        assert report.embedded == total - done
        assert knowledge.store.items()["dog-registration"].name == "家犬登记"
        assert not knowledge.ingester.behind()


@pytest.mark.parametrize("harm", ["cut", "gone"])
def test_a_damaged_vector_folder_is_filled_again_from_the_database(settings, handbook: Path, harm: str):
    given = settings(vector_store="chroma")
    with opened(given) as knowledge:
        ingest(knowledge, handbook)
        keys = knowledge.index.ids()
    vectors = given.data_dir / "vectors"
    if harm == "gone":
        shutil.rmtree(vectors)
    else:
        (vectors / "chroma.sqlite3").write_bytes((vectors / "chroma.sqlite3").read_bytes()[:5000])
    with opened(given) as knowledge:
        assert knowledge.index.ids() == keys
        assert best(knowledge, "养犬登记") == "dog-registration"
        assert ingest(knowledge, handbook).embedded == 0


def test_another_embedder_embeds_everything_again_and_the_first_finds_its_own(settings, handbook: Path):
    with opened(settings(embedder="hashing")) as knowledge:
        count = ingest(knowledge, handbook).embedded
    with opened(settings(embedder="hashing:256")) as knowledge:
        assert len(knowledge.store.known_vectors("hashing-256-v1")) == count
        assert best(knowledge, "养犬登记") == "dog-registration"
    with opened(settings(embedder="hashing")) as knowledge:
        assert ingest(knowledge, handbook).embedded == 0
        assert best(knowledge, "养犬登记") == "dog-registration"
