"""Every text of the bundled handbook can be read aloud."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from knowledge.handbook import bundled_handbook, load_handbook
from speech.reading import Reading, read_aloud

SPEAKABLE = re.compile(r"[\u3400-\u9fffA-Z，。？！、；：]+")
HAN = re.compile(r"[\u3400-\u9fff]")
KANA_OR_UMLAUT = re.compile(r"[\u3040-\u30ffäöüÄÖÜß]")
LONGEST = 60


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from strings(part)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Names, fees, limits, places, answers, materials …, each once, as a visitor sees them."""
    handbook = load_handbook(bundled_handbook())
    whole = (handbook.resolved(item).model_dump() for item in handbook.items.values())
    chinese = {text: None for item in whole for text in strings(item) if HAN.search(text)}
    return [text for text in chinese if not KANA_OR_UMLAUT.search(text)]


@pytest.fixture(scope="module")
def readings(texts: list[str]) -> list[Reading]:
    return [reading for text in texts for reading in read_aloud(text)]


def test_every_text_of_the_handbook_is_heard(texts: list[str]):
    assert len(texts) > 10_000
    assert [text for text in texts if not read_aloud(text)] == []


def test_the_voice_meets_no_digit_small_letter_or_sign(readings: list[Reading]):
    assert [reading.spoken for reading in readings if not SPEAKABLE.fullmatch(reading.spoken)] == []


def test_captions_never_run_backwards(readings: list[Reading]):
    wrong = [
        reading
        for reading in readings
        if list(reading.places) != sorted(reading.places)
        or len(reading.places) != len(reading.spoken)
        or reading.places[-1] >= len(reading.sentence)
    ]
    assert wrong == []


def test_no_written_character_is_lost_but_those_that_are_not_heard(readings: list[Reading]):
    """What is Chinese in a sentence is said at its own place, in its own order."""
    lost = []
    for reading in readings:
        heard = {place for char, place in zip(reading.spoken, reading.places, strict=True) if HAN.match(char)}
        lost += [
            reading.sentence for place, char in enumerate(reading.sentence) if HAN.match(char) and place not in heard
        ]
    assert lost == []


def test_sentences_are_as_long_as_a_breath(readings: list[Reading]):
    long = [reading.sentence for reading in readings if len(reading.sentence) > LONGEST + 6]
    assert long == []


def test_every_hotline_is_called_by_its_digits(readings: list[Reading]):
    hotline = re.compile(r"(?<![\d.])12[0-9]{3}(?![\d.元人个%万平])")
    called = [(number, reading) for reading in readings for number in hotline.findall(reading.sentence)]
    assert len(called) > 100
    digits = "零幺二三四五六七八九"
    counted = [r for number, r in called if "".join(digits[int(digit)] for digit in number) not in r.spoken]
    assert counted == []
