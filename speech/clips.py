"""Sentences that were spoken before: heard again without the work."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

from speech.clip_files import ClipFolder
from speech.phones import fingerprint
from speech.synthesizer import Speech, SynthesisFailed, Synthesizer

FORMAT = 1
"""Part of every key: a higher number leaves all clips behind."""
MOST_BYTES = 500_000_000
IN_MEMORY = 64

Progress = Callable[[int, int], None]
"""Sentences done, and of how many."""


class Clips:
    """A voice that remembers. Each sentence is spoken once, even where several visitors wait for it at a time.

    Goes around one voice, under whose name it keeps what it hears: `Fallback(Clips(a, edge), Clips(b, kokoro))`,
    never `Clips(a, Fallback(edge, kokoro))`, which would keep the second voice's sentences as the first one's.
    """

    def __init__(self, folder: Path, synthesizer: Synthesizer, most_bytes: int = MOST_BYTES) -> None:
        self.name = synthesizer.name
        self._voice = synthesizer
        self._files = ClipFolder(folder, most_bytes)
        self._recent: OrderedDict[str, Speech] = OrderedDict()
        self._under_way: dict[str, Future[Speech]] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()

    def synthesize(self, sentence: str, speed: float = 1.0) -> Speech:
        """The samples are shared and must not be changed, nor can they."""
        return self._get(sentence, speed)[0]

    def has(self, sentence: str, speed: float = 1.0) -> bool:
        """Whether it can be heard at once."""
        key = self._key(sentence, speed)
        with self._lock:
            if key in self._recent:
                return True
        return self._files.path(key).is_file()

    def prepare(self, sentences: Iterable[str], progress: Progress | None = None, speed: float = 1.0) -> int:
        """Speak what is missing, for later, and say how much that was. Ends early when the voice is closed.

        A sentence that the voice fails is left out.
        """
        wanted = list(dict.fromkeys(sentences))
        made = 0
        for number, sentence in enumerate(wanted, 1):
            if self._closed.is_set():
                break
            if not self.has(sentence, speed):
                with suppress(SynthesisFailed):
                    made += self._get(sentence, speed)[1]
            if progress:
                progress(number, len(wanted))
        return made

    def close(self) -> None:
        self._closed.set()
        self._voice.close()

    def _key(self, sentence: str, speed: float) -> str:
        whole = json.dumps([FORMAT, fingerprint(), self.name, f"{speed:.3f}", sentence], ensure_ascii=False)
        return hashlib.sha256(whole.encode()).hexdigest()

    def _get(self, sentence: str, speed: float) -> tuple[Speech, bool]:
        """The clip, and whether it was made now."""
        key = self._key(sentence, speed)
        mine: Future[Speech] = Future()
        with self._lock:
            known = self._recent.get(key)
            if known is not None:
                self._recent.move_to_end(key)
            making = mine if known is not None else self._under_way.setdefault(key, mine)
        if known is not None:
            self._files.touch(key)
            return known, False
        if making is not mine:
            return self._made_by_another(making), False
        return self._make(key, mine, sentence, speed)

    def _made_by_another(self, making: Future[Speech]) -> Speech:
        try:
            return making.result()
        except SynthesisFailed as failure:
            raise SynthesisFailed(str(failure)) from failure

    def _make(self, key: str, mine: Future[Speech], sentence: str, speed: float) -> tuple[Speech, bool]:
        try:
            speech = self._files.read(key)
            made = speech is None
            if speech is None:
                speech = self._voice.synthesize(sentence, speed)
            speech.samples.setflags(write=False)
        except BaseException as error:
            with self._lock:
                del self._under_way[key]
            mine.set_exception(error)
            raise
        with self._lock:
            self._recent[key] = speech
            while len(self._recent) > IN_MEMORY:
                self._recent.popitem(last=False)
            del self._under_way[key]
        mine.set_result(speech)
        if made:
            self._files.write(key, speech)
        return speech, made
