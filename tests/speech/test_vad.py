"""Speech is told from silence, noise and music, and the same way however the sound arrives."""

from collections.abc import Callable

import numpy as np
import pytest

from speech.audio import Samples
from speech.vad import FRAME, VoiceActivity, cuts, voiced

Recorded = Callable[[str], Samples]

QUIET = np.zeros(16_000, np.float32)


def times(seconds: float = 4.0) -> Samples:
    return np.arange(int(16_000 * seconds), dtype=np.float32) / np.float32(16_000)


def white(level: float) -> Samples:
    return (level * np.random.default_rng(7).standard_normal(64_000)).astype(np.float32)


def chords() -> Samples:
    keys = [np.sin(2 * np.pi * hertz * times()) for hertz in (261.6, 329.6, 392.0)]
    return (0.2 * np.sum(keys, axis=0) * np.exp(-2 * (times() % 1))).astype(np.float32)


def test_a_spoken_question_is_speech_and_the_silence_around_it_is_not(silero: VoiceActivity, recorded: Recorded):
    question = recorded("question")
    found = silero.probabilities(np.concatenate([QUIET, question, QUIET, QUIET]))
    spoken = slice(16_000 // FRAME + 3, (16_000 + len(question)) // FRAME - 6)
    assert found[spoken].mean() > 0.8
    assert found[:25].max() < 0.2
    assert found[-40:].max() < 0.2


@pytest.mark.parametrize(
    "sound",
    [QUIET, white(0.03), white(0.3), chords(), 0.3 * np.sin(2 * np.pi * 50 * times()), np.full(64_000, 0.5)],
    ids=["silence", "soft noise", "loud noise", "music", "hum", "a broken microphone"],
)
def test_nobody_speaks_in_what_is_not_speech(silero: VoiceActivity, sound: Samples):
    assert voiced(silero.probabilities(sound.astype(np.float32))) == 0


@pytest.mark.parametrize("piece", [1, 160, 512, 1_000, 3_200, 100_000])
def test_pieces_of_any_length_give_what_the_whole_gives(silero: VoiceActivity, recorded: Recorded, piece: int):
    sound = recorded("question")
    stream = silero.stream()
    found = [one for start in range(0, len(sound), piece) for one in stream.accept(sound[start : start + piece])]
    assert len(found) == len(sound) // 512
    assert np.allclose(found, silero.probabilities(sound), atol=1e-5)


def test_a_long_recording_is_the_same_as_its_parts_in_turn(silero: VoiceActivity, recorded: Recorded):
    sound = np.tile(recorded("question"), 80)
    stream = silero.stream()
    parts = [one for start in range(0, len(sound), 16_384) for one in stream.accept(sound[start : start + 16_384])]
    assert len(parts) > stream.MOST_FRAMES
    assert np.allclose(parts, silero.probabilities(sound), atol=1e-4)


def test_the_next_visitor_is_heard_without_memory_of_the_one_before(silero: VoiceActivity, recorded: Recorded):
    stream = silero.stream()
    first = stream.accept(recorded("question"))
    stream.accept(white(0.3)[:777])
    stream.reset()
    assert stream.accept(recorded("question")) == first


def test_sound_shorter_than_a_frame_waits(silero: VoiceActivity):
    stream = silero.stream()
    assert stream.accept(QUIET[:511]) == []
    assert stream.accept(QUIET[:0]) == []
    assert len(stream.accept(QUIET[:1])) == 1


# cuts ----------------------------------------------------------------------------------------------------------


def probabilities(*stretches: tuple[float, float]) -> Samples:
    """Seconds and how likely they are speech."""
    return np.concatenate([np.full(round(seconds / 0.032), value, np.float32) for seconds, value in stretches])


def seconds_of(found: list[int]) -> list[float]:
    return [round(sample / 16_000, 1) for sample in found]


def test_a_short_recording_stays_whole():
    assert cuts(probabilities((24.9, 0.9))) == []
    assert cuts(np.zeros(0, np.float32)) == []


def test_a_long_recording_is_cut_in_its_longest_pause():
    sound = probabilities((12.0, 0.9), (0.3, 0.1), (3.0, 0.9), (1.0, 0.1), (20.0, 0.9))
    assert seconds_of(cuts(sound)) == [15.8]


def test_speech_without_a_pause_is_cut_where_it_is_least_likely():
    sound = probabilities((15.0, 0.9), (0.064, 0.6), (15.0, 0.9))
    assert seconds_of(cuts(sound)) == [15.0]


def test_no_part_is_longer_than_what_can_be_decoded():
    sound = np.random.default_rng(3).random(20_000).astype(np.float32)
    places = [0, *cuts(sound), 20_000 * FRAME]
    lengths = np.diff(places) / 16_000
    assert lengths.max() <= 25.0
    assert lengths[:-1].min() >= 10.0 - 0.032
    assert all(place % FRAME == 0 for place in places)
