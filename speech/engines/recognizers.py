"""Recognition engines by name: `whisper`, `vosk:FOLDER`, `sherpa-onnx:FOLDER`, `auto:FOLDER`, `scripted:FILE`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from speech.recognizer import Recognizer, RecognizerUnavailable

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Choice:
    """What a builder may use. `where` is what stands after the colon of the setting."""

    where: str
    threads: int = 2

    def path(self, kind: str) -> Path:
        """Raises RecognizerUnavailable where nothing stands after the colon."""
        if not self.where:
            raise RecognizerUnavailable(f"the recognizer {kind} needs a path: {kind}:PATH")
        return Path(self.where).expanduser()


Builder = Callable[[Choice], Recognizer]


def build_whisper(choice: Choice) -> Recognizer:
    if choice.where:
        raise RecognizerUnavailable(f"whisper comes with its model and takes none, so not {choice.where!r}")
    try:
        from speech.engines.whisper import Whisper
    except ImportError as error:
        raise RecognizerUnavailable(f"a package of whisper is missing: {error}") from error
    return Whisper(choice.threads)


def build_scripted(choice: Choice) -> Recognizer:
    from speech.engines.scripted import Scripted

    return Scripted.from_file(choice.path("scripted"))


RECOGNIZERS: dict[str, Builder] = {
    "whisper": build_whisper,
    "scripted": build_scripted,
}


def build_recognizer(name: str, *, threads: int = 2) -> Recognizer:
    """The engine that `name` stands for, loaded. Raises RecognizerUnavailable."""
    kind, _, where = name.partition(":")
    if kind not in RECOGNIZERS:
        raise RecognizerUnavailable(f"no recognizer is called {kind!r}; there are {', '.join(RECOGNIZERS)}")
    return RECOGNIZERS[kind](Choice(where, threads))
