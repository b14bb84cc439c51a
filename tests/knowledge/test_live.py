"""The handbook that answers now: changes show at once, and no question waits or fails for them."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from channels.wiring import Product
from knowledge.ingest import gather
from knowledge.live import Live, LiveLibrary

STALL = Path("items/market/stall-goods.yaml")
DOG = Path("items/life/dog-registration.yaml")
PATIENCE_S = 20


def wait_for(condition: Callable[[], bool]) -> None:
    """Until `condition` holds; a test that never sees it fails by its next assertion."""
    end = time.monotonic() + PATIENCE_S
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)


def follow(product: Product) -> LiveLibrary:
    """A second reader of the same database, as another server process is."""
    knowledge = product.knowledge
    return LiveLibrary(knowledge.store, knowledge.index, knowledge.embedder.fingerprint)


def titles(product: Product, live: Live, question: str) -> set[str]:
    return {hit.passage.title for hit in product.retriever(live).find(question, top=100)}


def ingest(product: Product, folder: Path) -> None:
    product.knowledge.ingester.ingest(gather(folder))


def test_a_removed_item_stops_answering_with_the_next_question(product: Product, handbook: Path):
    other = follow(product)
    assert "临时摊位许可（百货）" in titles(product, other.current(), "百货摊位许可")
    (handbook / STALL).unlink()
    ingest(product, handbook)
    time.sleep(0.15)
    for live in (product.live.current(), other.current()):
        assert "临时摊位许可（百货）" not in titles(product, live, "百货摊位许可")
        assert "stall-goods" not in live.library.items
        assert "临时摊位许可（食品）" in titles(product, live, "食品摊位许可")


def test_a_new_version_is_loaded_aside(product: Product, handbook: Path):
    other = follow(product)
    text = (handbook / DOG).read_text("utf-8")
    (handbook / DOG).write_text(text.replace("yuan: 30", "yuan: 36"), "utf-8")
    ingest(product, handbook)
    wait_for(lambda: other.current().library.version == 2)
    fee = other.current().library.facet_passage("dog-registration", "fee")
    assert fee is not None
    assert "36元" in fee.text
    assert other.current().hidden == frozenset()


INGEST = """
import sys
from pathlib import Path
from channels.settings import Settings
from channels.wiring import build_knowledge
from knowledge.ingest import gather
given = Settings(data_dir=Path(sys.argv[1]), embedder="hashing", vector_store=sys.argv[2], _env_file=None)
build_knowledge(given).ingester.ingest(gather(Path(sys.argv[3])))
"""


@pytest.mark.parametrize("store", ["memory", "chroma"])
def test_an_ingest_in_another_process_is_followed(settings, handbook: Path, ingest, open_product, store: str):
    given = settings(vector_store=store)
    ingest(given, handbook)
    product = open_product(given)
    text = (handbook / DOG).read_text("utf-8")
    (handbook / DOG).write_text(text.replace("哪里可以给狗打疫苗", "黑猫白猫可以登记吗"), "utf-8")
    (handbook / STALL).unlink()
    command = [sys.executable, "-c", INGEST, str(given.data_dir), store, str(handbook)]
    subprocess.run(command, check=True, timeout=60)
    wait_for(lambda: product.live.current().library.version == 2)
    live = product.live.current()
    hit = product.retriever(live).find("黑猫白猫可以登记吗")[0]
    assert (hit.passage.item, hit.passage.field) == ("dog-registration", "faq[1]")
    assert hit.parts.meaning > 0.5
    assert "临时摊位许可（百货）" not in titles(product, live, "百货摊位许可")
    (handbook / DOG).write_text(text, "utf-8")
    _again(product, handbook)


def _again(product: Product, handbook: Path) -> None:
    """The first process can still ingest what the other one has changed in the meantime."""
    product.knowledge.ingester.ingest(gather(handbook))
    assert product.live.reload().version == 3
    hit = product.retriever().find("哪里可以给狗打疫苗")[0]
    assert (hit.passage.field, hit.parts.meaning > 0.5) == ("faq[1]", True)


def test_reload_waits_for_the_new_version(product: Product, handbook: Path):
    (handbook / STALL).unlink()
    ingest(product, handbook)
    assert "stall-goods" not in product.live.reload().items
    assert product.live.current().library.version == 2


def test_a_removed_document_is_hidden_and_others_of_its_folder_are_not(product: Product, tmp_path: Path):
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "泊车.txt").write_text("河边泊车位\n河边泊车位每晚八点以后免费停放。\n", "utf-8")
    (folder / "菜场.txt").write_text("早市菜场\n早市菜场每天五点开门。\n", "utf-8")
    ingest(product, folder)
    product.live.reload()
    assert "泊车.txt" in {hit.passage.source for hit in product.retriever().find("河边泊车位免费停放")}
    (folder / "泊车.txt").unlink()
    ingest(product, folder)
    time.sleep(0.15)
    live = product.live.current()
    assert "泊车.txt" not in {hit.passage.source for hit in product.retriever(live).find("河边泊车位免费停放")}
    assert "菜场.txt" in {hit.passage.source for hit in product.retriever(live).find("早市菜场几点开门")}


def test_other_services_that_stay_are_recognised_while_one_goes(product: Product, handbook: Path):
    lines = (handbook / "other_services.yaml").read_text("utf-8").splitlines()
    (handbook / "other_services.yaml").write_text("\n".join(lines[:2]) + "\n", "utf-8")
    ingest(product, handbook)
    time.sleep(0.15)
    live = product.live.current()
    assert "观鸟证办理" in titles(product, live, "观鸟证怎么办")
    wait_for(lambda: product.live.current().library.version == 2)
    assert "热气球驾驶证" not in titles(product, product.live.current(), "热气球驾驶证")


def test_questions_never_fail_while_the_handbook_changes(product: Product, handbook: Path):
    stop, failed, asked = threading.Event(), [], []

    def ask() -> None:
        while not stop.is_set():
            try:
                live = product.live.current()
                hits = product.retriever(live).find("养犬登记要带什么材料")
                assert hits[0].passage.item == "dog-registration"
                assert hits[0].passage.item in live.library.items
                asked.append(live.library.version)
            except Exception as error:  # noqa: BLE001 - told to the test
                failed.append(error)

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    stall = (handbook / STALL).read_text("utf-8")
    for _ in range(6):
        (handbook / STALL).unlink()
        ingest(product, handbook)
        (handbook / STALL).write_text(stall, "utf-8")
        ingest(product, handbook)
        time.sleep(0.1)
    wait_for(lambda: product.live.current().library.version == 13)
    stop.set()
    for asker in askers:
        asker.join()
    assert failed == []
    assert len(set(asked)) > 1
    assert "stall-goods" in product.live.current().library.items


def test_a_version_that_cannot_be_loaded_is_tried_again(
    product: Product, handbook: Path, caplog: pytest.LogCaptureFixture
):
    """Somebody else's half-written row must not stop the hall from following for ever."""
    knowledge = product.knowledge
    with knowledge.engine.begin() as connection:
        connection.execute(sa.text("UPDATE handbook_entry SET item = '{' WHERE entry = 'stall-goods'"))
        connection.execute(sa.text("UPDATE handbook_version SET number = 2"))
    time.sleep(0.15)
    product.live.current()
    wait_for(lambda: "could not be loaded" in caplog.text)
    assert titles(product, product.live.current(), "养犬登记")
    (handbook / STALL).write_text((handbook / STALL).read_text("utf-8").replace("百货的", "百货和杂货的"), "utf-8")
    ingest(product, handbook)
    wait_for(lambda: product.live.current().library.version == 3)
    assert product.live.current().library.version == 3
