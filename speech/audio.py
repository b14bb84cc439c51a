"""Sound as arrays: decoding of what browsers and phones send, resampling, PCM and WAV."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Literal

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.container import InputContainer
from av.error import FFmpegError
from numpy.typing import NDArray

Samples = NDArray[np.float32]
"""Mono sound, from -1 to 1. What recognition hears has 16,000 samples a second."""

HEARING_RATE = 16_000
RATES = range(8_000, 192_001)
"""Samples a second that are believed; a file that claims fewer would grow beyond measure."""

QUIETEST_DBFS = -120.0

CONTAINERS = "matroska,webm,ogg,wav,w64,mp3,mov,mp4,m4a,3gp,aac,amr,amrnb,amrwb,flac,caf,aiff,au"
"""What is decoded, in FFmpeg's names. Playlists are not: they make FFmpeg open files and addresses."""
SANDBOX = {"format_whitelist": CONTAINERS, "protocol_whitelist": "none"}

PACKETS_A_SECOND = 1_000
"""Opus makes 400 at most; a file with more is built to waste time."""

INFO_CHUNKS = {
    "title": "INAM",
    "artist": "IART",
    "comment": "ICMT",
    "copyright": "ICOP",
    "date": "ICRD",
    "software": "ISFT",
}

AudioProblem = Literal["empty_audio", "unreadable_audio", "audio_too_long"]


class UnreadableAudio(Exception):
    """Bytes that give no sound; `code` is one of channels/errors.yaml."""

    def __init__(self, code: AudioProblem, detail: str = "") -> None:
        super().__init__(detail or code)
        self.code: AudioProblem = code


def decode(data: bytes, *, longest_s: float = 600.0, rate: int | None = None) -> Samples:
    """Sound at 16 kHz from the bytes of a file, or from raw mono PCM16 of `rate`.

    A file that breaks off gives what comes before. Raises UnreadableAudio.
    """
    if not data:
        raise UnreadableAudio("empty_audio")
    pieces = _file(data, longest_s) if rate is None else _raw(data, rate, longest_s)
    longest = int(longest_s * HEARING_RATE)
    kept: list[Samples] = []
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > longest:
            raise UnreadableAudio("audio_too_long", f"more than {longest_s:g} seconds")
        kept.append(piece)
    if not total:
        raise UnreadableAudio("empty_audio")
    return sane(np.concatenate(kept))


def _raw(data: bytes, rate: int, longest_s: float) -> Iterator[Samples]:
    resampler = Resampler(rate)
    if len(data) // 2 > longest_s * rate:
        raise UnreadableAudio("audio_too_long", f"more than {longest_s:g} seconds")
    yield resampler.accept(from_pcm16(data))
    yield resampler.flush()


def _file(data: bytes, longest_s: float) -> Iterator[Samples]:
    try:
        container = av.open(BytesIO(data), "r", metadata_errors="ignore", options=SANDBOX)
    except (FFmpegError, ValueError) as error:
        raise UnreadableAudio("unreadable_audio", str(error)) from error
    with container:
        try:
            yield from _resampled(_frames(container, int(longest_s * PACKETS_A_SECOND)))
        except (FFmpegError, ValueError) as error:
            raise UnreadableAudio("unreadable_audio", str(error)) from error


def _frames(container: InputContainer, most_packets: int) -> Iterator[AudioFrame]:
    """Frames of the first sound in the file; a broken packet is passed over, a broken end ends it."""
    track = next((stream for stream in container.streams.audio if stream.codec_context), None)
    if track is None:
        raise UnreadableAudio("unreadable_audio", "no sound in the file that can be decoded")
    track.codec_context.thread_count = 1
    packets = container.demux(track)
    failed: FFmpegError | None = None
    heard = False
    for _ in range(most_packets):
        try:
            packet = next(packets, None)
        except FFmpegError as error:
            failed = error
            break
        if packet is None:
            break
        try:
            frames = packet.decode()
        except FFmpegError as error:
            failed = error
            continue
        for frame in frames:
            heard = True
            yield frame  # pyright: ignore[reportReturnType]
    if failed and not heard:
        raise UnreadableAudio("unreadable_audio", str(failed)) from failed


