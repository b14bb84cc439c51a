"""What browsers, phones and files send becomes sound at 16 kHz, or one clear refusal."""

import io
import struct
import wave
from pathlib import Path

import av
import numpy as np
import pytest
from sound_files import encoded

from speech.audio import (
    Resampler,
    Samples,
    UnreadableAudio,
    decode,
    from_pcm16,
    rms_dbfs,
    to_pcm16,
    write_wav,
)

SENT = {
    "webm": ("webm", "libopus", 48_000, "mono"),
    "matroska": ("matroska", "libopus", 48_000, "mono"),
    "ogg": ("ogg", "libopus", 48_000, "stereo"),
    "mp3": ("mp3", "libmp3lame", 44_100, "stereo"),
    "m4a": ("ipod", "aac", 44_100, "mono"),
    "aac": ("adts", "aac", 48_000, "mono"),
    "amr": ("amr", "libopencore_amrnb", 8_000, "mono"),
    "flac": ("flac", "flac", 44_100, "mono"),
    "wav of a telephone": ("wav", "pcm_mulaw", 8_000, "mono"),
    "wav of a European telephone": ("wav", "pcm_alaw", 8_000, "mono"),
    "wav of a studio": ("wav", "pcm_s24le", 96_000, "stereo"),
    "wav of floats": ("wav", "pcm_f32le", 48_000, "stereo"),
}


def tone(rate: int = 16_000, seconds: float = 1.0, hertz: int = 440, level: float = 0.25) -> Samples:
    times = np.arange(int(rate * seconds)) / rate
    return (level * np.sin(2 * np.pi * hertz * times)).astype(np.float32)


def loudest_hertz(samples: Samples) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(samples))) * 16_000 / len(samples))


def as_file(container: str, codec: str, rate: int, layout: str, samples: Samples | None = None) -> bytes:
    """By default one second of 440 Hz."""
    return encoded(container, codec, rate, layout, tone(rate) if samples is None else samples)


def float_wav(samples: Samples, rate: int = 16_000) -> bytes:
    body = samples.astype("<f4").tobytes()
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36 + len(body), b"WAVE", b"fmt ", 16, 3, 1, rate, rate * 4, 4, 32)
    return head + struct.pack("<4sI", b"data", len(body)) + body


def refusal(data: bytes, **given: float) -> str:
    with pytest.raises(UnreadableAudio) as refused:
        decode(data, **given)  # pyright: ignore[reportArgumentType]
    return refused.value.code


# files ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SENT)
def test_a_file_sounds_as_it_was_recorded(kind: str):
    sound = decode(as_file(*SENT[kind]))
    assert sound.dtype == np.float32
    assert len(sound) / 16_000 == pytest.approx(1.0, abs=0.09)
    assert loudest_hertz(sound) == pytest.approx(440, abs=4)
    assert rms_dbfs(sound[4_000:12_000]) == pytest.approx(-15.05, abs=2.5)


