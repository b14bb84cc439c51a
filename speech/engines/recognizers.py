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

    kind: str
    where: str
    threads: int = 2
    phrases: tuple[str, ...] = ()
    """Nothing else is to be heard, where the engine can be held to phrases: Vosk can."""

    @property
    def path(self) -> Path:
        """Raises RecognizerUnavailable where nothing stands after the colon."""
        if not self.where:
            raise RecognizerUnavailable(f"the recognizer {self.kind} needs a path: {self.kind}:PATH")
        return Path(self.where).expanduser()


Builder = Callable[[Choice], Recognizer]


def build_whisper(choice: Choice) -> Recognizer:
    if choice.where:
        raise RecognizerUnavailable(f"whisper brings its model along and takes no path, so not {choice.where!r}")
    from speech.engines.whisper import Whisper

    return Whisper(choice.threads)


def build_vosk(choice: Choice) -> Recognizer:
    """Of the model in the folder, or of the only one right beneath it."""
    from speech.engines.vosk import Vosk, model_in

    return Vosk(model_in(choice.path) or choice.path, choice.phrases)


def build_sherpa(choice: Choice) -> Recognizer:
    from speech.engines.sherpa import Sherpa

    return Sherpa(choice.path, choice.threads)


def build_auto(choice: Choice) -> Recognizer:
    """Vosk where its model was put, else Whisper; a hall is never left without hearing by a missing folder."""
    from speech.engines.vosk import Vosk, model_in

    found = model_in(choice.path)
    try:
        if found:
            return Vosk(found, choice.phrases)
        log.info("no whole Vosk model in %s: Whisper hears", choice.path)
    except RecognizerUnavailable as error:
        log.warning("%s: Whisper hears", error)
    return build_whisper(Choice("whisper", "", choice.threads))


def build_scripted(choice: Choice) -> Recognizer:
    from speech.engines.scripted import Scripted

    return Scripted.from_file(choice.path)


RECOGNIZERS: dict[str, Builder] = {
    "whisper": build_whisper,
    "vosk": build_vosk,
    "sherpa-onnx": build_sherpa,
    "auto": build_auto,
    "scripted": build_scripted,
}


def build_recognizer(name: str, *, threads: int = 2, phrases: tuple[str, ...] = ()) -> Recognizer:
    """The engine that `name` stands for, loaded. Raises RecognizerUnavailable."""
    kind, _, where = name.partition(":")
    if kind not in RECOGNIZERS:
        raise RecognizerUnavailable(f"no recognizer is called {kind!r}; there are {', '.join(RECOGNIZERS)}")
    try:
        return RECOGNIZERS[kind](Choice(kind, where, threads, phrases))
    except ImportError as error:
        raise RecognizerUnavailable(f"a package of the recognizer {kind} is missing: {error}") from error
