"""What a machine made says so: in words, in sound, and in files."""

from __future__ import annotations

import json
import struct
from io import BytesIO
from itertools import groupby

import numpy as np
import pytest

from speech.audio import decode
from speech.label import file_note, label, labelled_wav, marked, rhythm
from speech.phones import units

TONE = (0.5 * np.sin(2 * np.pi * 300 * np.arange(24_000) / 24_000)).astype(np.float32)


def chunks(wav: bytes) -> dict[bytes, bytes]:
    assert wav[:4] == b"RIFF"
    assert struct.unpack_from("<I", wav, 4)[0] == len(wav) - 8
    assert wav[8:12] == b"WAVE"
    file, found = BytesIO(wav[12:]), {}
    while name := file.read(4):
        (size,) = struct.unpack("<I", file.read(4))
        found[name] = file.read(size)
        file.read(size % 2)
    return found


@pytest.mark.parametrize("words", [label().shown, label().spoken])
def test_the_words_name_the_machine_and_the_making(words: str):
    assert "人工智能" in words
    assert "生成" in words or "合成" in words


def test_the_spoken_words_can_be_said_by_every_voice():
    spoken = label().spoken
    assert len(units(spoken)) == len(spoken)


def test_a_file_names_its_maker_in_the_seven_elements_of_the_standard():
    note = json.loads(file_note("91000000TEST00001X", "20261122-0001"))
    assert note == {
        "AIGC": {
            "Label": "1",
            "ContentProducer": "91000000TEST00001X",
            "ProduceID": "20261122-0001",
            "ReservedCode1": "",
            "ContentPropagator": "91000000TEST00001X",
            "PropagateID": "20261122-0001",
            "ReservedCode2": "",
        }
    }


def test_every_file_has_a_number_of_its_own():
    numbers = {json.loads(file_note("xiaoxin"))["AIGC"]["ProduceID"] for _ in range(3)}
    assert len(numbers) == 3


@pytest.mark.parametrize("producer", ["", "政务大厅", "two words", 'with"mark', "back\\slash", "line\n"])
def test_names_that_the_standard_does_not_allow_are_refused(producer: str):
    with pytest.raises(ValueError, match="GB 45438-2025"):
        file_note(producer)


def test_a_wav_carries_one_label_that_players_pass_over():
    wav = labelled_wav(TONE, 24_000, "xiaoxin", "n1")
    found = chunks(wav)
    assert list(found) == [b"fmt ", b"AIGC", b"data"]
    assert found[b"AIGC"] == file_note("xiaoxin", "n1").encode()
    assert wav.count(b'{"AIGC"') == 1
    assert len(decode(wav)) == pytest.approx(16_000 * len(marked(TONE, 24_000)) / 24_000, abs=50)


def test_sound_that_leaves_the_screen_begins_with_short_long_short_short():
    samples = marked(TONE, 24_000)
    assert np.array_equal(samples[-len(TONE) :], TONE)
    width = 240  # ten milliseconds
    frames = samples[: len(samples) - len(TONE)][: len(rhythm(24_000)) // width * width].reshape(-1, width)
    loud = np.sqrt(np.mean(frames**2, axis=1)) > 0.01
    beeps = [len(list(run)) for on, run in groupby(loud) if on]
    assert ["long" if beep > 16 else "short" for beep in beeps] == ["short", "long", "short", "short"]


@pytest.mark.parametrize("rate", [8_000, 16_000, 24_000, 48_000])
def test_the_rhythm_is_short_and_soft_at_every_rate(rate: int):
    beeps = rhythm(rate)
    assert 0.7 < len(beeps) / rate < 1.0
    assert 0.05 < float(np.max(np.abs(beeps))) < 0.2
    assert abs(float(beeps[0])) < 0.01
    assert abs(float(beeps[-1])) < 0.01
