"""Mouth shapes and times of characters from the timing of a voice."""

from itertools import pairwise

import numpy as np

from speech.engines.tone import Tone
from speech.mouth import VISEMES, char_times, mouth_of, visemes
from speech.phones import split_syllable
from speech.synthesizer import Sound, Speech


def speech(seconds: float, *sounds: Sound) -> Speech:
    return Speech(np.zeros(int(seconds * 1000), np.float32), 1000, sounds)


def test_the_mouth_follows_the_sounds_and_closes_at_the_end():
    said = speech(1.0, Sound(0, "b", 0.1, 0.2), Sound(0, "ai", 0.2, 0.6))
    assert visemes(said) == [(0.0, "sil"), (0.1, "PP"), (0.2, "aa"), (0.4, "I"), (0.6, "sil")]


def test_the_mouth_closes_in_a_pause():
    said = speech(1.0, Sound(0, "a", 0.0, 0.3), Sound(2, "a", 0.6, 1.0))
    assert visemes(said) == [(0.0, "aa"), (0.3, "sil"), (0.6, "aa"), (1.0, "sil")]


def test_a_shape_too_short_to_be_seen_is_left_out():
    said = speech(0.5, Sound(0, "t", 0.0, 0.02), Sound(0, "a", 0.02, 0.3), Sound(1, "l", 0.3, 0.32))
    assert visemes(said) == [(0.0, "aa"), (0.32, "sil")]


def test_lips_close_for_b_p_m_however_short():
    said = speech(0.5, Sound(0, "a", 0.0, 0.2), Sound(1, "m", 0.2, 0.22), Sound(1, "a", 0.22, 0.5))
    assert [name for _, name in visemes(said)] == ["aa", "PP", "aa", "sil"]


def test_silence_is_a_closed_mouth():
    assert visemes(speech(0.0)) == [(0.0, "sil")]


def test_every_syllable_of_mandarin_has_its_shapes():
    initials = "b p m f d t n l g k h j q x zh ch sh r z c s"
    finals = "a ai an ang ao e ei en eng er i ii iii ia ian iang iao ie in ing iong iou o ong ou u ua uai uan uang"
    for phone in [*initials.split(" "), *finals.split(" "), "uei", "uen", "ueng", "uo", "v", "van", "ve", "vn"]:
        assert set(mouth_of(phone)) <= set(VISEMES)
    assert mouth_of(split_syllable("xue2")[1]) == ("U", "E")
    assert mouth_of("bˈi") == ("PP", "I"), "the letter B"


def test_each_character_has_its_time_and_marks_have_none():
    said = Tone().synthesize("您好，请到B区。")
    times = char_times(said, 8)
    assert len(times) == 8
    assert all(start <= end for start, end in times)
    assert all(before[1] <= after[0] for before, after in pairwise(times))
    lengths = [round(end - start, 2) for start, end in times]
    assert lengths == [0.18, 0.18, 0.0, 0.18, 0.18, 0.18, 0.18, 0.0]


def test_a_text_without_any_sound_takes_no_time():
    assert char_times(speech(0.0), 3) == [(0.0, 0.0)] * 3
