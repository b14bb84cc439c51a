"""Voice activity: how likely each 32 ms of sound is speech. Silero v6, as it comes with faster-whisper."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from knowledge.models import Model, ModelFile, ModelUnavailable, check, model_path
from speech.audio import HEARING_RATE, Samples
from speech.recognizer import RecognizerUnavailable

FRAME = 512
"""Samples that one probability is for."""
FRAME_S = FRAME / HEARING_RATE
CONTEXT = 64
"""Samples before a frame that the model sees with it."""
SPEECH = 0.5
"""From this probability on, a frame is speech."""
FEWEST_VOICED = 4
"""Frames of speech below which nobody spoke."""

SILERO = Model(
    name="silero-vad-v6",
    package="faster_whisper",
    requirement="faster-whisper==1.2.1",
    files=(
        ModelFile("assets/silero_vad_v6.onnx", "4cbf549b8326f60f80f2536d9eefeb450a9abe83365a098031c89719f1be17d2"),
    ),
    licence="MIT",
    used_by="speech.vad",
    upstream="snakers4/silero-vad",
)  # fmt: skip

Probabilities = NDArray[np.float32]


class VoiceActivity:
    """The loaded model, shared by all streams; may be called by several threads."""

    def __init__(self) -> None:
        """Raises RecognizerUnavailable."""
        import onnxruntime

        wrong = check(SILERO)
        if wrong:
            raise RecognizerUnavailable(wrong)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        try:
            path = model_path(SILERO, SILERO.files[0])
            self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        except (ModelUnavailable, RuntimeError) as error:
            raise RecognizerUnavailable(f"{SILERO.name} cannot be loaded: {error}") from error

    def probabilities(self, samples: Samples) -> Probabilities:
        """One for each whole frame of a recording."""
        return np.array(self.stream().accept(samples), np.float32)

    def stream(self) -> VoiceStream:
        return VoiceStream(self)

    def run(
        self, frames: NDArray[np.float32], state: tuple[NDArray[np.float32], NDArray[np.float32]]
    ) -> tuple[Probabilities, tuple[NDArray[np.float32], NDArray[np.float32]]]:
        """Rows of CONTEXT + FRAME samples in order, with what the model remembers from the row before."""
        found, h, c = self._session.run(None, {"input": frames, "h": state[0], "c": state[1]})
        return np.ravel(np.asarray(found, np.float32)), (np.asarray(h), np.asarray(c))


class VoiceStream:
    """Sound as it arrives, in pieces of any length. Used by one thread at a time."""

    MOST_FRAMES = 4_096
    """Rows that the model takes at once: two minutes."""

    def __init__(self, model: VoiceActivity) -> None:
        self._model = model
        self.reset()

    def reset(self) -> None:
        """Begin anew, as after another person stepped up."""
        self._waiting: Samples = np.zeros(CONTEXT, np.float32)
        """The context of the next frame, and what came of that frame so far."""
        self._state = (np.zeros((1, 1, 128), np.float32), np.zeros((1, 1, 128), np.float32))

    def accept(self, samples: Samples) -> list[float]:
        """One probability for each frame that is now whole; what is left waits."""
        sound = np.concatenate([self._waiting, samples.astype(np.float32, copy=False)])
        count = (len(sound) - CONTEXT) // FRAME
        self._waiting = sound[count * FRAME :].copy()
        if not count:
            return []
        windows = np.lib.stride_tricks.sliding_window_view(sound, CONTEXT + FRAME)[: count * FRAME : FRAME]
        found: list[float] = []
        for start in range(0, count, self.MOST_FRAMES):
            rows = np.ascontiguousarray(windows[start : start + self.MOST_FRAMES])
            probabilities, self._state = self._model.run(rows, self._state)
            found += probabilities.tolist()
        return found


def voiced(probabilities: Probabilities) -> int:
    """How many frames are speech."""
    return int(np.count_nonzero(probabilities >= SPEECH))


def cuts(probabilities: Probabilities, shortest_s: float = 10.0, longest_s: float = 25.0) -> list[int]:
    """Samples at which a long recording is cut so that no part is longer than `longest_s`.

    Each lies in the middle of the longest pause of its stretch, or at its least likely frame.
    """
    shortest, longest = int(shortest_s / FRAME_S), int(longest_s / FRAME_S)
    found: list[int] = []
    start = 0
    while len(probabilities) - start > longest:
        start += shortest + _quietest(probabilities[start + shortest : start + longest])
        found.append(start * FRAME)
    return found


def _quietest(stretch: Probabilities) -> int:
    pauses = np.flatnonzero(np.diff(np.concatenate([[False], stretch < SPEECH, [False]])))
    if not len(pauses):
        return int(np.argmin(stretch))
    begins, ends = pauses[::2], pauses[1::2]
    longest = int(np.argmax(ends - begins))
    return int(begins[longest] + ends[longest]) // 2
