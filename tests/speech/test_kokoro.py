"""The bundled voice: what it says, how fast its characters come, and that nothing makes it fail."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from speech.engines.synthesizers import build_synthesizer
from speech.mouth import char_times, visemes
from speech.synthesizer import Synthesizer, SynthesizerUnavailable
from speech.voices import load_voice

pytestmark = pytest.mark.real_model

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def kokoro(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synthesizer]:
    voice = load_voice("xiaoyi", TODAY)
    loaded = build_synthesizer("kokoro", voice, threads=2, cache=tmp_path_factory.mktemp("voice"))
    yield loaded
    loaded.close()


def test_a_sentence_is_spoken_at_a_human_pace_and_an_even_level(kokoro: Synthesizer):
    said = kokoro.synthesize("办理居住证要带身份证。")
    assert said.rate == 24_000
    assert 1.5 < said.seconds < 4.0
    loud = np.sqrt(np.mean(said.samples**2))
    assert -26 < 20 * np.log10(loud) < -17
    assert np.abs(said.samples).max() <= 1.0


def test_no_silence_stands_before_or_behind_a_sentence(kokoro: Synthesizer):
    said = kokoro.synthesize("您好。")
    first = int(np.argmax(np.abs(said.samples) > 0.02)) / said.rate
    last = (len(said.samples) - int(np.argmax(np.abs(said.samples[::-1]) > 0.02))) / said.rate
    assert first < 0.12
    assert said.seconds - last < 0.25
    assert abs(said.samples[0]) < 0.01
    assert abs(said.samples[-1]) < 0.01


def test_every_character_has_its_time_in_order(kokoro: Synthesizer):
    text = "请到B区，五号窗口。"
    said = kokoro.synthesize(text)
    assert list(dict.fromkeys(one.char for one in said.sounds)) == [0, 1, 2, 3, 5, 6, 7, 8]
    assert all(one.start <= one.end <= said.seconds for one in said.sounds)
    times = char_times(said, len(text))
    assert all(before[1] <= after[0] for before, after in pairwise(times))
    assert visemes(said)[-1] == (round(said.seconds, 3), "sil")


@pytest.mark.parametrize("text", ["", "。", "😀", "∑x²→", "\x00\x01", "\ud800", " "])
def test_odd_input_gives_silence_or_sound_but_never_fails(kokoro: Synthesizer, text: str):
    said = kokoro.synthesize(text)
    assert np.isfinite(said.samples).all()


def test_slower_speech_takes_longer(kokoro: Synthesizer):
    own, slow = (kokoro.synthesize("请出示身份证", speed).seconds for speed in (1.0, 0.7))
    assert slow > own * 1.15


def test_a_very_long_sentence_is_spoken_whole(kokoro: Synthesizer):
    text = "请带身份证和户口簿" * 6
    said = kokoro.synthesize(text)
    assert {one.char for one in said.sounds} == set(range(len(text)))
    starts = [one.start for one in said.sounds]
    assert starts == sorted(starts)


def test_two_conversations_get_the_same_sound_at_once(kokoro: Synthesizer):
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(kokoro.synthesize, ["请稍等"] * 2)
    assert np.array_equal(one.samples, other.samples)


def test_a_wrong_style_file_is_told_in_a_sentence(tmp_path: Path):
    broken = tmp_path / "broken.bin"
    broken.write_bytes(b"12345678")
    voice = replace(load_voice("xiaoyi", TODAY), file=broken)
    with pytest.raises(SynthesizerUnavailable, match="no table of styles"):
        build_synthesizer("kokoro", voice, cache=tmp_path)
