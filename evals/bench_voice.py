"""Questions spoken in real time to a server of its own: how soon 小新 answers and falls silent, and what she needs."""

from __future__ import annotations

import asyncio
import json
import shutil
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random

import httpx
import numpy as np

from channels.speech_parts import build_voice
from channels.voice_lines import said_ahead
from evals.bench_figures import SEED, Figure, Part, Run, load_average, rss_mb, settings_in, share, spread
from evals.bench_server import Server, serving
from evals.bench_terminal import POLL_S, Gap, NothingCame, Terminal, Told, gaps, latest, terminal
from evals.sample import AnsweringRow, load
from evals.sounds import KeptVoice
from knowledge.handbook import bundled_handbook, load_handbook
from speech.audio import HEARING_RATE, Samples, to_pcm16
from speech.reading import read_aloud

VOICE = "xiaoyi"
FIRST_SOUND_MS: dict[int, float] = {50: 800, 95: 1500}
STALE_MS, FOUR_SECONDS_MS, TWICE, MEMORY_MB = 100, 600, 1.5, 1.2 * 1024
SHORTEST, LONGEST = 7, 16
"""Characters of a question that is asked aloud."""
HEARD_OUT = 4
"""Every fourth answer is listened to for longer, to find the silences in it."""
HEARD_S, HEARD_OUT_S = 2.5, 12.0
STALE_S = 0.3
"""How long it is watched whether anything comes after a cancel."""
SECOND_SENTENCE_S = 10.0
SOUND_S = 0.05
"""Within which the first sound of a sentence follows its caption."""
PAIRS, BARGES, RECOGNISED = 3, 3, 8


@dataclass(frozen=True)
class Turn:
    """One question. Seconds from its last word; what did not come is None."""

    row: AnsweringRow
    text: str = ""
    item: str | None = None
    heard: float | None = None
    answer: float | None = None
    sound: float | None = None
    stale: float = 0.0
    """From the cancel to the last byte of what was cancelled."""
    gaps: tuple[Gap, ...] = ()
    sentences: int = 0


@dataclass
class Measured:
    ready_s: float = 0.0
    listening_s: float = 0.0
    turns: list[Turn] = field(default_factory=list)
    pairs: list[Turn] = field(default_factory=list)
    barges: list[float | None] = field(default_factory=list)
    """Seconds from the first sample of new speech until she was silent; None where she went on."""
    recognition_s: list[float] = field(default_factory=list)
    before_mb: float = 0.0
    after_mb: float = 0.0


def voice(run: Run) -> Part:
    """One conversation of `run.turns` questions, then interruptions, then two conversations at once."""
    begun = load_average()
    rows = questions(run.turns + 2 * PAIRS + 1)
    sounds = _sounds(run, rows)
    folder = _folder(run, rows)
    started = time.perf_counter()
    with serving(folder, prepare_speech="false", log_level="ERROR") as server:
        measured = asyncio.run(_measure(server, rows, sounds, started))
    kept = run.folder.parent / "voice.jsonl"
    told = [json.dumps(asdict(turn), ensure_ascii=False) for turn in (*measured.turns, *measured.pairs)]
    kept.write_text("\n".join(told), encoding="utf-8")
    return Part(
        tuple(_figures(measured)),
        (
            f"{len(measured.turns)} questions in one conversation of her own voice {VOICE}, over a socket in real time",
            "openers and the lead-ins of the items in question are synthesized before, answers are not",
            f"load average {begun:.1f} to {load_average():.1f}, this client on the same cores; every turn in {kept}",
        ),
    )


def questions(count: int) -> list[AnsweringRow]:
    """Short plain development questions, each of an item of its own."""
    rows = [row for row in load("answering") if row.kind == "plain" and SHORTEST <= len(row.question) <= LONGEST]
    Random(SEED).shuffle(rows)  # noqa: S311 - an order, not a secret
    return list({row.item: row for row in rows}.values())[:count]


def _sounds(run: Run, rows: Sequence[AnsweringRow]) -> dict[str, Samples]:
    speaker = KeptVoice(VOICE, settings_in(run.folder), run.folder.parent / "sound")
    sounds = {row.question: speaker.say(row.question) for row in rows}
    speaker.close()
    return sounds


