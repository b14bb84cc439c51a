"""POST /v1/speech/recognize and /v1/speech/synthesize: sound to words and words to sound, in one request."""

from __future__ import annotations

import base64
import time
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from assistant.masking import mask
from channels.answer_body import CorrectionBody
from channels.errors import Problem
from channels.speech_parts import SpeechParts
from channels.voice_file import voice_file
from speech.audio import HEARING_RATE, UnreadableAudio, decode
from speech.listen import Mend
from speech.reading import read_aloud
from speech.recognizer import Recognizer
from speech.speak import SpokenSentence, whole
from speech.synthesizer import SynthesisFailed

router = APIRouter(prefix="/v1/speech", tags=["speech"])

RECORDING_S = 120.0
"""Longest recording that is recognised in one request."""


class RecognizedBody(BaseModel):
    """What was heard. `text` is empty, with a reason, where nothing was."""

    text: str
    raw: str
    corrections: list[CorrectionBody]
    language: str
    reason: str | None
    seconds: float
    took_ms: float


class SpeakBody(BaseModel):
    """A text to be said in Chinese."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=1000)
    speed: float = Field(1.0, ge=0.5, le=1.5)
    format: Literal["wav", "json"] = "wav"


class SentenceBody(BaseModel):
    sentence: str
    start_ms: int
    end_ms: int
    chars: list[tuple[int, int]]
    visemes: list[tuple[int, str]]


class SpokenBody(BaseModel):
    """A spoken text: a WAV file in base64 and its timeline."""

    wav: str
    rate: int
    sentences: list[SentenceBody]


class WaveFile(Response):
    media_type = "audio/wav"


BINARY = {"type": "string", "format": "binary"}
UNAVAILABLE = {
    "description": "There is no voice here, or it failed",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}},
}


def _spoken_schema() -> dict[str, Any]:
    """In one piece: OpenAPI finds no `$defs` in the middle of a response."""
    schema = SpokenBody.model_json_schema()
    schema["properties"]["sentences"]["items"] = schema.pop("$defs")["SentenceBody"]
    return schema


@router.post(
    "/recognize",
    openapi_extra={"requestBody": {"required": True, "content": {"audio/*": {"schema": BINARY}}}},
    responses={503: UNAVAILABLE},
)
async def recognize(request: Request, rate: int | None = None) -> RecognizedBody:
    """The words of a recording of two minutes at most: wav, webm, ogg, mp3, m4a, amr; with `rate`, raw mono PCM16."""
    parts = await _parts(request)
    if rate is not None and not 8_000 <= rate <= 192_000:
        raise Problem(422, "bad_field", field="rate", problem="8000–192000")
    data = await request.body()
    return await run_in_threadpool(_recognized, parts, data, rate)


@router.post(
    "/synthesize",
    response_class=WaveFile,
    responses={
        200: {"content": {"audio/wav": {"schema": BINARY}, "application/json": {"schema": _spoken_schema()}}},
        503: UNAVAILABLE,
    },
)
async def synthesize(body: SpeakBody, request: Request) -> Response:
    """The text as a WAV file that says of itself that an AI made it; with format `json`, also its timeline."""
    parts = await _parts(request)
    readings = [one for one in read_aloud(body.text) if one.spoken]
    if not readings:
        raise Problem(422, "nothing_to_say")
    try:
        said = await run_in_threadpool(whole, parts.synthesizer, readings, body.speed)
    except SynthesisFailed as failed:
        raise Problem(503, "voice_failed") from failed
    wav = voice_file(said, request.app.state.settings.producer)
    if body.format == "wav":
        return WaveFile(wav)
    sentences = [sentence_body(one) for one in said]
    spoken = SpokenBody(wav=base64.b64encode(wav).decode(), rate=said[0].rate, sentences=sentences)
    return Response(spoken.model_dump_json(), media_type="application/json")


def sentence_body(spoken: SpokenSentence) -> SentenceBody:
    start_ms, end_ms = spoken.span
    return SentenceBody(
        sentence=spoken.sentence,
        start_ms=start_ms,
        end_ms=end_ms,
        chars=list(spoken.chars),
        visemes=list(spoken.mouth),
    )


def recognized(
    recognizer: Recognizer, mend: Mend, data: bytes, *, rate: int | None = None, longest_s: float = RECORDING_S
) -> RecognizedBody:
    """The words of a recording, mended, with personal numbers masked. Raises UnreadableAudio."""
    begun = time.perf_counter()
    samples = decode(data, longest_s=longest_s, rate=rate)
    heard = recognizer.recognize(samples)
    mended = mend(heard.text)
    return RecognizedBody(
        text=mask(mended.text).text,
        raw=mask(heard.text).text,
        corrections=[CorrectionBody(heard=a, taken_for=b) for a, b in mended.corrections],
        language="zh",
        reason=heard.reason,
        seconds=round(len(samples) / HEARING_RATE, 2),
        took_ms=round((time.perf_counter() - begun) * 1000, 1),
    )


def _recognized(parts: SpeechParts, data: bytes, rate: int | None) -> RecognizedBody:
    try:
        return recognized(parts.recognizer, parts.mend, data, rate=rate)
    except UnreadableAudio as problem:
        raise Problem(422, problem.code) from problem


async def _parts(request: Request) -> SpeechParts:
    parts = await request.app.state.speech.parts()
    if parts is None:
        raise Problem(503, "voice_off")
    parts.quiet.disturb()
    return parts
