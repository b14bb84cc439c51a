"""The speech side of the product, built from the settings and loaded beside the start of the server."""

from __future__ import annotations

import asyncio
import logging
import math
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from channels.memory import give_back_memory
from channels.prepare_speech import Quiet, prepare_quietly, sentences_ahead
from channels.settings import Settings
from channels.stage import Stage
from channels.wiring import Product
from channels.wyoming_server import serve_wyoming
from knowledge.library import Library
from knowledge.live import LiveLibrary
from knowledge.misheard import Mended
from speech.clips import Clips
from speech.endpoint import Profile
from speech.engines.recognizers import build_recognizer
from speech.engines.synthesizers import build_synthesizer
from speech.fallback import Fallback
from speech.lexicon import Lexicon
from speech.listen import Listener
from speech.reading import read_aloud
from speech.recognizer import Recognizer, RecognizerUnavailable
from speech.speak import Speaker
from speech.synthesizer import Synthesizer, SynthesizerUnavailable
from speech.vad import VoiceActivity
from speech.voices import Voice, VoiceRefused, load_voice

logger = logging.getLogger(__name__)

WORDS = re.compile(r"[\u3400-\u9fffA-Za-z]+")
TIDY_S = 10.0
"""Between two looks whether there is memory to hand back."""
LOCAL_VOICE = "xiaoyi"
"""Speaks where the chosen voice is an online one that fails."""
PROBLEMS = (RecognizerUnavailable, SynthesizerUnavailable, VoiceRefused)


class Words:
    """The handbook's words. After a change of the handbook the old ones serve until the new ones are read."""

    def __init__(self, live: LiveLibrary, cache: Path) -> None:
        """Reads them: some seconds where they are new."""
        self.live, self.cache = live, cache
        self._reading = threading.Lock()
        self._version, self._lexicon = self._read()

    def mend(self, raw: str) -> Mended:
        """What was meant by recognised words. Typed ones are left alone: they are not misheard."""
        if self.live.current().library.version != self._version and self._reading.acquire(blocking=False):
            threading.Thread(target=self._read_anew, name="words", daemon=True).start()
        return self._lexicon.mend(raw) if raw else Mended(raw)

    def _read(self) -> tuple[int, Lexicon]:
        library = self.live.current().library
        return library.version, Lexicon.from_library(library, self.cache)

    def _read_anew(self) -> None:
        try:
            self._version, self._lexicon = self._read()
        except OSError:
            logger.exception("the words of the new handbook could not be read; the old ones stay")
        finally:
            self._reading.release()


@dataclass(frozen=True)
class SpeechParts:
    """Loaded models, shared by every conversation."""

    recognizer: Recognizer
    activity: VoiceActivity
    words: Words
    voice: Voice
    synthesizer: Synthesizer
    speaker: Speaker
    clips: Clips
    """What is kept of the voice of this machine."""
    stage: Stage
    quiet: Quiet
    hearing: ThreadPoolExecutor
    speaking: ThreadPoolExecutor

    def mend(self, raw: str) -> Mended:
        return self.words.mend(raw)

    def listener(self, profile: Profile, decoded: Callable[[], None]) -> Listener:
        return Listener(self.recognizer, self.activity, profile, self.mend, self.hearing, decoded=decoded)

    def close(self) -> None:
        for pool in (self.hearing, self.speaking):
            pool.shutdown(cancel_futures=True)
        self.recognizer.close()
        self.synthesizer.close()


def build_speech(settings: Settings, live: LiveLibrary, stage: Stage) -> SpeechParts:
    """Load recognition and voice; some seconds. Raises RecognizerUnavailable, SynthesizerUnavailable, VoiceRefused."""
    voice, synthesizer, clips = build_voice(settings)
    recognizer = build_hearing(settings, live)
    speaking = ThreadPoolExecutor(2, "speaking")
    return SpeechParts(
        recognizer=recognizer,
        activity=VoiceActivity(),
        words=Words(live, settings.data_dir / "speech"),
        voice=voice,
        synthesizer=synthesizer,
        speaker=Speaker(synthesizer, speaking, clips.has),
        clips=clips,
        stage=stage,
        quiet=Quiet(),
        hearing=ThreadPoolExecutor(2, "hearing"),
        speaking=speaking,
    )