def _resampled(frames: Iterator[AudioFrame]) -> Iterator[Samples]:
    resampler, shape = None, None
    for frame in frames:
        found = (frame.format.name, frame.layout.name, frame.sample_rate)
        if found != shape:  # AAC may learn its true rate only after some frames
            if frame.sample_rate not in RATES:
                raise UnreadableAudio("unreadable_audio", f"{frame.sample_rate} samples a second")
            if resampler:
                yield _joined(resampler.resample(None))
            resampler, shape = AudioResampler("fltp", None, HEARING_RATE), found
        assert resampler
        frame.pts = None
        yield _joined(resampler.resample(frame))
    if resampler:
        yield _joined(resampler.resample(None))


def _joined(frames: list[AudioFrame]) -> Samples:
    """Channels are averaged: FFmpeg's own mono is louder than any of them."""
    return np.concatenate([np.zeros(0, np.float32), *(frame.to_ndarray().mean(axis=0) for frame in frames)])


class Resampler:
    """Sound that arrives in pieces, brought to another rate without seams."""

    def __init__(self, rate: int, to: int = HEARING_RATE) -> None:
        """Raises UnreadableAudio for a rate that cannot be."""
        if rate not in RATES:
            raise UnreadableAudio("unreadable_audio", f"{rate} samples a second")
        self._rate = rate
        self._inner = None if rate == to else AudioResampler("fltp", "mono", to)

    def accept(self, samples: Samples) -> Samples:
        if self._inner is None or not len(samples):
            return samples
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples[None], np.float32), "fltp", "mono")
        frame.sample_rate = self._rate
        return _joined(self._inner.resample(frame))

    def flush(self) -> Samples:
        """The last samples, which wait for what would come after them. Nothing may be accepted any more."""
        return np.zeros(0, np.float32) if self._inner is None else _joined(self._inner.resample(None))


def sane(samples: Samples) -> Samples:
    """Finite and from -1 to 1: float files hold anything."""
    finite = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0)
    return np.clip(finite, -1.0, 1.0).astype(np.float32, copy=False)


def from_pcm16(data: bytes) -> Samples:
    """Little-endian 16-bit mono. Half a sample at the end is left out."""
    return np.frombuffer(data, "<i2", len(data) // 2).astype(np.float32) / np.float32(32_768)


def to_pcm16(samples: Samples) -> bytes:
    return np.rint(sane(samples) * 32_767).astype("<i2").tobytes()


def write_wav(samples: Samples, rate: int, metadata: Mapping[str, str] | None = None) -> bytes:
    """A 16-bit mono WAV. `metadata` stands before the sound: names of INFO_CHUNKS, or four letters as they are."""
    sound = to_pcm16(samples)
    chunks = _chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, rate, 2 * rate, 2, 16))
    if metadata:
        entries = (_chunk(_info_id(name), text.encode() + b"\0") for name, text in metadata.items())
        chunks += _chunk(b"LIST", b"INFO" + b"".join(entries))
    return _chunk(b"RIFF", b"WAVE" + chunks + _chunk(b"data", sound))


def _info_id(name: str) -> bytes:
    chunk = INFO_CHUNKS.get(name, name)
    if len(chunk) != 4 or not chunk.isascii():
        raise ValueError(f"{name!r} is neither one of {', '.join(INFO_CHUNKS)} nor four letters")
    return chunk.encode()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def rms_dbfs(samples: Samples) -> float:
    """Loudness in decibels below full scale: 0 is a full square wave, silence is -120."""
    power = float(np.mean(np.square(samples, dtype=np.float64))) if len(samples) else 0.0
    return max(QUIETEST_DBFS, 10 * math.log10(power)) if power > 0 else QUIETEST_DBFS
