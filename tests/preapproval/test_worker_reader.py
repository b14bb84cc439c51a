"""Reading in worker processes: a killed, slow or greedy one costs its file at most; nothing is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from made_files import card_picture, halves, handed, saved, text_pdf
from PIL import Image as Pictures
from PIL.PngImagePlugin import PngInfo

from preapproval.reading.budget import Budget
from preapproval.reading.frames import Broken
from preapproval.reading.reader import ReaderUnavailable, Reading
from preapproval.reading.scripted import ScriptedReader
from preapproval.reading.worker_process import ONE_THREAD, ROOT
from preapproval.reading.worker_reader import WorkerReader

SCRIPTED = {"engine": "scripted"}
MakeReader = Callable[..., WorkerReader]


@pytest.fixture
def make() -> Iterator[MakeReader]:
    """Readers with the scripted engine; all are closed at the end."""
    made: list[WorkerReader] = []

    def one(**given: Any) -> WorkerReader:
        made.append(WorkerReader(**{"engine": SCRIPTED, "workers": 1, **given}))
        return made[-1]

    yield one
    for reader in made:
        reader.close()


def page_file(text: str, seconds: float = 0.0, busy_seconds: float = 0.0) -> bytes:
    """A picture that tells the scripted engine what stands on it, and how long and how much work reading it takes."""
    line = {"text": text, "quad": [[0, 0], [9, 0], [9, 9], [0, 9]], "confidence": 1}
    notes = PngInfo()
    notes.add_text("page", json.dumps({"lines": [line], "seconds": seconds, "busy_seconds": busy_seconds}))
    return saved(halves(), "PNG", pnginfo=notes)


def text_of(reading: Reading) -> str:
    return "".join(line.text for page in reading.read.pages for line in page.lines)


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not waited for does not."""
    try:
        return Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(true: Callable[[], object], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "this never came true"
        time.sleep(0.02)


def read_beside(reader: WorkerReader, data: bytes, into: list[Reading]) -> threading.Thread:
    thread = threading.Thread(target=lambda: into.append(reader.read(handed(data), data)))
    thread.start()
    return thread


def kill_when_reading(reader: WorkerReader, dead: set[int]) -> None:
    """kill -9 of the next process, once it stands in the middle of its file."""
    until(lambda: set(reader.pids()) - dead)
    (pid,) = set(reader.pids()) - dead
    time.sleep(1.5)
    dead.add(pid)
    os.kill(pid, signal.SIGKILL)


def test_a_worker_reads_what_a_reader_in_this_process_reads(make: MakeReader):
    reader = make()
    for data in (page_file("样本"), saved(card_picture(), "JPEG"), text_pdf(pages=2), b"", text_pdf()[:300]):
        here, there = ScriptedReader().read(handed(data), data), reader.read(handed(data), data)
        assert there.read.model_copy(update={"took_ms": here.read.took_ms}) == here.read
        assert there.pictures == here.pictures


def test_no_process_runs_before_the_first_file_and_none_after_closing(make: MakeReader):
    reader = make()
    assert reader.pids() == []
    reader.read(handed(page_file("样本")), page_file("样本"))
    (pid,) = reader.pids()
    assert alive(pid)
    reader.close()
    assert not alive(pid)
    assert reader.pids() == []


def test_a_file_whose_worker_is_killed_is_read_by_another(make: MakeReader):
    reader, found, data = make(), [], page_file("样本", seconds=3)
    reading = read_beside(reader, data, found)
    kill_when_reading(reader, set())
    reading.join()
    assert (found[0].read.problem, text_of(found[0])) == (None, "样本")


def test_a_file_that_kills_every_worker_fails_and_the_next_is_read(make: MakeReader):
    reader, found, dead, data = make(), [], set(), page_file("样本", seconds=30)
    reading = read_beside(reader, data, found)
    kill_when_reading(reader, dead)
    kill_when_reading(reader, dead)
    reading.join()
    assert found[0].read.problem == "reader_failed"
    assert text_of(reader.read(handed(page_file("后一份")), page_file("后一份"))) == "后一份"


def test_a_file_that_takes_too_long_is_given_up_and_the_others_go_on(make: MakeReader):
    reader = make(workers=2, budget=Budget(wall_seconds=2))
    files = [page_file("慢", seconds=60), *(page_file(text) for text in "一二三")]
    seen: list[str] = []
    readings = reader.read_all([(handed(data), data) for data in files], lambda one: seen.append(one.read.file.sha256))
    assert [one.read.problem for one in readings] == ["timed_out", None, None, None]
    assert [text_of(one) for one in readings] == ["", "一", "二", "三"]
    assert sorted(seen) == sorted(one.read.file.sha256 for one in readings)
    assert text_of(reader.read(handed(files[1]), files[1])) == "一"


def test_a_file_that_never_stops_working_is_given_up_by_what_it_used(make: MakeReader):
    reader, endless = make(budget=Budget(seconds=1)), page_file("忙", busy_seconds=10**6)
    assert (read := reader.read(handed(endless), endless).read).problem == "timed_out"
    assert read.detail == "1 s"
    assert text_of(reader.read(handed(page_file("一")), page_file("一"))) == "一"


def test_a_file_that_has_to_wait_for_a_busy_machine_is_read(make: MakeReader):
    reader, waiting = make(budget=Budget(seconds=1)), page_file("等", seconds=2.5)
    assert text_of(reader.read(handed(waiting), waiting)) == "等"


def test_a_worker_that_takes_too_much_memory_is_ended(make: MakeReader):
    reader = make(budget=Budget(megabytes=150))
    small = page_file("样本")
    assert text_of(reader.read(handed(small), small)) == "样本"
    large = saved(Pictures.new("RGB", (6300, 6300), "white"), "PNG")
    assert reader.read(handed(large), large).read.problem == "out_of_memory"
    assert text_of(reader.read(handed(small), small)) == "样本"


def test_a_worker_is_replaced_after_its_pages(make: MakeReader):
    reader = make(budget=Budget(pages=3))
    data = text_pdf(pages=2)
    seen = []
    for _ in range(3):
        reader.read(handed(data), data)
        seen.append(reader.pids())
    assert len(seen[0]) == 1
    assert seen[1] == []
    assert len(seen[2]) == 1
    assert seen[2] != seen[0]


def test_workers_that_nobody_needs_end(make: MakeReader):
    reader, data = make(idle_seconds=0.3), page_file("样本")
    reader.read(handed(data), data)
    (pid,) = reader.pids()
    until(lambda: not alive(pid))
    assert text_of(reader.read(handed(data), data)) == "样本"


def test_two_workers_read_at_the_same_time(make: MakeReader):
    reader = make(workers=2)
    reader.read_all([(handed(data), data) for data in (page_file("热", 1), page_file("身", 1))])
    files = [page_file(text, seconds=3) for text in "一二"]
    begun = time.monotonic()
    reader.read_all([(handed(data), data) for data in files])
    assert time.monotonic() - begun < 5.7


def test_an_engine_that_cannot_start_says_why(make: MakeReader, tmp_path: Path):
    reader = make(engine={"engine": "scripted", "script": str(tmp_path / "missing.yaml")})
    with pytest.raises(ReaderUnavailable, match=r"missing\.yaml"):
        reader.check()
    data = page_file("样本")
    assert reader.read(handed(data), data).read.problem == "reader_failed"
    assert reader.pids() == []


def test_after_closing_a_file_has_a_problem_and_nothing_waits(make: MakeReader):
    reader, data = make(), page_file("样本")
    reader.close()
    assert reader.read(handed(data), data).read.problem == "reader_failed"


def test_closing_ends_what_reads_now(make: MakeReader):
    reader, found, data = make(), [], page_file("样本", seconds=60)
    reading = read_beside(reader, data, found)
    until(reader.pids)
    reader.close()
    reading.join(20)
    assert found[0].read.problem == "reader_failed"
    assert reader.pids() == []


def test_a_worker_knows_no_setting_and_no_key(make: MakeReader):
    os.environ["XIAOXIN_SAMPLE_KEY"] = "sample"
    try:
        reader, data = make(), page_file("样本")
        reader.read(handed(data), data)
        (pid,) = reader.pids()
        told = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    finally:
        del os.environ["XIAOXIN_SAMPLE_KEY"]
    names = {one.partition(b"=")[0].decode() for one in told if one}
    assert names <= {"PATH", "LD_LIBRARY_PATH", "TMPDIR", "TZ", "PYTHONPATH", "PYTHONUTF8", "LC_CTYPE", *ONE_THREAD}


def test_a_killed_parent_leaves_no_worker_behind():
    program = (
        "import sys,time\n"
        "from preapproval.reading.worker_reader import WorkerReader\n"
        "reader = WorkerReader({'engine': 'scripted'}, workers=1)\n"
        "reader.check()\n"
        "print(reader.pids()[0], flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=ROOT)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert alive(pid)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until(lambda: not alive(pid))


def test_what_is_no_message_is_not_believed():
    import io

    from preapproval.reading.frames import LENGTH, receive

    for data in (b"", b"\0\0", LENGTH.pack(9) + b"not json!", LENGTH.pack(2**32 - 1), LENGTH.pack(2) + b"[]"):
        with pytest.raises(Broken):
            receive(io.BytesIO(data))


@pytest.mark.real_model
def test_the_recogniser_reads_in_a_worker_too(make: MakeReader):
    reader = make(engine={"engine": "rapidocr", "variant": "tiny"})
    data = saved(card_picture(), "PNG")
    reading = reader.read(handed(data), data)
    assert "公民身份号码000000199001020000" in text_of(reading).replace(" ", "")
    assert reading.read.engine.startswith("pp-ocrv6-tiny ")
