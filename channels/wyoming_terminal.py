"""One terminal that hears and speaks over the Wyoming protocol.

What goes wrong is told in an `error` event; then the connection ends, since clients wait for nothing else.
"""

from __future__ import annotations

import asyncio
import logging
import re
import warnings
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, TypeVar

import numpy as np
from wyoming.asr import Transcribe, Transcript
from wyoming.error import Error
from wyoming.event import Event, Eventable
from wyoming.ping import Ping, Pong
from wyoming.server import AsyncEventHandler
from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart, SynthesizeStopped

from channels.errors import SENTENCES
from channels.wyoming_event import Recording, Refused, given, next_event, text_of
from speech.audio import Resampler, Samples, to_pcm16
from speech.label import label, marked
from speech.recognizer import Recognizer
from speech.speak import GAP_S
from speech.synthesizer import SynthesisFailed, Synthesizer

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # audioop, in Python 3.11 and 3.12
    from wyoming.audio import AudioChunk, AudioStart, AudioStop
    from wyoming.info import AsrModel, AsrProgram, Attribution, Describe, Info, TtsProgram, TtsVoice

MOST_CLIENTS = 32
WORK_S = 60.0
"""What a client waits at most for one of them."""
SEND_S = 30.0
"""A client that does not take what it asked for is left."""
LEAVE_S = 1.0
MOST_TEXT = 5_000
SILENT_RATE = 24_000
CHUNK_S = 0.1

_SENTENCE = re.compile(r"[^。！？!?；;\n]*[。！？!?；;\n]+[”’」』）)]*")

Result = TypeVar("Result")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Services:
    """What all terminals share."""

    recognizer: Recognizer
    synthesizer: Synthesizer
    mend: Callable[[str], str]
    read: Callable[[str], Sequence[str]]
    rhythm: bool
    pool: ThreadPoolExecutor
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    """One for each connection."""

    async def work(self, do: Callable[..., Result], *given: object) -> Result:
        """In a thread. Raises Refused for whatever goes wrong there."""
        try:
            async with asyncio.timeout(WORK_S):
                return await asyncio.get_running_loop().run_in_executor(self.pool, do, *given)
        except TimeoutError:
            raise Refused("timeout") from None
        except SynthesisFailed as failure:
            logger.warning("wyoming: %s", failure)
            raise Refused("voice_failed") from None
        except Exception as error:
            logger.exception("wyoming: an engine failed")
            raise Refused("internal") from error

    def hear(self, recording: Recording) -> str:
        return self.mend(self.recognizer.recognize(recording.samples()).text)

    def info(self) -> Info:
        own: dict[str, Any] = {
            "attribution": Attribution("xiaoxin", ""),
            "installed": True,
            "version": version("xiaoxin"),
        }
        heard = AsrModel(self.recognizer.name, description=self.recognizer.name, languages=["zh"], **own)
        voice = TtsVoice(self.synthesizer.name, description=label().shown, languages=["zh"], **own)
        return Info(
            asr=[AsrProgram("xiaoxin", description=self.recognizer.name, models=[heard], **own)],
            tts=[
                TtsProgram(
                    "xiaoxin", description=label().shown, voices=[voice], supports_synthesize_streaming=True, **own
                )
            ],
        )