def _folder(run: Run, rows: Sequence[AnsweringRow]) -> Path:
    """A data folder in which nothing is synthesized but what a hall has ahead."""
    ahead, folder = run.folder.parent / "ahead", run.folder.parent / "voice"
    _, _, clips = build_voice(settings_in(ahead, voice=VOICE))
    items = load_handbook(bundled_handbook()).items
    texts = said_ahead([items[row.item].name for row in rows])
    clips.prepare([one.spoken for text in texts for one in read_aloud(text) if one.spoken])
    clips.close()
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(run.folder, folder, ignore=shutil.ignore_patterns("clips"))
    shutil.copytree(ahead / "speech" / "clips", folder / "speech" / "clips")
    return folder


async def _measure(
    server: Server, rows: Sequence[AnsweringRow], sounds: dict[str, Samples], started: float
) -> Measured:
    found = Measured(ready_s=server.ready_s)
    warm_up, *asked = rows
    single, double = asked[: -2 * PAIRS], asked[-2 * PAIRS :]
    async with terminal(server.url, terminal="bench-1") as first:
        found.listening_s = time.perf_counter() - started
        await ask(first, warm_up, sounds[warm_up.question], HEARD_S)
        found.before_mb = rss_mb(server.pid)
        for number, row in enumerate(single):
            hear_s = HEARD_OUT_S if number % HEARD_OUT == 0 else HEARD_S
            found.turns.append(await ask(first, row, sounds[row.question], hear_s))
        found.after_mb = rss_mb(server.pid)
        for row, other in zip(single[:BARGES], single[BARGES:], strict=False):
            found.barges.append(await barge_in(first, sounds[row.question], sounds[other.question]))
        found.recognition_s = await asyncio.to_thread(recognition, server, list(sounds.values()))
        async with terminal(server.url, terminal="bench-2") as second:
            for one, other in zip(double[::2], double[1::2], strict=True):
                found.pairs += await asyncio.gather(
                    ask(first, one, sounds[one.question], HEARD_S),
                    ask(second, other, sounds[other.question], HEARD_S),
                )
    return found


async def ask(one: Terminal, row: AnsweringRow, sound: Samples, hear_s: float) -> Turn:
    """Ask, listen for some seconds, and cancel what is then still being said."""
    said = one.say(sound)
    try:
        answer = await one.until("answer", said.last)
        heard = latest(one.told, lambda told: told.kind == "heard" and told.at <= answer.at)
        item = (answer.event["item"] or {}).get("id")
        text = next(told.event["text"] for told in reversed(one.told) if told.kind == "heard" and told.at == heard)
        opened = await one.until("speech_start", answer.at)
        sound_at = (await one.until("sound", opened.at)).at
    except NothingCame:
        heard_too = (told.event["text"] for told in one.told if told.kind == "heard" and told.at >= said.first)
        return Turn(row, "，".join(heard_too))
    stale, told = await _hear_out(one, opened, sound_at + hear_s)
    return Turn(
        row,
        text,
        item,
        heard - said.last if heard else None,
        answer.at - said.last,
        sound_at - said.last,
        stale,
        tuple(gaps(told, opened.event["rate"])),
        sum(frame.kind == "caption" for frame in told),
    )


async def _hear_out(one: Terminal, opened: Told, until: float) -> tuple[float, list[Told]]:
    """Listen until then, and to the beginning of the second sentence at least.

    Gives the seconds of stale sound after a cancel, and what was said before it.
    """
    epoch = opened.event["epoch"]
    first = await one.until("caption", opened.at)
    await one.until_any(("caption", "speech_end"), after=first.at + POLL_S, patience=SECOND_SENTENCE_S)
    await asyncio.sleep(SOUND_S)
    ended = await one.until_any(("speech_end",), opened.at, until - time.perf_counter(), epoch=epoch)
    if ended is not None:
        return 0.0, [told for told in one.told if opened.at <= told.at <= ended.at]
    cancelled = await one.send(type="cancel")
    await asyncio.sleep(STALE_S)
    last = latest(one.told, lambda told: told.kind == "sound" and told.at > cancelled)
    return (last - cancelled if last else 0.0), [told for told in one.told if opened.at <= told.at <= cancelled]


