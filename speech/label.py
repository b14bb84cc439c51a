"""The label of what a machine made: words for people, a rhythm in sound that stands alone, a note in files.

《人工智能生成合成内容标识办法》 (in force since 2025-09-01), articles 4 and 5, and GB 45438-2025:
a screen shows the words all the time, and its sound needs nothing more; sound that leaves the screen, as a file or to
a terminal without one, begins or ends with spoken words or with the Morse rhythm of "AI", at each turn; a file holds
one `AIGC` entry with the seven elements of appendix E.
"""

from __future__ import annotations

import json
import re
import struct
import uuid
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import yaml

from speech.audio import Samples, write_wav

MADE_BY_A_MACHINE = "1"
"""Appendix E c): 1 it is, 2 it may be, 3 it is suspected to be."""
ALLOWED = re.compile(r"[!#-\[\]-~]+")
"""Appendix E j): visible ASCII without quotation mark and backslash. A name in Chinese is given as a code."""

UNIT_S = 0.08
"""A short beep; a long one takes three."""
MORSE = ((1, 1), (3, 3), (1, 1), (1, 0))
"""短长短短, A and I: units of each beep and of the pause after it."""
PITCH_HZ, LOUDNESS, EDGE_S = 880.0, 0.12, 0.008
AFTER_RHYTHM_S = 0.25


@dataclass(frozen=True)
class Label:
    shown: str
    """Visible as long as the conversation lasts."""
    spoken: str
    """Aloud, once in a conversation."""


@cache
def label() -> Label:
    return Label(**yaml.safe_load((files("speech") / "label.yaml").read_text("utf-8")))


def file_note(producer: str, produce_id: str | None = None) -> str:
    """The value of a file's `AIGC` entry. `producer` is the code of who runs the service, as its credit code.

    Whoever makes a file is also the first to pass it on (appendix E, note 1). Raises ValueError.
    """
    number = uuid.uuid4().hex if produce_id is None else produce_id
    for value in (producer, number):
        if not ALLOWED.fullmatch(value):
            raise ValueError(f"{value!r} has characters that GB 45438-2025 does not allow in a label")
    elements = {
        "Label": MADE_BY_A_MACHINE,
        "ContentProducer": producer,
        "ProduceID": number,
        "ReservedCode1": "",
        "ContentPropagator": producer,
        "PropagateID": number,
        "ReservedCode2": "",
    }
    return json.dumps({"AIGC": elements}, separators=(",", ":"))


def labelled_wav(samples: Samples, rate: int, producer: str, produce_id: str | None = None) -> bytes:
    """A WAV that may leave the house: the rhythm before the sound, the note in a chunk named AIGC after the format."""
    wav = write_wav(marked(samples, rate), rate)
    note = file_note(producer, produce_id).encode()
    chunk = b"AIGC" + struct.pack("<I", len(note)) + note + b"\0" * (len(note) % 2)
    at = 20 + struct.unpack_from("<I", wav, 16)[0]
    body = wav[8:at] + chunk + wav[at:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


def marked(samples: Samples, rate: int) -> Samples:
    """`samples` with the rhythm and a short rest before them."""
    return np.concatenate([rhythm(rate), np.zeros(int(AFTER_RHYTHM_S * rate), np.float32), samples])


@cache
def rhythm(rate: int) -> Samples:
    """The Morse code of "AI" as soft beeps, a little less than a second."""
    pieces = []
    for units, pause in MORSE:
        seconds = np.arange(round(units * UNIT_S * rate)) / rate
        edges = np.minimum(1.0, np.minimum(seconds, seconds[::-1]) / EDGE_S)
        pieces += [LOUDNESS * edges * np.sin(2 * np.pi * PITCH_HZ * seconds), np.zeros(round(pause * UNIT_S * rate))]
    beeps = np.concatenate(pieces).astype(np.float32)
    beeps.setflags(write=False)
    return beeps
