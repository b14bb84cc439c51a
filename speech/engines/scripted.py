"""An engine without a model: whatever is said aloud, it hears the next line of its script."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from speech.audio import Samples, rms_dbfs
from speech.recognizer import Heard, RecognizerUnavailable

LOUD_DBFS = -45.0


class Scripted:
    """For demonstrations and tests of everything around recognition. Each utterance takes one line."""

    name = "scripted"

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = tuple(texts)
        self._next = 0
        self._lock = threading.Lock()

    @classmethod
    def from_file(cls, path: Path) -> Scripted:
        """One text a line; empty lines are passed over. Raises RecognizerUnavailable."""
        try:
            lines = path.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise RecognizerUnavailable(f"the script {path} cannot be read: {error}") from error
        return cls([line.strip() for line in lines if line.strip()])

    def stream(self) -> ScriptedStream:
        return ScriptedStream(self)

    def recognize(self, samples: Samples) -> Heard:
        stream = self.stream()
        stream.accept(samples)
        return stream.finish()

    def take(self) -> str:
        """The next text; nothing after the last one."""
        with self._lock:
            self._next += 1
            return self._texts[self._next - 1] if self._next <= len(self._texts) else ""

    def close(self) -> None:
        """Nothing is held."""


class ScriptedStream:
    """Takes its line when it is first loud, and hears half of it until the end."""

    def __init__(self, engine: Scripted) -> None:
        self._engine = engine
        self._text: str | None = None

    def accept(self, samples: Samples) -> None:
        if self._text is None and len(samples) and rms_dbfs(samples) > LOUD_DBFS:
            self._text = self._engine.take()

    def partial(self) -> str:
        text = self._text or ""
        return text[: (len(text) + 1) // 2]

    def finish(self) -> Heard:
        return Heard(self._text) if self._text else Heard("", "no_speech")

    def close(self) -> None:
        """Nothing is held."""