async def barge_in(one: Terminal, question: Samples, interruption: Samples) -> float | None:
    """Ask, and speak again while she answers."""
    said = one.say(question)
    try:
        opened = await one.until("speech_start", said.last)
        await asyncio.sleep(1.0)
        again = one.say(interruption)
        ended = await one.until("speech_end", again.first, patience=6.0, epoch=opened.event["epoch"])
        await one.until("answer", again.last)
    except NothingCame:
        return None
    finally:
        await one.send(type="cancel")
        await asyncio.sleep(STALE_S)
    return ended.at - again.first if ended.event["reason"] == "cancelled" else None


def recognition(server: Server, sounds: Sequence[Samples]) -> list[float]:
    """Seconds that the server takes for four seconds of speech."""
    took = []
    with httpx.Client(base_url=server.url, timeout=30, trust_env=False) as client:
        for number in range(RECOGNISED):
            four = np.concatenate(sounds[number : number + 4])[: 4 * HEARING_RATE]
            answer = client.post(f"/v1/speech/recognize?rate={HEARING_RATE}", content=to_pcm16(four))
            took.append(answer.raise_for_status().json()["took_ms"] / 1000)
    return took


def _figures(found: Measured) -> Iterator[Figure]:
    turns = [turn for turn in found.turns if turn.sound is not None]
    yield Figure("server, ready after", found.ready_s, "s")
    yield Figure("server, listening after", found.listening_s, "s")
    yield from _after_last_word("heard", [turn.heard for turn in turns])
    yield from _after_last_word("answer", [turn.answer for turn in turns])
    yield from _after_last_word("first sound", [turn.sound for turn in turns], FIRST_SOUND_MS)
    yield Figure("questions without an answer aloud", len(found.turns) - len(turns), "")
    yield share("questions that led to their item", (turn.item == turn.row.item for turn in found.turns))
    yield Figure("cancel to the last stale byte, most", _most([turn.stale for turn in turns]), "ms", most=STALE_MS)
    cut = [barge for barge in found.barges if barge is not None]
    yield Figure("new speech until she is silent, median", _median(cut), "ms")
    yield Figure("new speech that did not silence her", len(found.barges) - len(cut), "")
    yield Figure("recognition of 4 s, median", _median(found.recognition_s), "ms", most=FOUR_SECONDS_MS)
    alone, both = ([turn.sound for turn in given if turn.sound] for given in (turns, found.pairs))
    yield Figure("first sound, two at once", _median(both), "ms")
    yield Figure("first sound, two at once of one alone", _median(both) / _median(alone), "x", most=TWICE)
    yield Figure("memory after the first question", found.before_mb, "MiB")
    yield Figure(f"memory after {len(found.turns)} questions", found.after_mb, "MiB", most=MEMORY_MB)
    yield from _silences(turns)


def _silences(turns: Sequence[Turn]) -> Iterator[Figure]:
    """Of an answer the first sentence is its lead-in."""
    leads = [sum(gap.seconds for gap in turn.gaps if gap.sentence <= 1) for turn in turns]
    later = [gap.seconds for turn in turns for gap in turn.gaps if gap.sentence > 1]
    yield Figure("silence after the lead-in, median", _median(leads), "ms")
    yield Figure("silence after the lead-in, most", _most(leads), "ms")
    yield Figure(f"later silences, in {sum(max(0, turn.sentences - 2) for turn in turns)} sentences", len(later), "")
    yield Figure("later silences, all together", sum(later), "s")


def _after_last_word(
    name: str, seconds: Sequence[float | None], targets: dict[int, float] | None = None
) -> Iterator[Figure]:
    ms = [1000 * one for one in seconds if one is not None]
    yield from spread(f"last word to {name}", ms, targets)[:2]


def _median(seconds: Sequence[float]) -> float:
    """In milliseconds; NaN where nothing was measured."""
    return 1000 * statistics.median(seconds) if seconds else float("nan")


def _most(seconds: Sequence[float]) -> float:
    return 1000 * max(seconds, default=float("nan"))
