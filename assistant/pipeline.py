"""The answer path: its steps in one list, and the loop that takes a turn through them and times each."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from assistant.turn import Sentence, Step, StepTime, Turn


@dataclass(frozen=True)
class NamedStep:
    name: str
    step: Step
    always: bool = False
    """Taken also when an earlier step has ended the turn."""
    drafts: bool = False
    """On the way to a draft: not taken when there is one."""


@dataclass(frozen=True)
class StepDone:
    """One step has been taken; `turn` is what it returned."""

    name: str
    turn: Turn


@dataclass(frozen=True)
class Steps:
    """What each step does stands in its file under steps/."""

    screen: Step
    understand: Step
    ground: Step
    guide: Step
    compose: Step
    verify: Step
    persona: Step
    draft: Step | None = None
    """Only where a chat model is set."""


def turn_steps(steps: Steps) -> tuple[NamedStep, ...]:
    return (
        NamedStep("screen", steps.screen),
        NamedStep("understand", steps.understand),
        *([NamedStep("draft", steps.draft)] if steps.draft else []),
        NamedStep("ground", steps.ground, drafts=True),
        NamedStep("guide", steps.guide, drafts=True),
        NamedStep("compose", steps.compose, drafts=True),
        NamedStep("verify", steps.verify),
        NamedStep("persona", steps.persona, always=True),
    )


def take_turn(steps: Sequence[NamedStep], turn: Turn) -> Generator[StepDone | Sentence, None, Turn]:
    """Take the steps in order until one has an answer. Yields as it goes, returns the ended turn."""
    for named in steps:
        if turn.answer is not None and not named.always:
            continue
        if turn.draft is not None and named.drafts:
            continue
        begun = time.perf_counter()
        result = named.step(turn)
        turn = result if isinstance(result, Turn) else (yield from result)
        took = (time.perf_counter() - begun) * 1000
        turn = replace(turn, times=(*turn.times, StepTime(named.name, round(took, 2))))
        yield StepDone(named.name, turn)
    return turn
