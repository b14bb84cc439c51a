"""Voice packs: a voice with its passport. A voice that cannot say whose it is does not speak."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

VOICES = Path(__file__).parent / "voices"

Gender = Literal["female", "male", "none"]


class VoiceRefused(Exception):
    """The pack does not load; the message is a sentence for who set it up."""


class Passport(BaseModel):
    """Whose voice it is, and by what right it speaks here."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    owner: str
    source: str
    """Where sound or weights come from."""
    scope: str
    """What the voice may be used for."""
    licence: str = ""
    """Licence of the weights; for the voice of a living person `consent` stands instead."""
    consent: str = ""
    """Number or place of the speaker's signed consent."""
    notice: str = ""
    """Told in the log whenever the voice is loaded."""
    expires: date | None = None
    """The last day."""


class _Pack(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: str
    label: str
    engine: str
    gender: Gender
    speaker: str = ""
    file: str = ""
    sha256: str = ""
    passport: Passport


@dataclass(frozen=True)
class Voice:
    name: str
    label: str
    """As visitors choose it, in Chinese."""
    engine: str
    """A name of speech.engines.synthesizers.SYNTHESIZERS."""
    gender: Gender
    passport: Passport
    speaker: str = ""
    """The engine's own name of the voice, where it has several."""
    file: Path | None = None
    """The voice's own data, its bytes checked; None where the engine has them."""


def load_voice(name_or_path: str | Path, today: date) -> Voice:
    """The bundled voice of that name, or the pack in a YAML file. Raises VoiceRefused."""
    path = Path(name_or_path)
    if path.suffix not in (".yaml", ".yml"):
        path = VOICES / f"{name_or_path}.yaml"
        if path.name not in {known.name for known in VOICES.glob("*.yaml")}:
            raise VoiceRefused(f"there is no voice {name_or_path!r}; there are {', '.join(bundled_voices())}")
    pack = _read(path)
    _check_passport(pack, today)
    return Voice(
        name=pack.name,
        label=pack.label,
        engine=pack.engine,
        gender=pack.gender,
        passport=pack.passport,
        speaker=pack.speaker,
        file=_checked_file(pack, path.parent) if pack.file else None,
    )


def bundled_voices() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in VOICES.glob("*.yaml")))


def _read(path: Path) -> _Pack:
    try:
        raw: Any = yaml.safe_load(path.read_text("utf-8"))
        return _Pack.model_validate(raw)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise VoiceRefused(f"the voice pack {path.name} cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the file"
        raise VoiceRefused(f"the voice pack {path.name} is not complete: {field}: {first['msg']}") from error


def _check_passport(pack: _Pack, today: date) -> None:
    passport = pack.passport
    for field in ("owner", "source", "scope"):
        if not getattr(passport, field):
            raise VoiceRefused(f"the passport of the voice {pack.name} names no {field}")
    if not passport.licence and not passport.consent:
        raise VoiceRefused(f"the passport of the voice {pack.name} names neither a licence nor a consent")
    if passport.expires and passport.expires < today:
        raise VoiceRefused(f"the passport of the voice {pack.name} expired on {passport.expires}")


def _checked_file(pack: _Pack, folder: Path) -> Path:
    path = folder / pack.file
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise VoiceRefused(f"the voice {pack.name} lacks its file {pack.file}") from error
    if found != pack.sha256:
        raise VoiceRefused(f"{pack.file} of the voice {pack.name} is not the file that its pack names")
    return path
