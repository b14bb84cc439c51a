"""A second voice for the sentences that the first one does not give."""

from __future__ import annotations

import logging
import threading

from speech.synthesizer import Speech, SynthesisFailed, Synthesizer

logger = logging.getLogger(__name__)


class Fallback:
    """`first`, and for each sentence that it fails `second`.

    Clips belong inside, one store for each voice: `Fallback(Clips(folder, edge), Clips(folder, kokoro))`. A clip
    then carries the name of the voice that spoke it, and clips of a voice that is away are still heard.
    """

    def __init__(self, first: Synthesizer, second: Synthesizer) -> None:
        self.first, self.second = first, second
        self.name = f"{first.name} or {second.name}"
        self._away = False
        self._lock = threading.Lock()

    def synthesize(self, sentence: str, speed: float = 1.0) -> Speech:
        try:
            speech = self.first.synthesize(sentence, speed)
        except SynthesisFailed as failure:
            self._note(away=True, why=str(failure))
            return self.second.synthesize(sentence, speed)
        self._note(away=False)
        return speech

    def close(self) -> None:
        try:
            self.first.close()
        finally:
            self.second.close()

    def _note(self, *, away: bool, why: str = "") -> None:
        """One line in the log when the first voice goes, one when it is back."""
        with self._lock:
            changed, self._away = away != self._away, away
        if changed and away:
            logger.warning("%s does not speak (%s); %s takes its place", self.first.name, why, self.second.name)
        elif changed:
            logger.info("%s speaks again", self.first.name)
