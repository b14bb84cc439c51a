"""Listen: sound in pieces becomes words so far, then one utterance. Decoding starts at the first pause, so that the
words are there when the sentence is found to be over."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field

import numpy as np

from knowledge.misheard import Mended
from speech.audio import HEARING_RATE, Samples
from speech.endpoint import Endpointer, Profile, Sign
from speech.open_sentence import is_open
from speech.recognizer import Heard, RecognitionStream, Recognizer
from speech.vad import VoiceActivity

EAGER_S = 0.45
"""After so much speech the first words are decoded where they decide whether somebody is interrupted."""
PARTIAL_S = 0.9
"""Seconds between two decodings of the words so far."""
LEAD_MS = 480
"""Sound kept from before somebody began to speak: the first consonant is softer than the threshold."""


@dataclass(frozen=True)
class Began:
    """Somebody began to speak."""


@dataclass(frozen=True)
class Partial:
    text: str
    """The words so far; the next one replaces it."""
    speech_ms: int
    """How long the visitor has been speaking."""


@dataclass(frozen=True)
class Utterance:
    """What a visitor said."""

    text: str
    """With misheard words mended; empty where nothing was understood."""
    raw: str
    corrections: tuple[tuple[str, str], ...] = ()
    reason: str | None = None
    """Why there is no text: no_speech, loop or noise."""
    speech_ms: int = 0
    last_word_at: float = 0.0
    """When the last sound of speech arrived, on time.monotonic()'s clock."""
    decode_ms: float = 0.0


ListenEvent = Began | Partial | Utterance
Mend = Callable[[str], Mended]
"""Raw words -> mended words, and what was taken for what."""


@dataclass
class _Job:
    """One decoding on its way: `partial` or `finish`."""

    kind: str
    future: Future[tuple[Heard, float]]


@dataclass
class _Sentence:
    """The sentence that is being said."""

    stream: RecognitionStream
    waiting: list[Samples] = field(default_factory=list)
    partial_at: float = field(default_factory=time.monotonic)
    last_word_at: float = field(default_factory=time.monotonic)
    heard: Heard | None = None
    """What the decoding at the last pause gave, unless more was said since."""
    decode_ms: float = 0.0


