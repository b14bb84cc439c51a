"""The same promises from every index: memory, memory with a file, Chroma embedded, Chroma as a server."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import pytest

from knowledge.index import (
    Index,
    IndexDamaged,
    IndexUnavailable,
    MemoryIndex,
    WrongDimension,
    discard_index,
    open_index,
)

Opener = Callable[[], Index]


@contextmanager
def chroma_server(folder: Path) -> Iterator[str]:
    """A Chroma server of this environment. Its output goes to a file: an undrained pipe would stop it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [Path(sys.executable).with_name("chroma"), "run", "--path", folder, "--host", "127.0.0.1"]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen([*command, "--port", str(port)], stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_for(f"http://127.0.0.1:{port}/api/v2/heartbeat", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(30)


@pytest.fixture(scope="session")
def chroma_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma_server(tmp_path_factory.mktemp("chroma-server")) as url:
        yield url


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert server.poll() is None, "the Chroma server ended"
        try:
            if httpx.get(url, trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail("the Chroma server did not come up")


KINDS = ["memory", "file", "embedded", pytest.param("server", marks=pytest.mark.service)]


@pytest.fixture(params=KINDS)
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    """Opens the same index each time it is called; plain memory is kept in hand."""
    if request.param == "server":
        url = request.getfixturevalue("chroma_url")
        return lambda: open_index(None, url, f"fingerprint of {tmp_path}")
    if request.param == "embedded":
        return lambda: open_index(tmp_path / "chroma", None, "fingerprint")
    if request.param == "file":
        return lambda: MemoryIndex(tmp_path / "vectors.npz")
    memory = open_index(None, None, "fingerprint")
    return lambda: memory


@pytest.fixture
def index(opener: Opener) -> Iterator[Index]:
    opened = opener()
    yield opened
    opened.close()


def compass(*degrees: float) -> np.ndarray:
    """Unit vectors on a circle: cosines are known by hand."""
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def test_a_new_index_is_empty(index: Index):
    assert index.count() == 0
    assert index.ids() == set()
    assert index.search(compass(0)[0], 5) == []
    assert index.get(["nobody"]).missing == ("nobody",)


def test_the_nearest_come_first_with_their_cosines(index: Index):
    index.upsert(["east", "north", "west"], compass(0, 90, 180))
    hits = index.search(compass(60)[0], 2)
    assert [identity for identity, _ in hits] == ["north", "east"]
    assert [cosine for _, cosine in hits] == pytest.approx([3**0.5 / 2, 0.5], abs=1e-5)


def test_asking_for_more_than_there_is_gives_all(index: Index):
    index.upsert(["east", "north"], compass(0, 90))
    assert len(index.search(compass(1)[0], 50)) == 2
    assert index.search(compass(1)[0], 0) == []


def test_vectors_are_stored_with_length_one(index: Index):
    index.upsert(["east"], 7 * compass(0))
    assert index.get(["east"]).matrix.tolist() == pytest.approx(compass(0))


def test_a_removed_passage_is_never_found_again(index: Index, opener: Opener):
    index.upsert([f"p{number}" for number in range(36)], compass(*range(0, 360, 10)))
    index.remove(["p9", "p10", "never-there"])
    again = opener()
    for held in (index, again):
        assert held.count() == 34
        assert not held.ids() & {"p9", "p10"}
        assert not {identity for identity, _ in held.search(compass(95)[0], 34)} & {"p9", "p10"}
        assert held.search(compass(95)[0], 1)[0][0] in {"p8", "p11"}
    again.close()


def test_a_changed_passage_has_its_new_vector_only(index: Index):
    index.upsert(["moving", "north"], compass(0, 90))
    index.upsert(["moving"], compass(180))
    assert index.count() == 2
    hits = dict(index.search(compass(180)[0], 2))
    assert hits["moving"] == pytest.approx(1, abs=1e-5)


def test_rows_come_in_the_order_asked_for_and_missing_ones_are_named(index: Index):
    index.upsert(["east", "north", "west"], compass(0, 90, 180))
    rows = index.get(["west", "nobody", "east"])
    assert rows.ids == ("west", "east")
    assert rows.missing == ("nobody",)
    assert np.allclose(rows.matrix, compass(180, 0), atol=1e-6)
    assert rows.matrix.dtype == np.float32


def test_of_an_id_given_twice_the_last_vector_stays(index: Index):
    index.upsert(["same", "same"], compass(0, 90))
    assert index.count() == 1
    assert np.allclose(index.get(["same"]).matrix, compass(90), atol=1e-6)


def test_vectors_of_another_length_are_refused_and_nothing_changes(index: Index):
    index.upsert(["east"], compass(0))
    with pytest.raises(WrongDimension):
        index.upsert(["other"], np.ones((1, 3), np.float32))
    assert index.ids() == {"east"}


@pytest.mark.parametrize("bad", [np.ones((2, 2)), np.ones(2), np.array([[np.nan, 1]])], ids=["rows", "flat", "nan"])
def test_vectors_that_fit_no_id_or_hold_no_number_are_refused(index: Index, bad: np.ndarray):
    with pytest.raises(ValueError, match=r"ids need|no number"):
        index.upsert(["east"], bad.astype(np.float32))
    assert index.count() == 0


def test_nothing_to_do_is_no_error(index: Index):
    index.upsert([], np.empty((0, 2), np.float32))
    index.remove([])
    assert index.get([]).ids == ()


def test_what_was_stored_is_there_after_reopening(opener: Opener):
    first = opener()
    first.upsert(["east", "north"], compass(0, 90))
    first.close()
    again = opener()
    assert again.ids() == {"east", "north"}
    assert again.search(compass(80)[0], 1)[0][0] == "north"
    again.close()


def test_more_rows_than_one_batch_holds(index: Index):
    generator = np.random.default_rng(7)
    vectors = generator.normal(size=(6000, 8)).astype(np.float32)
    ids = [f"passage-{number:05d}" for number in range(6000)]
    index.upsert(ids, vectors)
    assert index.count() == 6000
    assert index.get(ids[::-1]).ids == tuple(ids[::-1])
    assert index.search(vectors[5999], 1)[0][0] == ids[5999]
    index.remove(ids[1:])
    assert index.ids() == {ids[0]}
    assert index.search(vectors[5999], 3)[0][0] == ids[0]


def test_questions_are_answered_while_passages_change(index: Index):
    index.upsert([f"fixed-{number}" for number in range(8)], compass(*range(0, 320, 40)))
    stop, wrong = threading.Event(), []

    def ask() -> None:
        while not stop.is_set():
            best = index.search(compass(0)[0], 1)
            if not best or best[0][0] != "fixed-0":
                wrong.append(best)

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    for round_number in range(20):
        index.upsert([f"passing-{round_number}"], compass(200))
        index.remove([f"passing-{round_number}"])
    stop.set()
    for asker in askers:
        asker.join()
    assert wrong == []
    assert index.count() == 8


def test_two_fingerprints_do_not_see_each_other(tmp_path: Path):
    one = open_index(tmp_path, None, "sentence-transformers-/models/一个")
    other = open_index(tmp_path, None, "e5-int8")
    one.upsert(["east"], compass(0))
    other.upsert(["flat"], np.ones((1, 3), np.float32))
    assert (one.ids(), other.ids()) == ({"east"}, {"flat"})
    one.close()
    assert other.ids() == {"flat"}
    other.close()


def test_a_damaged_file_is_reported(tmp_path: Path):
    file = tmp_path / "vectors.npz"
    MemoryIndex(file).upsert(["east"], compass(0))
    whole = file.read_bytes()
    for damaged in (b"", b"nonsense", whole[: len(whole) // 2]):
        file.write_bytes(damaged)
        with pytest.raises(IndexDamaged):
            MemoryIndex(file)


def test_a_server_that_is_away_is_named():
    with pytest.raises(IndexUnavailable, match=r"http://127\.0\.0\.1:9"):
        open_index(None, "http://127.0.0.1:9", "fingerprint")


@pytest.mark.service
def test_a_server_that_goes_away_later_is_named_too(tmp_path: Path):
    with chroma_server(tmp_path) as url:
        index = open_index(None, url, "fingerprint")
        index.upsert(["east"], compass(0))
    with pytest.raises(IndexUnavailable):
        index.search(compass(0)[0], 1)
    index.close()


def _fill(folder: Path) -> dict[str, Path]:
    """An embedded index of 1,200 rows, enough that Chroma writes its graph files; the files by name."""
    held = open_index(folder, None, "fingerprint")
    vectors = np.random.default_rng(1).normal(size=(1200, 16)).astype(np.float32)
    held.upsert([f"p{number}" for number in range(1200)], vectors)
    held.close()
    return {path.name: path for path in folder.rglob("*") if path.is_file()}


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _scramble_end(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] + b"\xa5" * (len(content) - len(content) // 2))


FILES = ["header.bin", "data_level0.bin", "link_lists.bin", "index_metadata.pickle", "chroma.sqlite3"]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("harm", [_cut, _scramble_end, Path.unlink])
def test_a_damaged_store_is_reported_and_can_be_refilled(tmp_path: Path, name: str, harm: Callable[[Path], None]):
    """Some of these would end the whole process if Chroma's engine read them."""
    harm(_fill(tmp_path)[name])
    with pytest.raises(IndexDamaged):
        open_index(tmp_path, None, "fingerprint").search(np.ones(16, np.float32), 3)
    discard_index(tmp_path)
    fresh = open_index(tmp_path, None, "fingerprint")
    fresh.upsert(["east"], compass(0))
    assert fresh.search(compass(0)[0], 3)[0][0] == "east"
    fresh.close()
