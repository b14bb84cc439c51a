"""What is certain to be said, synthesized before anybody asks: openers, fixed replies, lead-ins."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from assistant.replies import Replies
from channels.pages import hot_items
from channels.voice_lines import said_ahead
from knowledge.library import Library
from speech.clips import Clips
from speech.endpoint import PROFILES
from speech.reading import read_aloud
from speech.synthesizer import SynthesisFailed, Synthesizer

logger = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
QUIET_S = 3.0
"""Seconds without a conversation after which the next sentence is prepared."""


def sentences_ahead(library: Library, replies: Replies) -> list[str]:
    """As the voice is given them, the ones needed first first, each once."""
    first = [item for item in hot_items() if item in library.items]
    items = [library.items[item].name for item in dict.fromkeys([*first, *library.items])]
    texts = [*said_ahead(items), *replies.spoken()]
    return list(dict.fromkeys(one.spoken for text in texts for one in read_aloud(text) if one.spoken))


def prepare(voice: Synthesizer, sentences: Sequence[str], speeds: Sequence[float], progress: Progress) -> int:
    """Synthesize what is not kept yet; returns how many sentences were new. Raises SynthesisFailed."""
    wanted = [(sentence, speed) for speed in speeds for sentence in sentences]
    kept = voice if isinstance(voice, Clips) else None
    new = 0
    for done, (sentence, speed) in enumerate(wanted, start=1):
        if kept is None or not kept.has(sentence, speed):
            voice.synthesize(sentence, speed)
            new += 1
        progress(done, len(wanted))
    return new


def all_speeds() -> list[float]:
    return list(dict.fromkeys(profile.speed for profile in PROFILES.values()))


async def prepare_quietly(
    voice: Synthesizer, sentences: Sequence[str], busy: Callable[[], bool], progress: Progress
) -> None:
    """As `prepare`, sentence by sentence at the standard speed, and only while nobody is talking."""
    for done, sentence in enumerate(sentences, start=1):
        while busy():
            await asyncio.sleep(QUIET_S)
        try:
            await asyncio.to_thread(prepare, voice, [sentence], [1.0], lambda _done, _total: None)
        except SynthesisFailed as failed:
            logger.warning("nothing more is prepared: %s", failed)
            return
        progress(done, len(sentences))