class Listener:
    """The ears of one conversation. Every method is called from one thread; decoding runs in `pool`."""

    def __init__(
        self,
        recognizer: Recognizer,
        activity: VoiceActivity,
        profile: Profile,
        mend: Mend,
        pool: Executor,
        partial_s: float = PARTIAL_S,
        decoded: Callable[[], None] = lambda: None,
    ) -> None:
        """`decoded` is called, from any thread, when `accept` will have something to tell even without more sound."""
        self.recognizer, self.activity, self.mend, self.pool = recognizer, activity, mend, pool
        self.partial_s, self.decoded = partial_s, decoded
        self.eager = False
        """Whether the next sentence may interrupt."""
        self.endpointer = Endpointer(profile)
        self._frames = activity.stream()
        self._lead: Samples = np.zeros(0, np.float32)
        self._sentence: _Sentence | None = None
        self._job: _Job | None = None

    @property
    def speaking(self) -> bool:
        return self._sentence is not None

    def use(self, profile: Profile) -> None:
        self.endpointer.profile = profile

    def accept(self, samples: Samples) -> list[ListenEvent]:
        """Take the next piece of sound, 16,000 samples a second; tell what became known. Never waits."""
        events: list[ListenEvent] = []
        self._keep(samples)
        for probability in self._frames.accept(samples):
            self._heed(self.endpointer.frame(probability), events)
        self._collect(events)
        if self._sentence is not None and self.endpointer.over:
            events.append(self._ended(self._sentence))
        self._next_job()
        return events

    async def finish(self) -> Utterance | None:
        """The visitor says that the sentence is over. None where nothing was being said."""
        sentence = self._sentence
        if sentence is None:
            return None
        while self._job is not None:
            await asyncio.wrap_future(self._job.future)
            self._collect([])
        if sentence.heard is None:
            sentence.heard, sentence.decode_ms = await asyncio.wrap_future(self._decode("finish", sentence).future)
        return self._ended(sentence)

    def reset(self) -> None:
        """Forget the sentence in hand; what is still being decoded is dropped when it is done."""
        if self._sentence is not None:
            self._drop(self._sentence.stream)
        self._sentence, self._lead = None, np.zeros(0, np.float32)
        self.endpointer.reset()

    def _keep(self, samples: Samples) -> None:
        if self._sentence is None:
            keep = HEARING_RATE * (LEAD_MS + self.endpointer.profile.window_ms) // 1000
            self._lead = np.concatenate([self._lead, samples])[-keep:]
        else:
            self._sentence.waiting.append(samples)

    def _heed(self, sign: Sign | None, events: list[ListenEvent]) -> None:
        if sign == "begin":
            self._sentence = _Sentence(self.recognizer.stream(), [self._lead], partial_at=self._first_partial())
            events.append(Began())
        sentence = self._sentence
        if sentence is None:
            return
        if self.endpointer.silence_ms == 0:
            sentence.last_word_at = time.monotonic()
        if sign == "resume":
            sentence.heard = None
        if sign == "end":
            events.append(self._ended(sentence))

    def _first_partial(self) -> float:
        """When the last partial was, as it were."""
        return time.monotonic() - (self.partial_s - min(EAGER_S, self.partial_s) if self.eager else 0.0)

    def _collect(self, events: list[ListenEvent]) -> None:
        job, sentence = self._job, self._sentence
        if job is None or not job.future.done():
            return
        self._job = None
        if sentence is None:
            return
        heard, took = job.future.result()
        if job.kind == "finish" and self.endpointer.paused:
            sentence.heard, sentence.decode_ms = heard, took
            self.endpointer.tell(still_open=is_open(heard.text))
        elif heard.text:
            voiced_ms = self.endpointer.speech_ms - self.endpointer.silence_ms
            events.append(Partial(self.mend(heard.text).text, voiced_ms))

    def _next_job(self) -> None:
        sentence = self._sentence
        if sentence is None or self._job is not None:
            return
        if self.endpointer.paused and sentence.heard is None:
            self._job = self._decode("finish", sentence)
        elif not self.endpointer.paused and time.monotonic() - sentence.partial_at >= self.partial_s:
            sentence.partial_at = time.monotonic()
            self._job = self._decode("partial", sentence)

    def _decode(self, kind: str, sentence: _Sentence) -> _Job:
        pieces, sentence.waiting = sentence.waiting, []
        future = self.pool.submit(_decoded, sentence.stream, pieces, kind)
        future.add_done_callback(lambda _: self.decoded())
        return _Job(kind, future)

    def _drop(self, stream: RecognitionStream) -> None:
        """Closed after what is still being decoded, in the same order."""
        job, self._job = self._job, None
        if job is None:
            stream.close()
        else:
            job.future.add_done_callback(lambda _: stream.close())

    def _ended(self, sentence: _Sentence) -> Utterance:
        heard = sentence.heard
        assert heard is not None
        mended = self.mend(heard.text)
        speech_ms = self.endpointer.speech_ms - self.endpointer.silence_ms
        self.reset()
        return Utterance(
            mended.text,
            heard.text,
            mended.corrections,
            heard.reason,
            speech_ms,
            sentence.last_word_at,
            sentence.decode_ms,
        )


def _decoded(stream: RecognitionStream, pieces: Iterable[Samples], kind: str) -> tuple[Heard, float]:
    begun = time.perf_counter()
    for piece in pieces:
        stream.accept(piece)
    heard = Heard(stream.partial()) if kind == "partial" else stream.finish()
    return heard, (time.perf_counter() - begun) * 1000
