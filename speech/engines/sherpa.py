"""SenseVoice and Paraformer through sherpa-onnx, from a folder with a model and its `tokens.txt`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import onnx
from google.protobuf.message import DecodeError

from speech.audio import HEARING_RATE, Samples
from speech.engines.pieces import GrowingStream, hear_all
from speech.recognizer import Heard, RecognizerUnavailable
from speech.vad import VoiceActivity

MODELS = ("model.int8.onnx", "model.onnx")
TOKENS = "tokens.txt"

NEEDED: Mapping[str, tuple[str, ...]] = {
    "sense_voice_ctc": (
        "vocab_size", "lfr_window_size", "lfr_window_shift", "normalize_samples", "with_itn", "without_itn",
        "lang_auto", "lang_zh", "lang_en", "lang_ja", "lang_ko", "lang_yue", "neg_mean", "inv_stddev",
    ),
    "paraformer": ("vocab_size", "lfr_window_size", "lfr_window_shift", "neg_mean", "inv_stddev"),
}  # fmt: skip
"""By kind of model, what its file must tell about itself. sherpa-onnx ends the whole process where it does not."""


class Sherpa:
    """A loaded model. Any thread may call; decodings wait for one another."""

    def __init__(self, folder: Path, threads: int = 2) -> None:
        """Raises RecognizerUnavailable."""
        try:
            import sherpa_onnx  # pyright: ignore[reportMissingImports]
        except ImportError as error:
            raise RecognizerUnavailable("install the extra xiaoxin[sherpa-onnx] for this recognizer") from error
        model = model_file(folder)
        kind = kind_of(model)
        loaders = {"sense_voice_ctc": _load_sense_voice, "paraformer": _load_paraformer}
        try:
            self._recognizer = loaders[kind](sherpa_onnx.OfflineRecognizer, str(model), str(folder / TOKENS), threads)
        except (RuntimeError, ValueError) as error:
            raise RecognizerUnavailable(f"{model} cannot be loaded: {error}") from error
        self.name = f"sherpa-onnx-{folder.resolve().name}"
        self.voice = VoiceActivity()
        self._lock = threading.Lock()

    def stream(self) -> GrowingStream:
        return GrowingStream(self)

    def recognize(self, samples: Samples) -> Heard:
        return hear_all(self, samples)

    def hear(self, sound: Samples, _voiced_s: float, /) -> Heard:
        with self._lock:
            stream = self._recognizer.create_stream()
            stream.accept_waveform(HEARING_RATE, sound)
            self._recognizer.decode_stream(stream)
            text = stream.result.text.strip()
        return Heard(text, None if text else "no_speech")

    def guess(self, sound: Samples, voiced_s: float, /) -> Heard:
        """These models take a tenth of the time that Whisper takes."""
        return self.hear(sound, voiced_s)

    def close(self) -> None:
        """The model goes with its last user."""


Loader = Callable[[Any, str, str, int], Any]


def _load_sense_voice(recognizer: Any, model: str, tokens: str, threads: int) -> Any:
    return recognizer.from_sense_voice(
        model=model, tokens=tokens, num_threads=threads, language="zh", use_itn=True, provider="cpu"
    )


def _load_paraformer(recognizer: Any, model: str, tokens: str, threads: int) -> Any:
    return recognizer.from_paraformer(paraformer=model, tokens=tokens, num_threads=threads, provider="cpu")


def model_file(folder: Path) -> Path:
    """The smaller model where there are two. Raises RecognizerUnavailable."""
    found = [folder / name for name in MODELS if (folder / name).is_file()]
    if not found:
        raise RecognizerUnavailable(f"{folder} holds no {' and no '.join(MODELS)}; unpack a model there")
    if not (folder / TOKENS).is_file():
        raise RecognizerUnavailable(f"{folder} holds no {TOKENS}, which belongs to the model")
    return found[0]


def kind_of(model: Path) -> str:
    """A key of NEEDED. Raises RecognizerUnavailable."""
    try:
        told = {entry.key: entry.value for entry in onnx.load(model, load_external_data=False).metadata_props}
    except (DecodeError, OSError) as error:
        raise RecognizerUnavailable(f"{model} is no whole ONNX model: {error}") from error
    kind = told.get("model_type", "")
    if kind not in NEEDED:
        raise RecognizerUnavailable(f"{model} is a model of the kind {kind!r}, not one of {', '.join(NEEDED)}")
    lacking = [key for key in NEEDED[kind] if key not in told]
    if lacking:
        raise RecognizerUnavailable(f"{model} was exported without {', '.join(lacking)}; export it for sherpa-onnx")
    return kind
