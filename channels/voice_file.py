"""Speech as a file that carries the label of synthetic content."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from speech.audio import write_wav
from speech.label import file_metadata
from speech.speak import SpokenSentence


def voice_file(said: Sequence[SpokenSentence]) -> bytes:
    """The sentences as one WAV file with the metadata of the AI label."""
    samples = np.concatenate([one.samples for one in said])
    return write_wav(samples, said[0].rate, file_metadata(samples))
