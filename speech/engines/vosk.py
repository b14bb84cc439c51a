"""Vosk (Kaldi) as an engine: words while somebody speaks, from any model folder, if wanted within given phrases."""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import vosk

from speech.audio import HEARING_RATE, Samples, to_pcm16
from speech.recognizer import Heard, RecognizerUnavailable
from speech.vad import FEWEST_VOICED, VoiceActivity, voiced

log = logging.getLogger(__name__)

WHOLE = (("am/final.mdl",), ("conf/model.conf",), ("graph/HCLG.fst", "graph/HCLr.fst"))
"""What a model folder must hold: one file of each group."""
GRAMMAR_GRAPH = "graph/HCLr.fst"
"""Only models with this graph can be held to phrases."""

KEPT = 8
"""Idle recognizers that are kept: a used one is five times as fast as a new one, and takes about 30 MB."""
CHUNK = HEARING_RATE // 5
"""Samples that Kaldi gets at once; it looks for the end of an utterance after each."""
UNKNOWN = "[unk]"

BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")


class Vosk:
    """A model folder, loaded once. Streams may run in several threads."""

    def __init__(self, folder: Path, phrases: Sequence[str] = ()) -> None:
        """Nothing but `phrases` will be heard, where some are given. Raises RecognizerUnavailable."""
        lacking = " or ".join(next((group for group in WHOLE if not has_one(folder, group)), ()))
        if lacking:
            raise RecognizerUnavailable(f"{folder} is no whole Vosk model: {lacking} is missing")
        self.name = f"vosk-{folder.resolve().name}"
        self.voice = VoiceActivity()
        self.missing: tuple[str, ...] = ()
        """Phrases with a word that the model does not know; they are never heard."""
        self._lock = threading.Lock()
        self._idle: list[vosk.KaldiRecognizer] = []
        vosk.SetLogLevel(-1)
        try:
            self._model = vosk.Model(str(folder))
            self._grammar = self._made_of_words(phrases, folder) if phrases else None
            self.give_back(self.take())
        except Exception as error:  # vosk raises nothing more precise
            raise RecognizerUnavailable(f"the Vosk model in {folder} cannot be loaded; unpack it again") from error

    def stream(self) -> VoskStream:
        return VoskStream(self)

    def recognize(self, samples: Samples) -> Heard:
        stream = self.stream()
        try:
            stream.accept(samples)
            return stream.finish()
        finally:
            stream.close()

    def take(self) -> vosk.KaldiRecognizer:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        grammar = () if self._grammar is None else (self._grammar,)
        made = vosk.KaldiRecognizer(self._model, float(HEARING_RATE), *grammar)
        made.SetWords(True)
        return made

    def give_back(self, used: vosk.KaldiRecognizer) -> None:
        """Only after FinalResult; a recognizer that failed is not given back."""
        used.Reset()
        with self._lock:
            if len(self._idle) < KEPT:
                self._idle.append(used)

    def close(self) -> None:
        with self._lock:
            self._idle.clear()

    def _made_of_words(self, phrases: Sequence[str], folder: Path) -> str | None:
        """The phrases as Kaldi takes them, words of the model apart; None where it cannot be held to them."""
        if not (folder / GRAMMAR_GRAPH).is_file():
            log.warning("%s hears everything, not only the given phrases: it has no %s", folder, GRAMMAR_GRAPH)
            return None
        split = {phrase: self._words(phrase) for phrase in phrases}
        self.missing = tuple(phrase for phrase, words in split.items() if not words)
        if self.missing:
            log.warning("%s does not know a word of %s", folder, ", ".join(self.missing))
        known = [" ".join(words) for words in split.values() if words]
        if not known:
            return None
        return json.dumps([*known, *([UNKNOWN] if self._knows(UNKNOWN) else [])], ensure_ascii=False)

    def _knows(self, word: str) -> bool:
        return self._model.vosk_model_find_word(word) >= 0

    def _words(self, phrase: str) -> list[str]:
        """The fewest words of the model that make up the phrase; none where it has a word more."""
        found: list[str] = []
        for part in phrase.lower().split():
            best: list[list[str] | None] = [[]]
            for end in range(1, len(part) + 1):
                starts = (start for start in range(end) if best[start] is not None and self._knows(part[start:end]))
                ways = [[*(best[start] or []), part[start:end]] for start in starts]
                best.append(min(ways, key=len, default=None))
            words = best[-1]
            if words is None:
                return []
            found += words
        return found


class VoskStream:
    """One utterance. Kaldi ends it at pauses of its own accord; the parts are joined."""

    def __init__(self, engine: Vosk) -> None:
        self._engine = engine
        self._recognizer: vosk.KaldiRecognizer | None = engine.take()
        self._activity = engine.voice.stream()
        self._voiced = 0
        self._pending = False
        """Whether sound came in since the last result."""
        self._texts: list[str] = []
        self._confidence: list[float] = []

    def accept(self, samples: Samples) -> None:
        recognizer = self._recognizer
        if recognizer is None or not len(samples):
            return
        self._voiced += voiced(np.array(self._activity.accept(samples), np.float32))
        self._pending, self._recognizer = True, None
        for chunk in _chunks(to_pcm16(samples)):
            if recognizer.AcceptWaveform(chunk):
                self._keep(recognizer.Result())
        self._recognizer = recognizer

    def partial(self) -> str:
        if self._recognizer is None or self._voiced < FEWEST_VOICED:
            return ""
        going_on = json.loads(self._recognizer.PartialResult()).get("partial", "") if self._pending else ""
        return written([*self._texts, going_on])

    def finish(self) -> Heard:
        if self._recognizer and self._pending:
            self._keep(self._recognizer.FinalResult())
            self._pending = False
        text = written(self._texts)
        if not text or self._voiced < FEWEST_VOICED:
            return Heard("", "no_speech")
        return Heard(text, None, sum(self._confidence) / len(self._confidence) if self._confidence else None)

    def close(self) -> None:
        """What was heard stays; the recognizer goes to the next visitor."""
        recognizer, self._recognizer = self._recognizer, None
        if recognizer:
            recognizer.FinalResult()
            self._engine.give_back(recognizer)

    def _keep(self, result: str) -> None:
        found: dict[str, Any] = json.loads(result)
        if found.get("text"):
            self._texts.append(found["text"])
            self._confidence += [word["conf"] for word in found.get("result", ())]


def written(texts: Sequence[str]) -> str:
    """Words of Kaldi as one text: no spaces among Chinese characters."""
    words = [word for text in texts for word in text.split() if word != UNKNOWN]
    return BETWEEN_HAN.sub("", " ".join(words))


def model_in(folder: Path) -> Path | None:
    """`folder` if it is a whole model, or the only whole model right beneath it."""
    if is_model(folder):
        return folder
    found = [path for path in folder.iterdir() if is_model(path)] if folder.is_dir() else []
    return found[0] if len(found) == 1 else None


def is_model(folder: Path) -> bool:
    return all(has_one(folder, group) for group in WHOLE)


def has_one(folder: Path, names: Sequence[str]) -> bool:
    return any((folder / name).is_file() for name in names)


def _chunks(pcm: bytes) -> Iterator[bytes]:
    return (pcm[start : start + 2 * CHUNK] for start in range(0, len(pcm), 2 * CHUNK))