class Terminal(AsyncEventHandler):
    """One connection. Its events are answered one after another."""

    def __init__(self, services: Services, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        super().__init__(reader, writer)
        self._services = services
        self._recording: Recording | None = None
        self._deaf = False
        """A recording was refused; what still comes of it is passed over."""
        self._text: str | None = None
        """Of a streamed text, what was not yet spoken."""
        self._text_length = 0
        self._rate: int | None = None
        """Of the reply that is being sent."""

    async def run(self) -> None:
        task = asyncio.current_task()
        assert task
        tasks = self._services.tasks
        tasks.add(task)
        try:
            if len(tasks) > MOST_CLIENTS:
                await self._tell("too_many_conversations")
            else:
                await self._converse()
        except OSError:
            pass  # the client went away
        finally:
            tasks.discard(task)
            self.writer.close()
            try:
                async with asyncio.timeout(LEAVE_S):
                    await self.writer.wait_closed()
            except OSError:
                self.writer.transport.abort()

    async def _converse(self) -> None:
        try:
            while event := await next_event(self.reader):
                if not await self._answered(event):
                    return
        except Refused as refusal:  # after what is no event nothing can be understood
            await self._tell(refusal.code)

    async def _answered(self, event: Event) -> bool:
        try:
            return await self.handle_event(event)
        except Refused as refusal:
            await self._tell(refusal.code)
            return self._deaf

    async def handle_event(self, event: Event) -> bool:
        """False ends the connection. Unknown events are passed over, as the protocol asks."""
        known = EVENTS.get(event.type) if isinstance(event.type, str) else None
        return True if known is None else await known(self, event)

    # hearing

    async def _transcribe(self, event: Event) -> bool:
        given(Transcribe, event)
        self._recording, self._deaf = None, False
        return True

    async def _audio_start(self, event: Event) -> bool:
        self._recording, self._deaf = None, True
        self._recording = Recording(given(AudioStart, event))
        self._deaf = False
        return True

    async def _audio_chunk(self, event: Event) -> bool:
        if self._deaf:
            return True
        self._deaf = True  # unless all goes well
        chunk = given(AudioChunk, event)
        self._recording = self._recording or Recording(chunk)
        self._recording.add(chunk)
        self._deaf = False
        return True

    async def _audio_stop(self, _event: Event) -> bool:
        if self._deaf:
            return False
        recording, self._recording = self._recording, None
        text = await self._services.work(self._services.hear, recording) if recording else ""
        await self._send(Transcript(text, language="zh"))
        return True

    # speaking

    async def _synthesize(self, event: Event) -> bool:
        if self._text is not None:
            return True  # the whole of a streamed text, for servers that do not stream
        await self._say(text_of(given(Synthesize, event).text, MOST_TEXT))
        await self._end_sound()
        return True

    async def _synthesize_start(self, event: Event) -> bool:
        given(SynthesizeStart, event)
        self._text, self._text_length = "", 0
        return True

    async def _synthesize_chunk(self, event: Event) -> bool:
        if self._text is None:
            raise Refused("bad_request")
        more = text_of(given(SynthesizeChunk, event).text, MOST_TEXT - self._text_length)
        self._text += more
        self._text_length += len(more)
        while whole := _SENTENCE.match(self._text):
            self._text = self._text[whole.end() :]
            await self._say(whole.group())
        return True

    async def _synthesize_stop(self, _event: Event) -> bool:
        if self._text is None:
            raise Refused("bad_request")
        rest, self._text = self._text, None
        await self._say(rest)
        await self._end_sound()
        await self._send(SynthesizeStopped())
        return True

    async def _say(self, text: str) -> None:
        for sentence in await self._services.work(self._services.read, text):
            speech = await self._services.work(self._services.synthesizer.synthesize, sentence)
            samples = speech.samples
            if self._rate is None:
                await self._begin_sound(speech.rate)
                samples = marked(samples, speech.rate) if self._services.rhythm else samples
            elif speech.rate != self._rate:
                resampler = Resampler(speech.rate, self._rate)
                samples = np.concatenate([resampler.accept(samples), resampler.flush()])
            await self._send_sound(samples)

    async def _begin_sound(self, rate: int) -> None:
        self._rate = rate
        await self._send(AudioStart(rate, 2, 1))

    async def _send_sound(self, samples: Samples) -> None:
        rate = self._rate or SILENT_RATE
        data, step = to_pcm16(samples) + bytes(2 * int(GAP_S * rate)), 2 * int(CHUNK_S * rate)
        for start in range(0, len(data), step):
            await self._send(AudioChunk(rate, 2, 1, data[start : start + step]))

    async def _end_sound(self) -> None:
        """A text in which nothing can be said is silence, with a beginning and an end."""
        if self._rate is None:
            await self._begin_sound(SILENT_RATE)
        self._rate = None
        await self._send(AudioStop())

    # both

    async def _describe(self, event: Event) -> bool:
        given(Describe, event)
        await self._send(self._services.info())
        return True

    async def _ping(self, event: Event) -> bool:
        await self._send(Pong(given(Ping, event).text))
        return True

    async def _tell(self, code: str) -> None:
        await self._send(Error(SENTENCES.get(code, SENTENCES["internal"]), code))

    async def _send(self, event: Eventable) -> None:
        async with asyncio.timeout(SEND_S):  # TimeoutError is an OSError
            await self.write_event(event.event())


EVENTS: dict[str, Callable[[Terminal, Event], Awaitable[bool]]] = {
    "describe": Terminal._describe,
    "ping": Terminal._ping,
    "transcribe": Terminal._transcribe,
    "audio-start": Terminal._audio_start,
    "audio-chunk": Terminal._audio_chunk,
    "audio-stop": Terminal._audio_stop,
    "synthesize": Terminal._synthesize,
    "synthesize-start": Terminal._synthesize_start,
    "synthesize-chunk": Terminal._synthesize_chunk,
    "synthesize-stop": Terminal._synthesize_stop,
}
