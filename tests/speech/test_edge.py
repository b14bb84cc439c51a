"""The online voice against a service on loopback: a whole sentence, or a clear refusal within the deadline."""

from __future__ import annotations

import importlib
import logging
import socket
import threading
import time
from collections.abc import Iterator

import edge_peer
import numpy as np
import pytest
from edge_peer import GIVES_NOTHING, Peer, running_edge, speaks

from knowledge.breaker import Breaker
from speech.engines.edge import Edge, Waits
from speech.fallback import Fallback
from speech.synthesizer import Speech, SynthesisFailed

SENTENCE = "办理居住证，需要身份证。"
SHORT = Waits(first=0.6, idle=0.4, whole=1.2)
"""Waits of a test: the longest is that of a service that drips."""


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    with running_edge() as running:
        yield running


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Beep:
    """A voice of one sound."""

    name = "beep"

    def __init__(self) -> None:
        self.said: list[str] = []
        self.closed = False

    def synthesize(self, sentence: str, speed: float = 1.0) -> Speech:
        self.said.append(sentence)
        return Speech(np.full(100, 0.5, np.float32), 24_000)

    def close(self) -> None:
        self.closed = True


# the good case -------------------------------------------------------------------------------------------------


def test_a_sentence_comes_whole_and_without_the_silence_around_it(peer: Peer):
    peer.behave(speaks)
    speech = Edge(url=peer.url).synthesize(SENTENCE)
    assert speech.rate == 24_000
    assert speech.samples.dtype == np.float32
    assert speech.seconds == pytest.approx(10 * 0.2, abs=0.2)  # ten characters of 0.2 s; 0.7 s of silence are cut
    assert 0.05 < float(np.sqrt(np.mean(speech.samples**2))) < 0.5


def test_every_character_that_is_spoken_has_its_time(peer: Peer):
    peer.behave(speaks)
    speech = Edge(url=peer.url).synthesize(SENTENCE)
    assert [(sound.char, sound.phone) for sound in speech.sounds] == [
        *((0, "b"), (0, "an"), (1, "l"), (1, "i"), (2, "j"), (2, "v"), (3, "zh"), (3, "u"), (4, "zh"), (4, "eng")),
        *((6, "x"), (6, "v"), (7, "iao"), (8, "sh"), (8, "en"), (9, "f"), (9, "en"), (10, "zh"), (10, "eng")),
    ]
    assert all(sound.start <= sound.end <= speech.seconds for sound in speech.sounds)
    assert [sound.start for sound in speech.sounds] == sorted(sound.start for sound in speech.sounds)
    third = next(sound for sound in speech.sounds if sound.char == 2)
    assert third.start == pytest.approx(2 * 0.2, abs=0.06)


def test_the_mouth_moves_even_where_the_service_announces_no_words(peer: Peer):
    peer.behave(edge_peer.announces_no_words)
    speech = Edge(url=peer.url).synthesize(SENTENCE)
    assert {sound.char for sound in speech.sounds} == {0, 1, 2, 3, 4, 6, 7, 8, 9, 10}


@pytest.mark.parametrize(
    ("speed", "rate"), [(1.0, "+0%"), (0.8, "-20%"), (1.15, "+15%"), (0.1, "-50%"), (9.0, "+100%")]
)
def test_the_pace_is_told_as_the_service_wants_it(peer: Peer, speed: float, rate: str):
    peer.behave(speaks)
    Edge("zh-CN-YunxiNeural", url=peer.url).synthesize(SENTENCE, speed)
    assert f"rate='{rate}'" in peer.requests[0]
    assert "(zh-CN, YunxiNeural)" in peer.requests[0]


def test_signs_of_markup_reach_the_service_as_text(peer: Peer):
    peer.behave(speaks)
    Edge(url=peer.url).synthesize("甲<break/>乙")
    assert "甲&lt;break/&gt;乙" in peer.requests[0]


def test_a_relay_is_asked_at_its_own_address_and_nobody_else_is_moved(peer: Peer):
    package = importlib.import_module("edge_tts.communicate")
    before = package.WSS_URL
    peer.behave(speaks)
    Edge(url=peer.url).synthesize(SENTENCE)
    assert peer.addresses[0].startswith("/relay?key=invented&ConnectionId=")
    assert before == package.WSS_URL
    assert before.startswith("wss://")


def test_a_refusal_for_a_wrong_clock_is_answered_by_trying_again(peer: Peer):
    peer.behave(403, speaks)
    assert Edge(url=peer.url).synthesize(SENTENCE).seconds > 1
    assert len(peer.addresses) == 2


