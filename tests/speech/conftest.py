"""Recorded sentences and loaded models that the tests of speech share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from speech.audio import Samples, decode
from speech.engines.recognizers import build_recognizer
from speech.recognizer import Recognizer
from speech.vad import VoiceActivity

SAMPLES = Path(__file__).parent / "samples"
"""Sentences of invented visitors, spoken by the bundled voice."""

Recorded = Callable[[str], Samples]


@pytest.fixture(scope="session")
def recorded() -> Recorded:
    """The sentence of a file in `samples`, at 16 kHz."""
    return lambda name: decode((SAMPLES / f"{name}.ogg").read_bytes())


@pytest.fixture(scope="session")
def silero() -> VoiceActivity:
    return VoiceActivity()


@pytest.fixture(scope="session")
def whisper() -> Iterator[Recognizer]:
    """Bundled Whisper, loaded once."""
    loaded = build_recognizer("whisper", threads=2)
    yield loaded
    loaded.close()
