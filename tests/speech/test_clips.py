"""Sentences spoken before are heard again without the work, and nothing that happens to the files silences a voice."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from speech.clip_files import DamagedClip, packed, unpacked
from speech.clips import Clips
from speech.fallback import Fallback
from speech.synthesizer import Sound, Speech, SynthesisFailed, Synthesizer


class Hum:
    """A voice that hums for a tenth of a second a character, slowly if it is told to, and fails at some sentences."""

    def __init__(self, name: str = "hum", *, fails: tuple[str, ...] = (), takes: float = 0.0) -> None:
        self.name, self.fails, self.takes = name, fails, takes
        self.said: list[str] = []
        self.closed = False

    def synthesize(self, sentence: str, speed: float = 1.0) -> Speech:
        self.said.append(sentence)
        time.sleep(self.takes)
        if sentence in self.fails:
            raise SynthesisFailed(f"{self.name} cannot say it")
        seconds = np.arange(int(len(sentence) * 2_400 / speed)) / 24_000
        sound = Sound(0, "zh", 0.0, 0.05), Sound(0, "uang", 0.05, 0.1)
        return Speech((0.5 * np.sin(2 * np.pi * 200 * seconds)).astype(np.float32), 24_000, sound)

    def close(self) -> None:
        self.closed = True


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.clip"))


def fresh(folder: Path, **more: int) -> tuple[Clips, Hum]:
    """As after a restart: the same folder, nothing in memory."""
    voice = Hum()
    return Clips(folder, voice, **more), voice


# heard again ---------------------------------------------------------------------------------------------------


def test_a_sentence_is_spoken_once_and_heard_again_after_a_restart(tmp_path: Path):
    clips, voice = fresh(tmp_path)
    first = clips.synthesize("请取号。")
    again = clips.synthesize("请取号。")
    restarted, other = fresh(tmp_path)
    later = restarted.synthesize("请取号。")
    assert (voice.said, other.said) == (["请取号。"], [])
    assert again is first
    assert later.sounds == first.sounds
    assert later.rate == 24_000
    assert float(np.max(np.abs(later.samples - first.samples))) < 1e-4


def test_another_pace_or_voice_is_another_clip(tmp_path: Path):
    clips, voice = fresh(tmp_path)
    clips.synthesize("请取号。", 1.0)
    clips.synthesize("请取号。", 0.8)
    assert len(voice.said) == 2
    assert not Clips(tmp_path, Hum("other")).has("请取号。")
    assert len(files(tmp_path)) == 2


def test_a_clip_takes_two_bytes_a_sample(tmp_path: Path):
    clips, _ = fresh(tmp_path)
    clips.synthesize("一二三四五六七八九十")
    (file,) = files(tmp_path)
    assert 48_000 < file.stat().st_size < 48_200


def test_what_is_shared_among_visitors_cannot_be_changed_by_one(tmp_path: Path):
    clips, _ = fresh(tmp_path)
    for speech in (clips.synthesize("请取号。"), fresh(tmp_path)[0].synthesize("请取号。")):
        with pytest.raises(ValueError, match="read-only"):
            speech.samples[0] = 1.0


def test_many_sentences_do_not_fill_the_memory(tmp_path: Path):
    clips, voice = fresh(tmp_path)
    for number in range(70):
        clips.synthesize(f"第{number}号")
    for file in files(tmp_path):
        file.unlink()
    clips.synthesize("第69号")
    clips.synthesize("第0号")
    assert len(voice.said) == 71


def test_the_name_and_the_end_are_those_of_the_voice(tmp_path: Path):
    clips, voice = fresh(tmp_path)
    clips.close()
    assert clips.name == "hum"
    assert voice.closed


# several at once -----------------------------------------------------------------------------------------------


def test_visitors_who_ask_at_once_wait_for_one_and_the_same(tmp_path: Path):
    voice = Hum(takes=0.2)
    clips = Clips(tmp_path, voice)
    with ThreadPoolExecutor(8) as pool:
        heard = list(pool.map(clips.synthesize, ["请取号。"] * 8))
    assert voice.said == ["请取号。"]
    assert all(speech is heard[0] for speech in heard)


def test_a_failure_reaches_all_who_wait_and_the_next_one_tries_again(tmp_path: Path):
    voice = Hum(fails=("请取号。",), takes=0.2)
    clips = Clips(tmp_path, voice)
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(clips.synthesize, "请取号。") for _ in range(4)]
        failures = [type(one.exception()) for one in waiting]
    assert failures == [SynthesisFailed] * 4
    voice.fails = ()
    assert clips.synthesize("请取号。").seconds > 0


def _fill(folder: str, numbers: range) -> None:
    clips = Clips(Path(folder), Hum(), most_bytes=60_000)
    for number in numbers:
        clips.synthesize(f"第{number:03}号请到窗口")


def test_two_processes_share_a_folder_without_harm(tmp_path: Path):
    context = get_context("spawn")
    ranges = [range(60), range(30, 90)]
    running = [context.Process(target=_fill, args=(str(tmp_path), numbers)) for numbers in ranges]
    for process in running:
        process.start()
    for process in running:
        process.join()
    assert [process.exitcode for process in running] == [0, 0]
    assert sum(file.stat().st_size for file in files(tmp_path)) <= 120_000
    assert list(tmp_path.glob("*.part")) == []
    for file in files(tmp_path):
        assert unpacked(file.read_bytes()).seconds == pytest.approx(0.9)


# files that give way, are damaged, cannot be written -----------------------------------------------------------


def test_the_clip_not_heard_for_longest_gives_way(tmp_path: Path):
    clips, _ = fresh(tmp_path, most_bytes=3 * 9_800)
    for place, text in enumerate(("甲甲", "乙乙", "丙丙")):
        clips.synthesize(text)
        os.utime(clips._files.path(clips._key(text, 1.0)), (1_000 + place, 1_000 + place))
    clips.synthesize("甲甲")
    clips.synthesize("丁丁")
    assert [fresh(tmp_path)[0].has(text) for text in ("甲甲", "乙乙", "丙丙", "丁丁")] == [True, False, False, True]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-100],
        lambda data: data[:5],
        lambda data: b"",
        lambda data: data[:2_000] + b"\x00\x01" + data[2_002:],
        lambda data: b"RIFF" + data[4:],
        lambda data: data[:8] + b"\xff\xff\xff\xff" + data[12:],
    ],
)
def test_a_damaged_clip_is_spoken_anew(tmp_path: Path, damage: Callable[[bytes], bytes]):
    fresh(tmp_path)[0].synthesize("请取号。")
    (file,) = files(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    clips, voice = fresh(tmp_path)
    assert clips.synthesize("请取号。").seconds == pytest.approx(0.4)
    assert voice.said == ["请取号。"]
    assert file.read_bytes() == whole


def test_bytes_that_were_never_a_clip_are_told_apart():
    with pytest.raises(DamagedClip):
        unpacked(b"never a clip at all")
    assert unpacked(packed(Speech(np.zeros(0, np.float32), 24_000))).seconds == 0


def test_a_folder_that_cannot_be_written_silences_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    in_the_way = tmp_path / "clips"
    in_the_way.write_text("a file where the folder should be")
    clips, voice = fresh(in_the_way)
    assert clips.synthesize("请取号。").seconds > 0
    assert clips.synthesize("请取号。").seconds > 0
    assert clips.synthesize("请稍候。").seconds > 0
    assert voice.said == ["请取号。", "请稍候。"]
    assert len(caplog.records) == 1
    assert "cannot be kept" in caplog.records[0].message


def test_a_full_disk_silences_nobody_and_leaves_no_pieces(tmp_path: Path):
    resource = pytest.importorskip("resource")
    clips, voice = fresh(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))  # as on a full disk, writing fails half-way
    try:
        assert clips.synthesize("请取号。").seconds > 0
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []
    assert voice.said == ["请取号。"]


def test_pieces_left_by_a_process_that_died_are_cleared_away(tmp_path: Path):
    old, new = tmp_path / "old.part", tmp_path / "new.part"
    for piece in (old, new):
        piece.write_bytes(b"piece")
    os.utime(old, (1_000, 1_000))
    fresh(tmp_path)
    assert (old.exists(), new.exists()) == (False, True)


# made ahead ----------------------------------------------------------------------------------------------------


def test_what_is_missing_is_made_ahead(tmp_path: Path):
    voice = Hum(fails=("乙",))
    clips = Clips(tmp_path, voice)
    clips.synthesize("甲")
    seen: list[tuple[int, int]] = []
    assert clips.prepare(["甲", "乙", "丙", "丙"], lambda done, of: seen.append((done, of))) == 1
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert [clips.has(text) for text in ("甲", "乙", "丙")] == [True, False, True]


def test_making_ahead_ends_when_the_voice_is_closed(tmp_path: Path):
    voice = Hum()
    clips = Clips(tmp_path, voice)

    def close_after_two(done: int, of: int) -> None:
        if done == 2:
            clips.close()

    assert clips.prepare([f"第{number}号" for number in range(9)], close_after_two) == 2
    assert len(voice.said) == 2


# with a second voice -------------------------------------------------------------------------------------------


def test_each_voice_keeps_its_own_clips_and_those_of_an_absent_one_are_still_heard(tmp_path: Path):
    first, second = Hum("first"), Hum("second")
    voice: Synthesizer = Fallback(Clips(tmp_path, first), Clips(tmp_path, second))
    voice.synthesize("请取号。")
    first.fails = ("请取号。", "请稍候。")
    voice.synthesize("请取号。")
    voice.synthesize("请稍候。")
    assert (first.said, second.said) == (["请取号。", "请稍候。"], ["请稍候。"])
    assert not Clips(tmp_path, Hum("first")).has("请稍候。")
    assert Clips(tmp_path, Hum("second")).has("请稍候。")