def test_sentences_are_spoken_at_the_same_time_for_several_visitors(peer: Peer):
    peer.behave(speaks)
    edge, lengths = Edge(url=peer.url), []
    visitors = [threading.Thread(target=lambda: lengths.append(edge.synthesize(SENTENCE).seconds)) for _ in range(4)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert len(lengths) == 4
    assert len(set(lengths)) == 1


@pytest.mark.parametrize("sentence", ["", "   ", "……", "《》"])
def test_nothing_to_say_is_silence_and_asks_nobody(peer: Peer, sentence: str):
    peer.behave(403)
    assert Edge(url=peer.url).synthesize(sentence).seconds == 0
    assert peer.addresses == []


# what goes wrong -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", GIVES_NOTHING)
def test_what_is_not_the_whole_sentence_is_refused_in_time(peer: Peer, fault: str):
    behaviour, why = GIVES_NOTHING[fault]
    peer.behave(behaviour)
    began = time.monotonic()
    with pytest.raises(SynthesisFailed, match=why):
        Edge(url=peer.url, waits=SHORT).synthesize(SENTENCE)
    assert time.monotonic() - began < SHORT.whole + 0.8
    peer.released.set()


def test_a_machine_that_takes_the_call_and_never_answers_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        edge = Edge(url=f"ws://127.0.0.1:{silent.getsockname()[1]}/?k=1", waits=SHORT)
        began = time.monotonic()
        with pytest.raises(SynthesisFailed, match="no answer in time"):
            edge.synthesize(SENTENCE)
        assert time.monotonic() - began < SHORT.first + 0.5


def test_a_machine_that_is_not_there_is_told_without_its_address():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(SynthesisFailed) as refused:
        Edge(url=f"ws://127.0.0.1:{port}/?k=invented-token").synthesize(SENTENCE)
    assert "ClientConnectorError" in str(refused.value)
    assert "invented-token" not in str(refused.value)
    assert SENTENCE not in str(refused.value)


def test_a_refused_handshake_is_told_with_its_status(peer: Peer):
    peer.behave(429)
    with pytest.raises(SynthesisFailed, match="429"):
        Edge(url=peer.url).synthesize(SENTENCE)


def test_after_two_failures_nobody_waits_for_a_minute_then_one_tries(peer: Peer):
    clock = Clock()
    edge = Edge(url=peer.url, waits=SHORT, breaker=Breaker(clock=clock))
    peer.behave(503, 503, 503, speaks)
    for _ in range(2):
        with pytest.raises(SynthesisFailed, match="503"):
            edge.synthesize(SENTENCE)
    clock.now += 59
    with pytest.raises(SynthesisFailed, match="left alone"):
        edge.synthesize(SENTENCE)
    assert len(peer.addresses) == 2
    clock.now += 1
    with pytest.raises(SynthesisFailed, match="503"):
        edge.synthesize(SENTENCE)
    clock.now += 60
    assert edge.synthesize(SENTENCE).seconds > 1
    assert edge.synthesize(SENTENCE).seconds > 1


def test_one_failure_between_good_sentences_changes_nothing(peer: Peer):
    edge = Edge(url=peer.url, waits=SHORT)
    peer.behave(503, speaks, 503, speaks)
    for good in (False, True, False, True):
        if good:
            assert edge.synthesize(SENTENCE).seconds > 1
        else:
            with pytest.raises(SynthesisFailed):
                edge.synthesize(SENTENCE)


# the second voice ----------------------------------------------------------------------------------------------


def test_the_second_voice_speaks_the_same_sentence_and_the_log_says_so_once(
    peer: Peer, caplog: pytest.LogCaptureFixture
):
    clock, beep = Clock(), Beep()
    voice = Fallback(Edge(url=peer.url, breaker=Breaker(clock=clock)), beep)
    peer.behave(503, 503, speaks)
    with caplog.at_level(logging.INFO, logger="speech.fallback"):
        for _ in range(3):
            assert len(voice.synthesize(SENTENCE).samples) == 100
        clock.now += 60
        assert voice.synthesize(SENTENCE).seconds > 1
    assert beep.said == [SENTENCE] * 3
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert "503" in caplog.records[0].message


def test_both_voices_failing_is_a_failure(peer: Peer):
    peer.behave(503)
    with pytest.raises(SynthesisFailed, match="YunxiNeural"):
        Fallback(Edge(url=peer.url), Edge("zh-CN-YunxiNeural", url=peer.url)).synthesize(SENTENCE)


def test_the_name_and_the_end_are_those_of_both_voices():
    one, other = Beep(), Beep()
    voice = Fallback(one, other)
    assert voice.name == "beep or beep"
    voice.close()
    assert one.closed
    assert other.closed
