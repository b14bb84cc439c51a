"""Speech as a file that carries the label of synthetic content."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from speech.label import labelled_wav
from speech.speak import SpokenSentence


def voice_file(said: Sequence[SpokenSentence], producer: str) -> bytes:
    """The sentences as one WAV file: the rhythm that says AI, the sound, and the label's note for machines."""
    return labelled_wav(np.concatenate([one.samples for one in said]), said[0].rate, producer)
