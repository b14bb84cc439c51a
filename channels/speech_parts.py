"""The speech side of the product, built from the settings and loaded beside the start of the server."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from channels.prepare_speech import Quiet, prepare_quietly, sentences_ahead
from channels.settings import Settings
from channels.stage import Stage
from channels.wiring import Product
from knowledge.live import LiveLibrary
from knowledge.misheard import Mended
from speech.clips import Clips
from speech.endpoint import Profile
from speech.engines.recognizers import build_recognizer
from speech.engines.synthesizers import build_synthesizer
from speech.fallback import Fallback
from speech.lexicon import Lexicon
from speech.listen import Listener
from speech.recognizer import Recognizer, RecognizerUnavailable
from speech.speak import Speaker
from speech.synthesizer import Synthesizer, SynthesizerUnavailable
from speech.vad import VoiceActivity
from speech.voices import Voice, VoiceRefused, load_voice

logger = logging.getLogger(__name__)

LOCAL_VOICE = "xiaoyi"
"""Speaks where the chosen voice is an online one that fails."""
PROBLEMS = (RecognizerUnavailable, SynthesizerUnavailable, VoiceRefused)


class Words:
    """The handbook's words, read anew when the handbook changes."""

    def __init__(self, live: LiveLibrary, cache: Path) -> None:
        self.live, self.cache = live, cache
        self._version = -1
        self._lexicon: Lexicon | None = None

    def mend(self, raw: str) -> Mended:
        library = self.live.current().library
        if self._lexicon is None or self._version != library.version:
            self._lexicon, self._version = Lexicon.from_library(library, self.cache), library.version
        return self._lexicon.mend(raw) if raw else Mended(raw)


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
    """What is kept of the local voice, or of the chosen one."""
    stage: Stage
    quiet: Quiet
    hearing: ThreadPoolExecutor
    speaking: ThreadPoolExecutor

    def mend(self, raw: str) -> Mended:
        return self.words.mend(raw)

    def listener(self, profile: Profile) -> Listener:
        return Listener(self.recognizer, self.activity, profile, self.mend, self.hearing)

    def close(self) -> None:
        for pool in (self.hearing, self.speaking):
            pool.shutdown(cancel_futures=True)
        self.recognizer.close()
        self.synthesizer.close()


def build_speech(settings: Settings, live: LiveLibrary, stage: Stage) -> SpeechParts:
    """Load recognition and voice; some seconds. Raises RecognizerUnavailable, SynthesizerUnavailable, VoiceRefused."""
    voice, synthesizer, clips = build_voice(settings)
    recognizer = build_hearing(settings)
    words = Words(live, settings.data_dir / "speech")
    words.mend("您好")
    speaking = ThreadPoolExecutor(2, "speaking")
    return SpeechParts(
        recognizer=recognizer,
        activity=VoiceActivity(),
        words=words,
        voice=voice,
        synthesizer=synthesizer,
        speaker=Speaker(synthesizer, speaking),
        clips=clips,
        stage=stage,
        quiet=Quiet(),
        hearing=ThreadPoolExecutor(2, "hearing"),
        speaking=speaking,
    )


def build_hearing(settings: Settings) -> Recognizer:
    """The recognizer of the settings. Raises RecognizerUnavailable."""
    models = settings.data_dir / "models"
    name = f"auto:{models}" if settings.recognizer == "auto" else settings.recognizer
    return build_recognizer(name, threads=settings.speech_threads)


def build_voice(settings: Settings) -> tuple[Voice, Synthesizer, Clips]:
    """The voice of the settings, with the local one behind it where it is an online one, and its kept clips.

    Raises SynthesizerUnavailable, VoiceRefused.
    """
    voice = load_voice(settings.voice, date.today())
    clips = _kept(settings, voice)
    if voice.engine != "edge":
        return voice, clips, clips
    return voice, Fallback(clips, _kept(settings, load_voice(LOCAL_VOICE, date.today()))), clips


def _kept(settings: Settings, voice: Voice) -> Clips:
    folder = settings.data_dir / "speech"
    engine = build_synthesizer(voice.engine, voice, threads=settings.speech_threads, cache=folder)
    return Clips(folder / "clips", engine)


class SpeechLoader:
    """Loads the parts in the background, so that pages are up before the models are."""

    def __init__(self, settings: Settings, product: Product, stage: Stage) -> None:
        self.settings, self.product, self.stage = settings, product, stage
        self._loading: asyncio.Task[SpeechParts | None] | None = None
        self._preparing: asyncio.Task[None] | None = None

    def start(self) -> None:
        if not self.settings.speech:
            return
        self._loading = asyncio.create_task(asyncio.to_thread(self._load))
        if self.settings.prepare_speech:
            self._preparing = asyncio.create_task(self._prepare())

    async def parts(self) -> SpeechParts | None:
        """None where speech is off, or cannot be loaded."""
        return await asyncio.shield(self._loading) if self._loading else None

    async def close(self) -> None:
        if self._preparing:
            self._preparing.cancel()
        parts = await self.parts()
        if parts is not None:
            await asyncio.to_thread(parts.close)

    async def _prepare(self) -> None:
        parts = await self.parts()
        if parts is not None:
            sentences = sentences_ahead(self.product.live.current().library, self.product.replies)
            await prepare_quietly(parts.clips, sentences, parts.quiet)

    def _load(self) -> SpeechParts | None:
        try:
            return build_speech(self.settings, self.product.live, self.stage)
        except PROBLEMS as problem:
            logger.error("speech is off: %s", problem)
            return None
