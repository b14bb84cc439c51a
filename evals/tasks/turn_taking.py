"""Whose turn it is: no sentence is cut in two, its end is noticed, new speech silences her, and noise is no turn.

Sound is the clock: how late an end is noticed counts the sound that was sent since the last word, not what the
machine took to decode it.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from fastapi import FastAPI

from evals.asking import Asker
from evals.body_sounds import BODY_SOUNDS, body_sound
from evals.case import Case
from evals.noises import AROUND_S, NOISES, alone, as_heard, seed_of
from evals.spoken_rows import TurnRow
from evals.voice_line import Line, Told, line
from speech.audio import HEARING_RATE, Samples
from speech.endpoint import FRAME_MS, PROFILES

TRAILING_S = 12.0
"""Sound after the last word within which the end must be noticed; the longest wait of any profile is shorter."""
SLACK_MS = 200
"""By which an end may be noticed later than the profile says: the frames of voice activity, and a soft last sound."""
ALONE_S = 6.0
CROWD_S = 2.0
"""Silence before the button ends a sentence in a crowd."""
TALKED_S = 2.0
"""Sound after what may interrupt her, in which she falls silent or goes on."""


@dataclass(frozen=True)
class Heard:
    """What a terminal saw of one row."""

    told: tuple[Told, ...]
    last_word_ms: int
    """Sound that had been sent when the last word was over; 0 where nobody spoke."""


def judge(asker: Asker, row: TurnRow) -> Iterator[Case]:
    play = into_an_answer if row.question else listened
    yield case_of(row, asyncio.run(play(asker.hall, row, sound_of(asker, row))))


def sound_of(asker: Asker, row: TurnRow) -> tuple[Samples, int]:
    """The sound of a row at the microphone, and after how many samples its last word is over."""
    seed = seed_of(row.id)
    if row.sound in NOISES:
        babble = asker.booth.babble if row.sound == "babble" else ()
        return alone(row.sound, ALONE_S, row.level, seed, babble), 0
    if row.sound in BODY_SOUNDS:
        sound, last = body_sound(row.sound, seed), 0
    elif not row.says:
        return np.zeros(int(ALONE_S * HEARING_RATE), np.float32), 0
    else:
        parts = [asker.booth.say(part, row.voice, row.speed, row.pitch) for part in row.says]
        pause = np.zeros(row.pause_ms * HEARING_RATE // 1000, np.float32)
        sound = np.concatenate([one for part in parts for one in (pause, part)][1:])
        last = int(AROUND_S * HEARING_RATE) + len(sound)
    silence = np.zeros(int((TRAILING_S if row.says and not row.question else TALKED_S) * HEARING_RATE), np.float32)
    babble = asker.booth.babble if row.noise == "babble" else ()
    return as_heard(np.concatenate([sound, silence]), row.noise, row.snr, row.level, seed, babble), last


# what happens --------------------------------------------------------------------------------------------------


async def listened(hall: FastAPI, row: TurnRow, given: tuple[Samples, int]) -> Heard:
    """Somebody speaks, or nobody does, while she listens."""
    sound, last = given
    by_button = PROFILES[row.profile].by_touch
    async with line(hall, profile=row.profile) as one:
        if by_button and last:
            sound = sound[: last + int(CROWD_S * HEARING_RATE)]
        await one.hear(sound, until=lambda: bool(one.came("heard")))
        if by_button:
            await one.send(type="end")
        return Heard(tuple(one.told), last * 1000 // HEARING_RATE)


async def into_an_answer(hall: FastAPI, row: TurnRow, given: tuple[Samples, int]) -> Heard:
    """Something is heard, or `cancel` is sent, while she says an answer."""
    async with line(hall, profile=row.profile) as one:
        await one.send(type="text", text=row.question)
        await one.wait("sound")
        if row.category == "cancel":
            await one.send(type="cancel")
            await _ask_again(one, row)
        else:
            await one.hear(given[0], until=lambda: bool(_cancelled(one.told)))
            if _cancelled(one.told):
                await _ask_again(one, row)
        return Heard(tuple(one.told), given[1] * 1000 // HEARING_RATE)


async def _ask_again(one: Line, row: TurnRow) -> None:
    """Until the next answer is heard: whatever is stale would come before it."""
    place = len(one.told)
    await one.send(type="text", text=row.question)
    await one.wait("speech_start", place)
    await one.wait("caption", place)


# marks ---------------------------------------------------------------------------------------------------------


def case_of(row: TurnRow, found: Heard) -> Case:
    heard = [one for one in found.told if one.kind == "heard"]
    late = heard[0].at_ms - found.last_word_ms if heard and found.last_word_ms else None
    marks = MARKS[row.category](row, found)
    noticed = late is not None and late >= 0 and not row.question and not PROFILES[row.profile].by_touch
    texts = " | ".join(one.event["text"] or one.event["reason"] for one in heard)
    ended = "silenced" if _cancelled(found.told) else "went_on"
    return Case(
        row.id,
        row.category,
        " … ".join(row.says) or row.sound or ("cancel" if row.category == "cancel" else "silence"),
        row.question or "".join(row.says),
        ended if row.question else texts,
        marks,
        kind_of(row),
        counts={"late_ms": late} if noticed and late is not None else {},
        speaker=row.voice if row.says else "",
    )


def kind_of(row: TurnRow) -> str:
    """The profile, and how long the pause is."""
    return f"{row.profile} {row.pause_ms}" if row.pause_ms else row.profile


def _sentence(row: TurnRow, found: Heard) -> dict[str, bool]:
    """It is not over before its last word, and it is over some time after it."""
    heard = [one for one in found.told if one.kind == "heard"]
    whole = bool(heard) and heard[0].at_ms >= found.last_word_ms
    marks = {"not_cut_off": not heard or whole, "ended": whole}
    if row.category == "ending" and not PROFILES[row.profile].by_touch:
        least = PROFILES[row.profile].end_ms + FRAME_MS + SLACK_MS
        marks["in_time"] = whole and heard[0].at_ms - found.last_word_ms <= least
    return marks


def _interrupted(row: TurnRow, found: Heard) -> dict[str, bool]:
    """She falls silent, and nothing of what she was saying comes after that."""
    del row
    ended = _cancelled(found.told)
    if not ended:
        return {"silenced": False}
    epoch, after = ended[0].event["epoch"], found.told[found.told.index(ended[0]) + 1 :]
    opened = next((place for place, one in enumerate(after) if one.kind == "speech_start"), len(after))
    stale = [one for one in after if one.event.get("epoch", epoch + 1) <= epoch]
    return {"silenced": True, "nothing_stale": not stale and all(one.kind != "sound" for one in after[:opened])}


def _went_on(row: TurnRow, found: Heard) -> dict[str, bool]:
    del row
    return {"goes_on": not _cancelled(found.told)}


def _no_turn(row: TurnRow, found: Heard) -> dict[str, bool]:
    """Into her words it silences nobody; while she listens nothing of it is answered."""
    if row.question:
        return _went_on(row, found)
    texts = [one.event["text"] for one in found.told if one.kind == "heard"]
    begun = any(one.kind == "hearing" for one in found.told)
    return {"no_turn": not any(texts), "not_taken_for_speech": not begun}


MARKS: dict[str, Callable[[TurnRow, Heard], dict[str, bool]]] = {
    "open_pause": _sentence,
    "closed_pause": _sentence,
    "ending": _sentence,
    "barge_in": _interrupted,
    "cancel": _interrupted,
    "nod": _went_on,
    "no_speech": _no_turn,
}


def _cancelled(told: Sequence[Told]) -> list[Told]:
    return [one for one in told if one.kind == "speech_end" and one.event["reason"] == "cancelled"]


def figures(cases: Sequence[Case]) -> dict[str, Any]:
    """Profile -> how late ends are noticed, in milliseconds of sound after the last word."""
    late: dict[str, list[int]] = {}
    for case in cases:
        if "late_ms" in case.counts:
            late.setdefault((case.kind or "").split(" ")[0], []).append(case.counts["late_ms"])
    return {
        "delays": {
            group: {"rows": len(ms), "least": min(ms), "median": round(statistics.median(ms)), "most": max(ms)}
            for group, ms in sorted(late.items())
        }
    }