def build_hearing(settings: Settings, live: LiveLibrary) -> Recognizer:
    """The recognizer of the settings. Raises RecognizerUnavailable."""
    models = settings.data_dir / "models"
    name = f"auto:{models}" if settings.recognizer == "auto" else settings.recognizer
    phrases = handbook_phrases(live.current().library) if settings.vosk_phrases else ()
    return build_recognizer(name, threads=settings.speech_threads, phrases=phrases)


def handbook_phrases(library: Library) -> tuple[str, ...]:
    """Names, aliases and wordings of questions, each once, without signs."""
    items = library.items.values()
    named = (name for item in items for name in (item.name, *item.aliases))
    asked = (wording for item in items for faq in item.faq for wording in faq.questions)
    return tuple(dict.fromkeys(" ".join(WORDS.findall(phrase)) for phrase in (*named, *asked)))


def build_voice(settings: Settings) -> tuple[Voice, Synthesizer, Clips]:
    """The voice of the settings, behind an online one the local one too, and the clips of the local one.

    Raises SynthesizerUnavailable, VoiceRefused.
    """
    voice = load_voice(settings.voice, date.today())
    clips = _kept(settings, voice)
    if voice.engine != "edge":
        return voice, clips, clips
    local = _kept(settings, load_voice(LOCAL_VOICE, date.today()))
    return voice, Fallback(clips, local), local


def _kept(settings: Settings, voice: Voice) -> Clips:
    folder = settings.data_dir / "speech"
    threads, url = settings.speech_threads, settings.edge_url
    return Clips(folder / "clips", build_synthesizer(voice.engine, voice, threads=threads, cache=folder, url=url))


class SpeechLoader:
    """Loads the parts in the background, so that pages are up before the models are."""

    def __init__(self, settings: Settings, product: Product, stage: Stage) -> None:
        self.settings, self.product, self.stage = settings, product, stage
        self._loading: asyncio.Task[SpeechParts | None] | None = None
        self._beside: list[asyncio.Task[None]] = []
        self._stop = asyncio.Event()

    def start(self) -> None:
        if not self.settings.speech:
            return
        self._loading = asyncio.create_task(asyncio.to_thread(self._load))
        self._beside.append(asyncio.create_task(self._tidy_up()))
        if self.settings.prepare_speech:
            self._beside.append(asyncio.create_task(self._prepare()))
        if self.settings.wyoming_uri:
            self._beside.append(asyncio.create_task(self._serve_terminals(self.settings.wyoming_uri)))

    async def parts(self) -> SpeechParts | None:
        """None where speech is off, or cannot be loaded."""
        return await asyncio.shield(self._loading) if self._loading else None

    async def close(self) -> None:
        self._stop.set()
        for task in self._beside:
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)
        parts = await self.parts()
        if parts is not None:
            await asyncio.to_thread(parts.close)

    async def _tidy_up(self) -> None:
        """After conversations, hand back what decoding and synthesis left."""
        parts = await self.parts()
        tidied_after = -math.inf
        while parts is not None:
            await asyncio.sleep(TIDY_S)
            if parts.quiet.lasts() and parts.quiet.disturbed_at > tidied_after:
                tidied_after = parts.quiet.disturbed_at
                await asyncio.to_thread(give_back_memory)

    async def _serve_terminals(self, uri: str) -> None:
        parts = await self.parts()
        if parts is None:
            return
        try:
            await serve_wyoming(
                uri,
                parts.recognizer,
                parts.synthesizer,
                mend=lambda raw: parts.mend(raw).text,
                read=lambda text: [reading.spoken for reading in read_aloud(text) if reading.spoken],
                stop=self._stop,
            )
        except OSError as error:
            logger.error("no Wyoming server at %s: %s", uri, error.strerror or error)

    async def _prepare(self) -> None:
        parts = await self.parts()
        if parts is not None:
            sentences = sentences_ahead(self.product.live.current().library, self.product.replies)
            await prepare_quietly(parts.clips, sentences, parts.quiet)

    def _load(self) -> SpeechParts | None:
        try:
            parts = build_speech(self.settings, self.product.live, self.stage)
            give_back_memory()
            return parts
        except PROBLEMS as problem:
            logger.error("speech is off: %s", problem)
            return None