def test_a_recording_that_breaks_off_gives_what_came_before():
    whole = as_file("webm", "libopus", 48_000, "mono", tone(48_000, 4.0))
    assert 1.0 < len(decode(whole[: len(whole) // 2])) / 16_000 < 3.0


def test_a_recording_without_its_beginning_is_refused():
    whole = as_file("webm", "libopus", 48_000, "mono", tone(48_000, 4.0))
    assert refusal(whole[len(whole) // 2 :]) == "unreadable_audio"


@pytest.mark.parametrize(
    "data",
    [b"\x00", b"hello " * 200, bytes(range(256)) * 20, b"PK\x03\x04" + bytes(200), b"\x89PNG\r\n\x1a\n" + bytes(200)],
    ids=["one byte", "text", "any bytes", "zip", "picture"],
)
def test_what_is_no_sound_is_refused(data: bytes):
    assert refusal(data) == "unreadable_audio"


def test_a_film_without_sound_is_refused():
    written = io.BytesIO()
    with av.open(written, "w", format="matroska") as film:
        pictures = film.add_stream("mpeg4", rate=10)
        pictures.width = pictures.height = 32
        film.mux(pictures.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")))
        film.mux(pictures.encode(None))
    assert refusal(written.getvalue()) == "unreadable_audio"


@pytest.mark.parametrize("data", [b"", write_wav(np.zeros(0, np.float32), 16_000)], ids=["no bytes", "only a header"])
def test_nothing_recorded_is_told_as_such(data: bytes):
    assert refusal(data) == "empty_audio"


def test_a_list_of_files_does_not_make_the_hall_read_its_own_files(tmp_path: Path):
    own = tmp_path / "own.wav"
    own.write_bytes(write_wav(tone(), 16_000))
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:{own}\n#EXT-X-ENDLIST\n"
    assert refusal(playlist.encode()) == "unreadable_audio"
    assert refusal(f"ffconcat version 1.0\nfile '{own}'\n".encode()) == "unreadable_audio"


def test_a_file_that_is_longer_than_allowed_is_refused():
    assert refusal(as_file("ogg", "libopus", 48_000, "mono", tone(48_000, 3.0)), longest_s=2.0) == "audio_too_long"


def test_a_file_that_claims_one_sample_a_second_is_refused():
    assert refusal(write_wav(tone(), 1)) == "unreadable_audio"


def test_the_same_on_both_channels_is_no_louder_than_on_one():
    both = decode(as_file("wav", "pcm_s16le", 16_000, "stereo"))
    one = decode(as_file("wav", "pcm_s16le", 16_000, "mono"))
    assert rms_dbfs(both) == pytest.approx(rms_dbfs(one), abs=0.01)


def test_impossible_floats_become_sound_within_bounds():
    wild = tone()
    wild[100:104] = [np.nan, np.inf, -np.inf, 7.0]
    assert decode(float_wav(wild))[100:104].tolist() == [0.0, 1.0, -1.0, 1.0]


# raw samples ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 48_000])
def test_raw_samples_are_brought_to_sixteen_thousand_a_second(rate: int):
    sound = decode(to_pcm16(tone(rate)), rate=rate)
    assert len(sound) == pytest.approx(16_000, abs=2)
    assert loudest_hertz(sound) == pytest.approx(440, abs=2)


@pytest.mark.parametrize("rate", [-1, 0, 7_999, 192_001])
def test_raw_samples_at_a_rate_that_cannot_be_are_refused(rate: int):
    assert refusal(b"\x01\x02" * 100, rate=rate) == "unreadable_audio"


def test_raw_samples_longer_than_allowed_are_refused():
    assert refusal(bytes(2 * 16_001), rate=16_000, longest_s=1.0) == "audio_too_long"
    assert len(decode(bytes(2 * 16_000), rate=16_000, longest_s=1.0)) == 16_000


def test_half_a_sample_is_left_out():
    assert refusal(b"\x01", rate=16_000) == "empty_audio"
    assert from_pcm16(b"\x00\x40\x00\xc0\x07").tolist() == [0.5, -0.5]


def test_samples_beyond_full_scale_are_cut_off_not_wrapped():
    loud = np.array([0.0, 2.0, -2.0, np.nan], np.float32)
    assert to_pcm16(loud) == struct.pack("<4h", 0, 32_767, -32_767, 0)


# resampling ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("piece", [1, 160, 777, 48_000])
def test_pieces_of_a_microphone_sound_as_if_they_came_at_once(piece: int):
    sound = tone(48_000, 0.5)
    whole, pieces = Resampler(48_000), Resampler(48_000)
    expected = np.concatenate([whole.accept(sound), whole.flush()])
    found = [pieces.accept(sound[start : start + piece]) for start in range(0, len(sound), piece)]
    joined = np.concatenate([*found, pieces.flush()])
    assert len(joined) == pytest.approx(8_000, abs=2)
    assert np.allclose(joined, expected[: len(joined)], atol=1e-4)


def test_sound_at_the_right_rate_is_left_as_it_is():
    same = Resampler(16_000)
    assert same.accept(tone()).tolist() == tone().tolist()
    assert len(same.flush()) == 0


# wav -----------------------------------------------------------------------------------------------------------


def test_a_written_wav_is_read_by_other_programs():
    with wave.open(io.BytesIO(write_wav(np.array([0, 1, -1], np.float32), 24_000))) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (24_000, 1, 2)
        assert file.readframes(9) == struct.pack("<3h", 0, 32_767, -32_767)


def test_what_is_said_about_a_wav_can_be_read_from_it():
    told = {"title": "居住证", "comment": "odd", "AIGC": '{"Label": "1"}'}
    data = write_wav(tone(), 16_000, told)
    with av.open(io.BytesIO(data)) as file:
        assert {name: file.metadata[name] for name in told} == told
    assert len(decode(data)) == 16_000


@pytest.mark.parametrize("name", ["titel", "说明四字", ""])
def test_a_name_that_a_wav_cannot_hold_is_refused(name: str):
    with pytest.raises(ValueError, match="neither"):
        write_wav(tone(), 16_000, {name: "text"})


# loudness ------------------------------------------------------------------------------------------------------


def test_loudness_is_told_below_full_scale():
    assert rms_dbfs(np.ones(100, np.float32)) == 0.0
    assert rms_dbfs(np.full(100, 0.1, np.float32)) == pytest.approx(-20.0, abs=0.001)
    assert rms_dbfs(tone(level=1.0)) == pytest.approx(-3.01, abs=0.01)


@pytest.mark.parametrize("samples", [np.zeros(100, np.float32), np.zeros(0, np.float32)])
def test_silence_is_at_the_end_of_the_scale(samples: Samples):
    assert rms_dbfs(samples) == -120.0
