"""Sound to words and words to sound over HTTP: a scripted ear, a voice of tones, and what visitors' devices send."""

import base64
import io
import json
import wave
from collections.abc import Iterator
from typing import Any

import av
import numpy as np
import pytest
from fastapi.testclient import TestClient
from sound_files import encoded
from voice_terminal import SAMPLES

from channels.app import create_app
from channels.wiring import Product
from speech.audio import Samples, decode, to_pcm16, write_wav

HEARD = "我的手机号是一三九一二三四五六七八养犬登记多少钱"
RECOGNIZE, SYNTHESIZE = "/v1/speech/recognize", "/v1/speech/synthesize"
TWO = "要带居民身份证、户口簿和本人近期免冠照片等材料到窗口。办理养犬登记每只犬每年收费三十元，当场可以办好。"
QUESTION = (SAMPLES / "question.ogg").read_bytes()


@pytest.fixture(scope="module")
def client(hall: Product, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A hall that hears the same words whenever somebody speaks."""
    script = tmp_path_factory.mktemp("script") / "words.txt"
    script.write_text("\n".join([HEARD] * 50), "utf-8")
    given = {"speech": True, "recognizer": f"scripted:{script}", "voice": "tone", "prepare_speech": False}
    settings = hall.settings.model_copy(update={**given, "max_audio_bytes": 4_000_000})
    with TestClient(create_app(settings), raise_server_exceptions=False) as opened:
        yield opened


def refused(response: Any, status: int, code: str) -> str:
    assert response.status_code == status, response.text
    assert response.json().keys() == {"code", "message", "request_id"}
    assert response.json()["code"] == code
    return response.json()["message"]


def samples() -> Any:
    return decode(QUESTION)


def at_rate(rate: int) -> Samples:
    """The sample question at another rate."""
    sound = samples()
    return np.interp(np.arange(0, len(sound), 16_000 / rate), np.arange(len(sound)), sound).astype(np.float32)


def stereo() -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(np.repeat(np.frombuffer(to_pcm16(samples()), "<i2"), 2).tobytes())
    return buffer.getvalue()


def test_a_recording_gives_its_words_with_personal_numbers_masked(client: TestClient) -> None:
    body = client.post(RECOGNIZE, content=QUESTION).json()
    assert "养犬登记多少钱" in body["text"]
    assert "一二三四五六七八" not in json.dumps(body, ensure_ascii=False)
    assert body["seconds"] == pytest.approx(len(samples()) / 16_000, abs=0.05)
    assert body["reason"] is None


@pytest.mark.parametrize(
    ("container", "codec", "rate"),
    [
        ("webm", "libopus", 48_000),
        ("mp3", "libmp3lame", 16_000),
        ("adts", "aac", 16_000),
        ("wav", "pcm_s16le", 16_000),
        ("flac", "flac", 16_000),
    ],
    ids=["webm", "mp3", "aac", "wav", "flac"],
)
def test_what_browsers_and_phones_record_is_read(client: TestClient, container: str, codec: str, rate: int) -> None:
    assert (
        "养犬登记"
        in client.post(RECOGNIZE, content=encoded(container, codec, rate, "mono", at_rate(rate))).json()["text"]
    )


def test_a_recording_that_breaks_off_gives_what_came_before(client: TestClient) -> None:
    webm = encoded("webm", "libopus", 48_000, "mono", at_rate(48_000))
    body = client.post(RECOGNIZE, content=webm[: len(webm) // 2]).json()
    assert 0 < body["seconds"] < len(samples()) / 16_000


def test_stereo_is_one_visitor(client: TestClient) -> None:
    assert "养犬登记" in client.post(RECOGNIZE, content=stereo()).json()["text"]


@pytest.mark.parametrize("rate", [8_000, 16_000, 48_000])
def test_raw_sound_is_taken_at_its_rate(client: TestClient, rate: int) -> None:
    body = client.post(RECOGNIZE, params={"rate": rate}, content=to_pcm16(at_rate(rate))).json()
    assert body["seconds"] == pytest.approx(len(samples()) / 16_000, abs=0.05)


def test_silence_is_no_speech_and_no_error(client: TestClient) -> None:
    silent = write_wav(np.zeros(16_000, np.float32), 16_000)
    body = client.post(RECOGNIZE, content=silent).json()
    assert (body["text"], body["reason"]) == ("", "no_speech")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_audio"),
        (b"not a sound", "unreadable_audio"),
        (b"\0" * 5000, "unreadable_audio"),
        (QUESTION[200:], "unreadable_audio"),
        (b"RIFF\xff\xff\xff\xffWAVEfmt ", "unreadable_audio"),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "unreadable_audio"),
    ],
    ids=["none", "words", "zeros", "no header", "header alone", "playlist"],
)
def test_bytes_that_are_no_sound_are_refused(client: TestClient, content: bytes, code: str) -> None:
    assert refused(client.post(RECOGNIZE, content=content), 422, code)


def test_more_than_two_minutes_are_refused(client: TestClient) -> None:
    refused(client.post(RECOGNIZE, params={"rate": 8000}, content=bytes(2 * 8_000 * 121)), 422, "audio_too_long")
    flac = encoded("flac", "flac", 16_000, "mono", np.zeros(16_000 * 600, np.float32))
    refused(client.post(RECOGNIZE, content=flac), 422, "audio_too_long")


def test_more_bytes_than_a_recording_may_have_are_refused(client: TestClient) -> None:
    refused(client.post(RECOGNIZE, content=bytes(4_000_001)), 413, "too_large")


@pytest.mark.parametrize("rate", ["0", "1", "-16000", "192001", "999999999999", "many", "NaN", "16000.5"])
def test_a_rate_that_cannot_be_is_refused(client: TestClient, rate: str) -> None:
    response = client.post(RECOGNIZE, params={"rate": rate}, content=b"\0\0" * 100)
    assert response.status_code == 422
    assert response.json()["code"] in ("bad_field", "bad_request")


def test_a_text_becomes_a_sound_file_that_says_that_a_machine_made_it(client: TestClient) -> None:
    response = client.post(SYNTHESIZE, json={"text": "养犬登记每年30元。"})
    assert response.headers["content-type"] == "audio/wav"
    with av.open(io.BytesIO(response.content)) as file:
        stream = file.streams.audio[0]
        assert (stream.codec_context.name, stream.rate, stream.channels) == ("pcm_s16le", 24_000, 1)
    assert len(decode(response.content)) > 1.5 * 16_000
    note = response.content[: response.content.index(b"data")]
    assert b'"Label":"1"' in note.replace(b" ", b"")
    assert b"AIGC" in note


def test_a_timeline_comes_with_the_sound(client: TestClient) -> None:
    body = client.post(SYNTHESIZE, json={"text": TWO, "format": "json"}).json()
    assert base64.b64decode(body["wav"]).startswith(b"RIFF")
    assert "".join(one["sentence"] for one in body["sentences"]) == TWO
    for one in body["sentences"]:
        assert len(one["chars"]) == len(one["sentence"])
        assert one["start_ms"] < one["end_ms"]
    assert body["sentences"][0]["end_ms"] < body["sentences"][1]["start_ms"]


def test_slower_lasts_longer(client: TestClient) -> None:
    sizes = [
        len(client.post(SYNTHESIZE, json={"text": "养犬登记", "speed": speed}).content) for speed in (0.5, 1.0, 1.5)
    ]
    assert sizes[0] > sizes[1] > sizes[2]


@pytest.mark.parametrize(
    "text",
    [
        "What do I need?",
        "E=mc²，∑x≥3，H₂O",
        "😀不收费😀",
        "第①条、№5、3/4、-2℃",
        "１２３４５",
        "ＡＢＣ",
        "مرحبا 你好",
        "a\u0301你好",
        "你好\u0000",
    ],
)
def test_odd_texts_are_read_as_far_as_they_can_be(client: TestClient, text: str) -> None:
    response = client.post(SYNTHESIZE, json={"text": text})
    assert response.status_code == 200, response.text
    assert response.content.startswith(b"RIFF")


@pytest.mark.parametrize("text", ["😀😀", "。。。", " ", "\u200b\u200b", "\n"])
def test_nothing_to_say_is_told(client: TestClient, text: str) -> None:
    refused(client.post(SYNTHESIZE, json={"text": text}), 422, "nothing_to_say")


@pytest.mark.parametrize(
    "body",
    [
        {}, {"text": ""}, {"text": None}, {"text": 5}, {"text": "字" * 1001}, {"text": "你好", "speed": 0},
        {"text": "你好", "speed": 9}, {"text": "你好", "speed": "fast"}, {"text": "你好", "format": "mp3"},
        {"text": "你好", "voice": "x"}, [], "你好", None,
    ],
)  # fmt: skip
def test_a_wrong_wish_is_refused(client: TestClient, body: Any) -> None:
    assert client.post(SYNTHESIZE, json=body).status_code == 422


def test_a_text_of_five_thousand_characters_is_refused(client: TestClient) -> None:
    refused(client.post(SYNTHESIZE, json={"text": "要带身份证。" * 834}), 422, "bad_request")


def test_a_hall_without_speech_says_so(hall: Product) -> None:
    with TestClient(create_app(hall.settings), raise_server_exceptions=False) as silent:
        refused(silent.post(RECOGNIZE, content=QUESTION), 503, "voice_off")
        refused(silent.post(SYNTHESIZE, json={"text": "你好"}), 503, "voice_off")


def test_both_addresses_are_described_whole(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert "$defs" not in json.dumps(described)
    for path, media in ((RECOGNIZE, "application/json"), (SYNTHESIZE, "audio/wav")):
        told = described["paths"][path]["post"]
        assert media in told["responses"]["200"]["content"]
        assert {"413", "422", "500", "503"} <= told["responses"].keys()
        for status, response in told["responses"].items():
            if status != "200":
                assert response["content"]["application/json"]["schema"]["$ref"].endswith("/ErrorBody")
        assert told["requestBody"]["content"]
    assert "SpokenBody" in json.dumps(described["paths"][SYNTHESIZE])
