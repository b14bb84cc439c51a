"""Many turns over one voice socket leave nothing behind: no task, no thread, no file, no memory."""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from voice_terminal import START

Talk = Callable[..., Any]
LINES = ("养犬登记多少钱", "养犬登记在哪里办", "养犬登记要带什么材料", "谢谢")
WARM, TURNS = 20, 500


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def held() -> tuple[int, int]:
    """Threads and open files."""
    return threading.active_count(), len(os.listdir("/proc/self/fd"))


def take_turns(client: Any, count: int) -> None:
    """Questions that are heard, answered and cut short; every tenth visitor leaves."""
    for turn in range(count):
        client.speak("question")
        client.until("answer")
        client.until_sound()
        client.send(type="leave" if turn % 10 == 9 else "cancel")
        client.until("listening")
        client.told.clear()


def test_a_few_visitors_leave_nothing_behind(talk: Talk) -> None:
    with talk(*LINES * 10) as client:
        client.send(**START)
        client.until("listening")
        take_turns(client, 10)
        threads, files = held()
        take_turns(client, 10)
        assert held()[0] <= threads + 2
        assert held()[1] <= files + 2


@pytest.mark.bench
def test_five_hundred_turns_take_no_more_memory(talk: Talk) -> None:
    with talk(*LINES * TURNS) as client:
        client.send(**START)
        client.until("listening")
        take_turns(client, WARM)
        before, (threads, files) = resident_mb(), held()
        take_turns(client, TURNS)
        assert resident_mb() - before < 30
        assert held()[0] <= threads + 4
        assert held()[1] <= files + 4
