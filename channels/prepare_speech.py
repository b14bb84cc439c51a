"""What is certain to be said, synthesized before anybody asks: openers, fixed replies, lead-ins."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Sequence

from tqdm import tqdm

from assistant.replies import Replies
from channels.pages import hot_items
from channels.voice_lines import said_ahead
from knowledge.library import Library
from speech.clips import Clips
from speech.endpoint import PROFILES
from speech.reading import read_aloud

logger = logging.getLogger(__name__)

QUIET_S = 5.0
"""Seconds without a voice after which the next sentence is prepared."""


class Quiet:
    """When somebody was last listened to or spoken to."""

    def __init__(self) -> None:
        self.disturbed_at = -QUIET_S

    def disturb(self) -> None:
        self.disturbed_at = time.monotonic()

    def lasts(self) -> bool:
        return time.monotonic() - self.disturbed_at >= QUIET_S


def sentences_ahead(library: Library, replies: Replies) -> list[str]:
    """As the voice is given them, the ones needed first first, each once."""
    first = [item for item in hot_items() if item in library.items]
    items = [library.items[item].name for item in dict.fromkeys([*first, *library.items])]
    texts = [*said_ahead(items), *replies.spoken()]
    return list(dict.fromkeys(one.spoken for text in texts for one in read_aloud(text) if one.spoken))


def all_speeds() -> list[float]:
    return list(dict.fromkeys(profile.speed for profile in PROFILES.values()))


async def prepare_quietly(voice: Clips, sentences: Sequence[str], quiet: Quiet) -> None:
    """Sentence by sentence, the standard speed first, and only while nobody is talking."""
    begun, new = time.monotonic(), 0
    wanted = [(sentence, speed) for speed in all_speeds() for sentence in sentences]
    for sentence, speed in tqdm(wanted, desc="speech", unit="sentence", file=sys.stderr, disable=None):
        while not quiet.lasts():
            await asyncio.sleep(1)
        new += await asyncio.to_thread(voice.prepare, [sentence], None, speed)
    if new:
        logger.info("%d sentences were synthesized ahead in %.0f s", new, time.monotonic() - begun)
