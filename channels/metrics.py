"""Counters and latencies for /metrics, in Prometheus' text format."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from assistant.ask import Reply
from speech.listen import Utterance

TERMINALS = frozenset(("web", "mobile", "kiosk", "desk", "cli", "batch"))
"""Kinds of terminals that are counted apart; a name that a client makes up must not grow the registry."""
BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)


class OpenSockets:
    """How many voice sockets are open."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.open = 0
        gauge = Gauge("xiaoxin_voice_sockets", "Voice sockets that are open", registry=registry)
        gauge.set_function(lambda: self.open)

    @contextmanager
    def one(self) -> Iterator[None]:
        self.open += 1
        try:
            yield
        finally:
            self.open -= 1


class Metrics:
    """A registry of its own for each application, so that two in one process do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.turns = Counter(
            "xiaoxin_turns", "Questions by how they ended", ["status", "reason", "terminal"], registry=self.registry
        )
        self.seconds = Histogram(
            "xiaoxin_turn_seconds", "Time from question to answer", registry=self.registry, buckets=BUCKETS
        )
        self.step_seconds = Histogram(
            "xiaoxin_step_seconds", "Time of each step", ["step"], registry=self.registry, buckets=BUCKETS
        )
        self.voice_seconds = Histogram(
            "xiaoxin_voice_seconds",
            "Decoding; from the last word to its text (heard), and to sound (first_sound); falling silent (hush)",
            ["stage"],
            registry=self.registry,
            buckets=BUCKETS,
        )
        self.voice_sockets = OpenSockets(self.registry)
        self.requests = Counter("xiaoxin_http_requests", "HTTP requests", ["route", "status"], registry=self.registry)
        self.handbook_version = Gauge("xiaoxin_handbook_version", "Version that is live", registry=self.registry)

    def answered(self, reply: Reply) -> None:
        answer = reply.answer
        kind = reply.turn.question.terminal.split("-")[0]
        terminal = kind if kind in TERMINALS else "other"
        self.turns.labels(answer.status, answer.reason, terminal).inc()
        self.seconds.observe(reply.took_ms / 1000)
        for step in reply.turn.times:
            self.step_seconds.labels(step.name).observe(step.ms / 1000)

    def heard(self, utterance: Utterance) -> None:
        self.voice_seconds.labels("decode").observe(utterance.decode_ms / 1000)
        self.voice_seconds.labels("heard").observe(time.monotonic() - utterance.last_word_at)
