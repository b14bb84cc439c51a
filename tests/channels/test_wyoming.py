"""Other terminals hear and speak through the hall's engines, with the protocol's own client."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
import pytest
from wyoming.event import Event
from wyoming_peer import LOUD, Broken, Hall, Measuring, Mute, TwoRates, failure, in_hall, record, reply

from speech.audio import to_pcm16
from speech.engines.scripted import Scripted
from speech.engines.tone import Tone
from speech.label import marked

# what it offers ------------------------------------------------------------------------------------------------


def test_a_terminal_learns_what_it_may_ask_for_and_that_a_machine_speaks():
    async def do(hall: Hall) -> None:
        async with hall.client() as client:
            await client.write_event(Event("describe"))
            event = await client.read_event()
        assert event
        (hearing,), (speaking,) = event.data["asr"], event.data["tts"]
        assert hearing["models"][0]["languages"] == ["zh"]
        assert speaking["voices"][0]["name"] == "tone:1"
        assert speaking["supports_synthesize_streaming"] is True
        assert "人工智能" in speaking["description"]

    in_hall(do)


def test_a_ping_is_answered_and_an_unknown_event_passed_over():
    async def do(hall: Hall) -> None:
        async with hall.client() as client:
            await client.write_event(Event("detect", {"names": ["小新"]}))
            await client.write_event(Event("ping", {"text": "还在吗"}))
            event = await client.read_event()
        assert event
        assert (event.type, event.data["text"]) == ("pong", "还在吗")

    in_hall(do)


# hearing -------------------------------------------------------------------------------------------------------


def test_what_is_said_is_recognized_and_mended():
    async def do(hall: Hall) -> None:
        assert await hall.transcript() == "居住证怎么办"
        assert await hall.transcript(np.zeros(16_000, np.float32)) == ""

    in_hall(do, Scripted(["居住证件怎么办"]))


def test_one_connection_serves_several_recordings():
    async def do(hall: Hall) -> None:
        async with hall.client() as client:
            for text in ("一", "二"):
                await record(client, to_pcm16(LOUD))
                event = await client.read_event()
                assert event
                assert event.data == {"text": text, "language": "zh"}

    in_hall(do, Scripted(["一", "二"]))


@pytest.mark.parametrize(
    ("rate", "width", "channels", "kind"),
    [(16_000, 2, 1, "<i2"), (48_000, 2, 2, "<i2"), (8_000, 1, 1, "u1"), (44_100, 4, 2, "<i4")],
)
def test_recordings_of_every_usual_format_are_heard(rate: int, width: int, channels: int, kind: str):
    engine = Measuring()
    top = {1: 127, 2: 32_767, 4: 2**31 - 1}[width]
    wave = 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate * 2) / rate) * top + (128 if width == 1 else 0)
    pcm = np.repeat(wave.astype(kind)[:, None], channels, axis=1).tobytes()

    async def do(hall: Hall) -> None:
        async with hall.client() as client:
            await record(client, pcm, rate=rate, width=width, channels=channels, piece=8_000)
            event = await client.read_event()
        assert event
        assert event.data["text"] == "2.0"

    in_hall(do, engine)
    assert float(np.sqrt(np.mean(engine.heard[0] ** 2))) == pytest.approx(0.5 / np.sqrt(2), abs=0.02)


def test_a_recording_of_more_than_a_minute_is_refused():
    async def do(hall: Hall) -> None:
        async with hall.client() as client:
            await record(client, bytes(2 * 16_000 * 61), piece=64_000)
            assert await failure(client) == "audio_too_long"
            assert await client.read_event() is None
        assert await hall.transcript() == "居住证怎么办理"

    in_hall(do)


@pytest.mark.parametrize("sound", [{"rate": 0}, {"rate": "16000"}, {"width": 3}, {"channels": 6}, {"rate": 10**9}])
def test_a_format_that_is_no_sound_is_refused(sound: dict[str, Any]):
    async def do(hall: Hall) -> None:
        async with hall.client() as client:
            await client.write_event(Event("audio-start", {"rate": 16_000, "width": 2, "channels": 1, **sound}))
            assert await failure(client) == "unreadable_audio"

    in_hall(do)


def test_an_engine_that_fails_is_told_and_does_not_end_the_server(caplog: pytest.LogCaptureFixture):
    async def do(hall: Hall) -> None:
        for _ in range(2):
            async with hall.client() as client:
                await record(client, to_pcm16(LOUD))
                assert await failure(client) == "internal"
                assert await client.read_event() is None

    with caplog.at_level(logging.CRITICAL):
        in_hall(do, Broken([]))


# speaking ------------------------------------------------------------------------------------------------------


def test_a_text_is_spoken_as_it_is_read_aloud():
    async def do(hall: Hall) -> None:
        async with hall.client() as client:
            await client.write_event(Event("synthesize", {"text": "请带好身份证和租房合同。然后到3号窗口取号等候。"}))
            kinds, sound, rate = await reply(client)
        gap = np.zeros(int(0.18 * 24_000), np.float32)
        first = Tone().synthesize("请带好身份证和租房合同。").samples
        second = Tone().synthesize("然后到三号窗口取号等候。").samples
        assert kinds == ["audio-start", "audio-chunk", "audio-stop"]
        assert rate == 24_000
        assert np.allclose(sound, np.concatenate([first, gap, second, gap]), atol=1e-3)

    in_hall(do)


def test_without_a_screen_every_reply_begins_with_the_rhythm_of_ai():
    async def do(hall: Hall) -> None:
        async with hall.client() as client:
            for _ in range(2):
                await client.write_event(Event("synthesize", {"text": "请稍等。"}))
                _, sound, _ = await reply(client)
                expected = marked(Tone().synthesize("请稍等。").samples, 24_000)
                assert np.allclose(sound[: len(expected)], expected, atol=1e-3)

    in_hall(do, rhythm=True)


def test_a_text_that_still_grows_is_spoken_sentence_by_sentence():
    voice = TwoRates()

    async def do(hall: Hall) -> None:
        async with hall.client() as client:
            await client.write_event(Event("synthesize-start", {}))
            await client.write_event(Event("synthesize-chunk", {"text": "请带好身份"}))
            await client.write_event(Event("synthesize-chunk", {"text": "证。再到窗"}))
            event = await client.read_event()
            assert event
            assert event.type == "audio-start"  # before the rest of the text is there
            await client.write_event(Event("synthesize-chunk", {"text": "口"}))
            await client.write_event(Event("synthesize", {"text": "请带好身份证。再到窗口"}))
            await client.write_event(Event("synthesize-stop"))
            kinds, sound, rate = await reply(client)
            assert kinds == ["audio-chunk", "audio-stop"]
            assert (rate, len(sound)) == (24_000, pytest.approx(2 * 24_000 * 1.18, abs=100))
            event = await client.read_event()
            assert event
            assert event.type == "synthesize-stopped"

    in_hall(do, None, voice)
    assert voice.said == ["请带好身份证。", "再到窗口。"]


@pytest.mark.parametrize("text", ["", "  ", "😀"])
def test_a_text_with_nothing_to_say_is_silence(text: str):
    async def do(hall: Hall) -> None:
        async with hall.client() as client:
            await client.write_event(Event("synthesize", {"text": text}))
            kinds, sound, _ = await reply(client)
        assert kinds == ["audio-start", "audio-stop"]
        assert len(sound) == 0

    in_hall(do)


def test_a_voice_that_fails_is_told_and_the_call_is_ended():
    async def do(hall: Hall) -> None:
        async with hall.client() as client:
            await client.write_event(Event("synthesize", {"text": "请稍等。"}))
            assert await failure(client) == "voice_failed"
            assert await client.read_event() is None

    in_hall(do, None, Mute())


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ([Event("synthesize", {"text": "字" * 5_001})], "too_large"),
        ([Event("synthesize", {"text": 5})], "bad_request"),
        ([Event("synthesize", {})], "bad_request"),
        ([Event("synthesize-chunk", {"text": "没有开始"})], "bad_request"),
        ([Event("synthesize-start"), *[Event("synthesize-chunk", {"text": "字" * 2_000})] * 3], "too_large"),
        ([Event("audio-chunk", {"rate": 16_000}, b"1234")], "bad_request"),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(events: list[Event], code: str):
    async def do(hall: Hall) -> None:
        async with hall.client() as client:
            for event in events:
                await client.write_event(event)
            assert await failure(client) == code

    in_hall(do)
