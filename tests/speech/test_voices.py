"""Voice packs: what loads, and what is refused for want of a passport."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from speech.voices import VOICES, VoiceRefused, bundled_voices, load_voice

TODAY = date(2026, 11, 22)


def pack(folder: Path, **changed: Any) -> Path:
    """The pack of xiaoyi with some fields changed; those of its passport as `passport_owner` and so on."""
    shutil.copy(VOICES / "zf_xiaoyi.bin", folder)
    given: dict[str, Any] = yaml.safe_load((VOICES / "xiaoyi.yaml").read_text("utf-8"))
    for field, value in changed.items():
        if field.startswith("passport_"):
            given["passport"][field.removeprefix("passport_")] = value
        else:
            given[field] = value
    path = folder / "mine.yaml"
    path.write_text(yaml.safe_dump({field: value for field, value in given.items() if value is not None}), "utf-8")
    return path


@pytest.mark.parametrize("name", bundled_voices())
def test_every_bundled_voice_has_a_valid_passport(name: str):
    voice = load_voice(name, TODAY)
    assert voice.name == name
    assert voice.label
    assert voice.passport.owner


def test_halls_choose_among_women_and_men():
    genders = {load_voice(name, TODAY).gender for name in bundled_voices()}
    assert {"female", "male"} <= genders


def test_a_voice_of_the_hall_loads_from_its_own_folder(tmp_path: Path):
    voice = load_voice(pack(tmp_path, name="hall", passport_consent="同意书 样本-1", passport_licence=""), TODAY)
    assert voice.name == "hall"
    assert voice.file == tmp_path / "zf_xiaoyi.bin"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"passport": None}, "passport"),
        ({"passport_owner": ""}, "owner"),
        ({"passport_licence": "", "passport_consent": ""}, "neither a licence nor a consent"),
        ({"passport_licence": "  "}, "neither a licence nor a consent"),
        ({"passport_scope": ""}, "scope"),
        ({"passport_expires": date(2026, 11, 21)}, "expired on 2026-11-21"),
        ({"sha256": "0" * 64}, "is not the file that its pack names"),
        ({"sha256": None}, "is not the file that its pack names"),
        ({"file": "missing.bin"}, "lacks its file missing.bin"),
        ({"gender": "robot"}, "gender"),
        ({"nickname": "x"}, "nickname"),
    ],
)
def test_a_voice_without_papers_does_not_speak(tmp_path: Path, changed: dict[str, Any], said: str):
    with pytest.raises(VoiceRefused, match=said):
        load_voice(pack(tmp_path, **changed), TODAY)


def test_a_passport_holds_to_the_end_of_its_last_day(tmp_path: Path):
    assert load_voice(pack(tmp_path, passport_expires=TODAY), TODAY).passport.expires == TODAY


@pytest.mark.parametrize("name", ["nobody", "../xiaoyi", "", "/etc/passwd"])
def test_an_unknown_voice_is_told_with_the_known_ones(name: str):
    with pytest.raises(VoiceRefused, match="xiaoyi"):
        load_voice(name, TODAY)


@pytest.mark.parametrize("content", ["", "- a", "name: [", "\x00"])
def test_a_broken_pack_is_refused_in_a_sentence(tmp_path: Path, content: str):
    path = tmp_path / "broken.yaml"
    path.write_text(content, "utf-8")
    with pytest.raises(VoiceRefused, match=r"broken\.yaml"):
        load_voice(path, TODAY)
