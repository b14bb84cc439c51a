"""What a client may send over the voice socket; docs/voice-socket.md says what each frame means."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

AudioFormat = Literal["pcm16", "webm", "ogg", "wav", "mp3", "m4a", "amr"]
ProfileName = Literal["standard", "elder", "crowd"]


class _Frame(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Start(_Frame):
    type: Literal["start"]
    format: AudioFormat = "pcm16"
    rate: Annotated[int, Field(ge=8_000, le=192_000)] = 16_000
    profile: ProfileName = "standard"
    duplex: Literal["full", "half"] = "full"
    conversation_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")] | None = None
    terminal: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")] = "kiosk"
    region: Annotated[str, Field(max_length=64)] | None = None
    language: Literal["zh", "en", "ja", "de"] | None = None


class End(_Frame):
    type: Literal["end"]


class Text(_Frame):
    type: Literal["text"]
    text: str = Field(max_length=20_000)
    speak: bool = True


class Cancel(_Frame):
    type: Literal["cancel"]


class Greet(_Frame):
    type: Literal["greet"]


class Leave(_Frame):
    type: Literal["leave"]


Frame = Annotated[Start | End | Text | Cancel | Greet | Leave, Field(discriminator="type")]
FRAME: TypeAdapter[Start | End | Text | Cancel | Greet | Leave] = TypeAdapter(Frame)
