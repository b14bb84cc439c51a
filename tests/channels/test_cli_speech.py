"""`xiaoxin listen`, `speak` and `prepare-speech`: a scripted ear and a voice of tones."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from voice_terminal import SAMPLES

from channels.wiring import Product
from speech.audio import decode, write_wav

Run = Callable[..., Any]
Hear = Callable[..., Any]


@pytest.fixture(scope="module")
def data(hall: Product, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for all of these commands: the words of its handbook are read once."""
    folder = tmp_path_factory.mktemp("data")
    with hall.knowledge.engine.connect() as connection:
        connection.exec_driver_sql("VACUUM INTO ?", (str(folder / "xiaoxin.db"),))
    return folder


@pytest.fixture
def hear(run: Run, tmp_path: Path) -> Hear:
    """`xiaoxin listen …` in a hall that hears the given words."""
    script = tmp_path / "words.txt"

    def command(*arguments: object, words: str = "养犬登记多少钱") -> Any:
        script.write_text(words, "utf-8")
        return run("listen", *arguments, recognizer=f"scripted:{script}")

    return command


def test_a_recording_gives_its_words(hear: Hear) -> None:
    ended = hear(SAMPLES / "question.ogg")
    assert (ended.status, ended.out, ended.err) == (0, "养犬登记多少钱\n", "")


def test_as_json_it_has_what_was_heard_and_what_it_was_taken_for(hear: Hear) -> None:
    found = hear(SAMPLES / "question.ogg", "--json").json
    assert {"text", "raw", "corrections", "language", "took_ms"} <= found.keys()
    assert (found["text"], found["language"]) == ("养犬登记多少钱", "zh")


def test_personal_numbers_are_masked(hear: Hear) -> None:
    assert "13912345678" not in hear(SAMPLES / "question.ogg", "--json", words="我的手机是13912345678").out


def test_silence_is_no_words_and_status_1(hear: Hear, tmp_path: Path) -> None:
    silent = tmp_path / "silent.wav"
    silent.write_bytes(write_wav(np.zeros(16_000, np.float32), 16_000))
    ended = hear(silent)
    assert (ended.status, ended.out, ended.err) == (1, "（no_speech）\n", "")


@pytest.mark.parametrize(
    "content", [b"", b"words", b"\x1aE\xdf\xa3cut", b"\0" * 4000], ids=["none", "words", "cut", "zeros"]
)
def test_a_file_that_is_no_sound_is_refused(hear: Hear, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "sound.webm"
    path.write_bytes(content)
    assert str(path) in hear(path).refused()


def test_a_file_that_is_not_there_is_named(hear: Hear, tmp_path: Path) -> None:
    assert "nowhere.wav" in hear(tmp_path / "nowhere.wav").refused()
    hear(tmp_path).refused()


def test_a_recognizer_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    for name in (f"vosk:{tmp_path / 'none'}", f"scripted:{tmp_path / 'none'}"):
        assert "none" in run("listen", SAMPLES / "question.ogg", recognizer=name).refused()


def test_a_text_becomes_a_sound_file_with_the_label_of_a_machine(run: Run, tmp_path: Path) -> None:
    out, timeline = tmp_path / "a.wav", tmp_path / "a.json"
    ended = run("speak", "养犬登记每年30元。", "--out", out, "--visemes", timeline, voice="tone", producer="91320411X")
    assert (ended.status, ended.out) == (0, "")
    with av.open(str(out)) as file:
        assert file.streams.audio[0].codec_context.name == "pcm_s16le"
    assert len(decode(out.read_bytes())) > 1.5 * 16_000
    note = out.read_bytes()
    assert b"AIGC" in note
    assert b"91320411X" in note
    sentences = json.loads(timeline.read_text("utf-8"))
    assert "".join(one["sentence"] for one in sentences) == "养犬登记每年30元。"


def test_the_elder_is_spoken_to_more_slowly(run: Run, tmp_path: Path) -> None:
    for profile in ("standard", "elder"):
        run("speak", "养犬登记", "--out", tmp_path / f"{profile}.wav", "--profile", profile, voice="tone")
    assert (tmp_path / "elder.wav").stat().st_size > (tmp_path / "standard.wav").stat().st_size


@pytest.mark.parametrize("text", ["", " ", "😀", "。。。"])
def test_nothing_to_say_is_refused_and_no_file_is_left(run: Run, tmp_path: Path, text: str) -> None:
    run("speak", text, "--out", tmp_path / "a.wav", voice="tone").refused()
    assert not (tmp_path / "a.wav").exists()


@pytest.mark.parametrize("text", ["Hello, 2 copies please", "E=mc²，∑x≥3", "😀不收费😀", "要带身份证。" * 300])
def test_odd_and_long_texts_are_spoken(run: Run, tmp_path: Path, text: str) -> None:
    assert run("speak", text, "--out", tmp_path / "a.wav", voice="tone").status == 0
    assert len(decode((tmp_path / "a.wav").read_bytes())) > 8_000


def test_a_place_that_cannot_be_written_is_named(run: Run, tmp_path: Path) -> None:
    assert "nowhere" in run("speak", "你好", "--out", tmp_path / "nowhere" / "a.wav", voice="tone").refused()


@pytest.mark.parametrize("voice", ["nobody", "/nowhere/voice.yaml", "../../etc/passwd"])
def test_a_voice_that_is_not_there_is_told(run: Run, tmp_path: Path, voice: str) -> None:
    run("speak", "你好", "--out", tmp_path / "a.wav", voice=voice).refused()


def test_a_voice_without_a_passport_is_refused(run: Run, tmp_path: Path) -> None:
    pack = tmp_path / "voice.yaml"
    pack.write_text("name: mine\nengine: tone\nlabel: 样本\n", "utf-8")
    assert pack.name in run("speak", "你好", "--out", tmp_path / "a.wav", voice=str(pack)).refused()


def test_what_is_certain_to_be_said_is_prepared_once(run: Run) -> None:
    first = run("prepare-speech", voice="tone")
    assert first.status == 0
    assert int(first.out.split()[0]) > 10
    assert run("prepare-speech", voice="tone").out.startswith("0 sentences")


def test_speaking_needs_a_file_to_write(run: Run) -> None:
    assert "--out" in run("speak", "你好").refused()
    run("speak", "你好", "--out", "a.wav", "--profile", "child").refused()
