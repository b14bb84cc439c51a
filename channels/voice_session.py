"""One conversation at one terminal: listening, answering aloud, being interrupted, and the end of it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import numpy as np

from assistant.ask import Reply
from assistant.masking import mask
from assistant.spoken_words import small_talk
from assistant.turn import Question
from channels.errors import SENTENCES
from channels.metrics import Metrics
from channels.speech import RECORDING_S
from channels.speech_parts import SpeechParts
from channels.voice_echo import OwnVoice, same_words, syllables
from channels.voice_frames import Cancel, End, Frame, Greet, Leave, Start, Text
from channels.voice_lines import line, worded
from channels.voice_mouth import Mouth
from channels.voice_visit import Visit
from channels.voice_wire import ClientGone, Wire
from channels.wiring import Product
from speech.audio import HEARING_RATE, Resampler, Samples, UnreadableAudio, decode, from_pcm16
from speech.endpoint import PROFILES
from speech.label import label
from speech.listen import Began, Partial, Utterance
from speech.read_back import read_back, spot
from speech.short_answers import is_backchannel, is_stop, nearest
from speech.synthesizer import SynthesisFailed

logger = logging.getLogger(__name__)

INTERRUPTS_MS = 450
"""Speech from which words so far can interrupt 小新."""
SURELY_INTERRUPTS_MS = 2500
"""Speech that interrupts her though all its words so far only show that the visitor listens."""
ECHO_MS = 4000
"""Of her own voice, after which what was heard is dropped: decoding it again and again costs ever more."""
FILE_BYTES = 16 * 2**20
"""Largest recording that is sent whole."""
WIPE_S = 2.0
"""How long a new conversation waits for the wiping of the old one."""
APOLOGY = "apology"
FACES = {"neutral": "idle", "thinking": "think"}


class VoiceSession:
    """Frames come in by `take` and `hear`, in order; everything that takes time runs in a task of its own."""

    def __init__(self, product: Product, parts: SpeechParts, wire: Wire, metrics: Metrics) -> None:
        self.parts, self.wire, self.metrics = parts, wire, metrics
        self.own = OwnVoice()
        self.mouth = Mouth(parts.speaker, wire, self._show, self.own)
        self.start = Start(type="start")
        self.started = False
        self.visit = Visit(product.assistant, product.conversations)
        self.listener = parts.listener(PROFILES["standard"], self._decoded)
        self._loop = asyncio.get_running_loop()
        self._ears = asyncio.Lock()
        self.resampler = Resampler(HEARING_RATE)
        self.active_at = time.monotonic()
        """When the visitor was last heard from, or 小新 last fell silent."""
        self._file = bytearray()
        self._turn: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def talking(self) -> bool:
        """Whether an answer is being found or said."""
        return self._turn is not None or self.mouth.playing

    @property
    def used(self) -> bool:
        """Whether this conversation holds anything that the next visitor must not find."""
        return self.visit.memory.met

    async def take(self, frame: Frame) -> None:
        self.active_at = time.monotonic()
        match frame:
            case Start():
                await self._start(frame)
            case End():
                await self._end()
            case Text():
                await self._interrupt()
                self._begin(self._answer(frame.text, speak=frame.speak))
            case Cancel():
                await self._interrupt()
                self._deafen()
                await self._idle_face()
            case Greet():
                self.visit.memory.met = True
                await self._interrupt()
                self._begin(self._say(line("greet"), "greet"))
            case Leave():
                await self.leave()

    async def hear(self, data: bytes) -> None:
        """A binary frame."""
        if not self.started:
            await self.fail("not_started")
        elif self.start.format != "pcm16":
            self._file += data[: FILE_BYTES + 1 - len(self._file)]
        elif self.start.duplex == "full" or not self.talking:
            samples = self.resampler.accept(from_pcm16(data))
            self.own.hear(samples, time.monotonic())
            await self._heed(samples)

    async def leave(self) -> None:
        """The visitor went away: what was said is wiped, and the next one finds a new conversation."""
        await self._interrupt()
        self._deafen()
        self.mouth.speed = PROFILES[self.start.profile].speed
        await asyncio.wait([self._background(self.visit.wipe(self.visit.end()))], timeout=WIPE_S)
        await self._ready()

    async def close(self) -> None:
        """The socket is gone. A terminal that comes back with the conversation's id goes on with it."""
        self._stop_turn()
        self.mouth.epoch += 1
        self._deafen()

    async def apologize(self) -> None:
        """What was to be done went wrong: the sentence in hand is dropped, and sound is awaited again."""
        self._deafen()
        await self.fail("internal")
        await self._idle_face()

    async def fail(self, code: str) -> None:
        await self.wire.event({"type": "failed", "code": code, "message": SENTENCES[code]})

    async def idle(self, stage: str) -> None:
        """Nobody was heard for a while: a `warning`, then `goodbye`, which wipes the conversation."""
        await self.wire.event({"type": "idle", "stage": stage})
        if stage == "goodbye":
            await self.leave()

    async def _start(self, frame: Start) -> None:
        self.start, self.started = frame, True
        profile = PROFILES[frame.profile]
        if frame.conversation_id not in (None, self.visit.memory.conversation_id):
            await self._interrupt()
            self.visit.go_on(frame.conversation_id)
        self._deafen()
        self.listener.use(profile)
        self.resampler = Resampler(frame.rate)
        self.mouth.speed = profile.speed
        await self._ready()

    def _deafen(self) -> None:
        """Forget what was heard and not yet answered."""
        self.listener.reset()
        self._file.clear()

    async def _ready(self) -> None:
        await self.wire.event(
            {
                "type": "ready",
                "conversation_id": self.visit.memory.conversation_id,
                "profile": self.start.profile,
                "duplex": self.start.duplex,
                "voice": self.parts.voice.label,
                "label": label().shown,
            }
        )
        await self.wire.event({"type": "listening"})

    def _decoded(self) -> None:
        """Words are there, though the microphone may have fallen silent: take them as if more sound had come."""
        with suppress(RuntimeError):  # the server has stopped
            self._loop.call_soon_threadsafe(lambda: self._background(self._heed(np.zeros(0, np.float32))))

    async def _heed(self, samples: Samples) -> None:
        """Sound of the microphone: what is being said, and whether it interrupts."""
        if self.listener.speaking:
            self.parts.quiet.disturb()
        async with self._ears:
            self.listener.eager = self.talking
            for event in self.listener.accept(samples):
                self.active_at = time.monotonic()
                match event:
                    case Began():
                        await self._began()
                    case Partial():
                        await self._partial(event)
                    case Utterance():
                        await self._heard(event)

    async def _began(self) -> None:
        if not self.talking:
            await self._face("listen")
            await self.wire.event({"type": "hearing"})

    async def _partial(self, partial: Partial) -> None:
        if self.talking:
            if not self._interrupting(partial):
                return
            await self._interrupt()
            await self._face("listen")
            await self.wire.event({"type": "hearing"})
        await self.wire.event({"type": "partial", "text": mask(partial.text).text})

    def _interrupting(self, partial: Partial) -> bool:
        if self.own.heard_back(partial.speech_ms / 1000) or same_words(partial.text, self.mouth.saying):
            if partial.speech_ms > ECHO_MS:
                self.listener.reset()
            return False
        if len(syllables(partial.text)) == 1:
            return False
        least = SURELY_INTERRUPTS_MS if is_backchannel(partial.text) else INTERRUPTS_MS
        return partial.speech_ms >= least

    def _aside(self, text: str) -> bool:
        """Whether she speaks on over these words."""
        return not text or is_backchannel(text) or same_words(text, self.mouth.saying)

    async def _end(self) -> None:
        """The visitor let go of the button, or the whole recording was sent."""
        if self.start.format != "pcm16":
            data, self._file = bytes(self._file), bytearray()
            await self._interrupt()
            self._begin(self._recording(data))
            return
        async with self._ears:
            utterance = await self.listener.finish()
            await self._heard(utterance or Utterance("", "", reason="no_speech"))

    async def _recording(self, data: bytes) -> None:
        begun = time.monotonic()
        try:
            if len(data) > FILE_BYTES:
                raise UnreadableAudio("audio_too_long")
            heard = await self._loop.run_in_executor(
                self.parts.hearing, lambda: self.parts.recognizer.recognize(decode(data, longest_s=RECORDING_S))
            )
        except UnreadableAudio as problem:
            await self.fail(problem.code)
            return
        mended = self.parts.mend(heard.text)
        self._turn = None  # what follows begins a turn of its own, and must not cancel this one
        await self._heard(Utterance(mended.text, heard.text, mended.corrections, heard.reason, last_word_at=begun))

    async def _heard(self, utterance: Utterance) -> None:
        """A whole utterance: answer it, unless it is nothing to answer."""
        if self.own.heard_back(utterance.speech_ms / 1000):
            return
        last = self.visit.memory.last
        offered = [option.label for option in last.answer.options] if last else []
        meant = nearest(utterance.text, offered) if utterance.text else None
        if self.talking and not meant and self._aside(utterance.text):
            if utterance.text:
                await self._tell_heard(utterance, "", reason="backchannel")
            return
        text = meant or utterance.text
        stops = is_stop(text) and (self.talking or small_talk(text) is None)
        cut_short = self.talking and not meant and not stops and len(syllables(text)) == 1
        await self._interrupt()
        self.metrics.heard(utterance)
        if cut_short:
            await self._tell_heard(utterance, "", reason="unclear")
            await self._idle_face()
            return
        await self._tell_heard(utterance, text, reason=utterance.reason)
        if stops:
            await self._idle_face()
        elif text:
            self.visit.memory.unclear = 0
            self._begin(self._answer(text, spoken_at=utterance.last_word_at))
        else:
            self.visit.memory.unclear += 1
            if self.visit.memory.unclear % 2 == 0:
                self._begin(self._say(line("unclear"), "sorry"))
            else:
                await self._idle_face()

    async def _tell_heard(self, utterance: Utterance, text: str, reason: str | None) -> None:
        await self.wire.event(
            {
                "type": "heard",
                "text": mask(text).text,
                "raw": mask(utterance.raw).text,
                "corrections": [{"heard": mask(a).text, "taken_for": b} for a, b in utterance.corrections],
                "language": "zh",
                "took_ms": round(utterance.decode_ms),
                "reason": reason if not text else None,
                "read_back": _read_back(utterance.text),
            }
        )

    async def _answer(self, text: str, *, speak: bool = True, spoken_at: float | None = None) -> None:
        self.parts.quiet.disturb()
        await self._face("think")
        question = Question(
            text=text,
            conversation_id=self.visit.memory.conversation_id,
            terminal=self.start.terminal,
            region=self.start.region,
            profile=self.start.profile,
            language=self.start.language,
        )
        before, told = self.visit.memory.last, self.visit.memory.told
        reply = await self.visit.ask(question)
        self.metrics.answered(reply)
        for step in reply.turn.times:
            await self.wire.event({"type": "thinking", "step": step.name})
        await self.wire.event({"type": "answer", **reply.as_dict()})
        if not speak or not reply.answer.speech:
            await self._idle_face()
            return
        said = worded(reply, before, told)
        await self._follow_wish(reply)
        await self._say(said, reply.answer.expression, reply.turn.language, spoken_at)

    async def _follow_wish(self, reply: Reply) -> None:
        if reply.answer.status != "small_talk":
            return
        if reply.answer.reason == "slower":
            self.mouth.speed = max(0.7, self.mouth.speed - 0.12)
        elif reply.answer.reason == "louder":
            await self.wire.event({"type": "volume", "step": 1})

    async def _say(self, text: str, face: str, language: str = "zh", spoken_at: float | None = None) -> None:
        """Aloud, after the words that say once in a conversation that a machine speaks."""

        async def first_sound() -> None:
            if spoken_at is not None:
                self.metrics.voice_seconds.labels("first_sound").observe(time.monotonic() - spoken_at)

        await self._face(face)
        if not self.visit.memory.labelled:
            self.visit.memory.labelled, text = True, f"{label().spoken}\n{text}"
        try:
            await self.mouth.say(text, language, first_sound)
        except SynthesisFailed:
            logger.warning("the voice failed", exc_info=True)
            await self.mouth.hush()
            await self.fail("voice_failed")
        self.active_at = time.monotonic()
        await self._idle_face()

    async def _face(self, expression: str) -> None:
        event = {"type": "expression", "name": FACES.get(expression, expression)}
        self._show(event)
        await self.wire.event(event)

    async def _idle_face(self) -> None:
        await self._face("idle")
        await self.wire.event({"type": "listening"})

    def _show(self, event: dict[str, Any]) -> None:
        """On the hall's wall; and what is being said is no time to prepare other things in."""
        self.parts.quiet.disturb()
        self.parts.stage.say({"terminal": self.start.terminal, **event})

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        self._stop_turn()
        self._turn = self._background(work)

    def _background(self, work: Coroutine[Any, Any, None], name: str | None = None) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._turn is task:
            self._turn = None
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, ClientGone):
            logger.error("a voice turn failed", exc_info=error)
            if task.get_name() != APOLOGY:
                self._background(self.apologize(), APOLOGY)

    async def _interrupt(self) -> None:
        begun = time.monotonic()
        self._stop_turn()
        await self.mouth.hush()
        self.metrics.voice_seconds.labels("hush").observe(time.monotonic() - begun)

    def _stop_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.cancel()


def _read_back(text: str) -> str | None:
    """A number that was heard, to be seen and corrected; None where there is none, or none that can be shown."""
    slot = spot(text)
    try:
        return read_back(slot.kind, slot.value, hidden=True).shown if slot else None
    except ValueError:
        return None
