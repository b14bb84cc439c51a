"""A chat model judges stored answers by a written rubric, several times each. Never a gate: a model is no referee.

outputs.json -> cases with what the handbook says -> n runs each -> judge.json, kept after every case
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from assistant.answer_labels import LABELS, Label
from assistant.chat_model import ChatCalls
from assistant.compose_model import as_data
from evals.facts import ItemFacts
from evals.results import Stored
from evals.sample import BadRow
from knowledge.item import FACETS, Facet

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

FILE = "judge.json"
TRIES = 2
"""Of one run: a reply that does not come or cannot be read is asked for once more."""
GIVE_UP = 3
"""Cases in a row without a single label, after which the model counts as away."""
REASON = 300
"""Characters that are kept of a reason."""
ANSWER = 4000
"""Characters that are shown of an answer."""
OBJECT = re.compile(r"\{[^{}]*\}")


class ModelAway(Exception):
    """The model gives no labels; what it gave before is kept. The message says how far it came."""


@dataclass(frozen=True)
class Asked:
    """One stored answer as the judge sees it."""

    id: str
    task: str
    question: str
    answer: str
    reference: str

    @property
    def sha256(self) -> str:
        return hash_of("\n".join((self.question, self.answer, self.reference)))

    def judged(self, runs: Sequence[Run]) -> Judged:
        return Judged(self.id, self.task, self.question, self.sha256, hash_of(self.answer), tuple(runs))


@dataclass(frozen=True)
class Run:
    """One judgement; without a label `reason` says why there is none."""

    label: Label | None
    reason: str


@dataclass(frozen=True)
class Judged:
    id: str
    task: str
    question: str
    sha256: str
    answer_sha256: str
    runs: tuple[Run, ...]

    @property
    def labels(self) -> tuple[Label, ...]:
        return tuple(run.label for run in self.runs if run.label)


@cache
def words() -> dict[str, Any]:
    return yaml.safe_load((files("evals") / "judge_words.yaml").read_text("utf-8"))


@cache
def rubric() -> str:
    return (files("evals") / "judge_rubric.md").read_text("utf-8")


def cases_of(results: Mapping[str, Stored], record: Mapping[str, ItemFacts]) -> tuple[Asked, ...]:
    """The answers of `answering`, and those of `outcome` that should not have been given, in the order of their ids.

    Raises BadRow where the results hold neither.
    """
    answering = results["answering"].outputs if "answering" in results else ()
    found = [_asked("answering", case, _to_answer(case, record)) for case in answering]
    for case in results["outcome"].outputs if "outcome" in results else ():
        if case["expected"] != "answered":
            told = words()["not_to_answer"].format(category=case["category"], expected=case["expected"])
            found.append(_asked("outcome", case, told))
    if not found:
        raise BadRow("these results hold no answers to judge: there must be an answering or an outcome folder in them")
    return tuple(sorted(found, key=lambda one: (one.task, one.id)))


def judge(
    cases: Sequence[Asked], calls: ChatCalls, runs: int, out: Path, progress: Callable[[], object] = lambda: None
) -> tuple[Judged, ...]:
    """Every case `runs` times, but what `out` holds of the same model, rubric and case. Raises ModelAway, BadRow."""
    kept, without = _kept(out, calls.name), 0
    done: list[Judged] = []
    with ThreadPoolExecutor(runs, "judge") as pool:
        for case in cases:
            before = kept.get((case.task, case.id, case.sha256), ())[:runs]
            tried = [pool.submit(_run, calls, case) for _ in range(runs - len(before))]
            given = (*before, *(one.result() for one in tried))
            done.append(case.judged(given))
            without = 0 if done[-1].labels else without + 1
            if tried:
                write(out, calls.name, runs, (*done, *_not_yet(kept, cases[len(done) :])))
            progress()
            if without >= GIVE_UP:
                why = done[-1].runs[0].reason
                raise ModelAway(
                    f"{calls.name} gives no judgement ({why}); {len(done) - without} cases are kept in {out}"
                )
    write(out, calls.name, runs, done)
    return tuple(done)


def read(folder: Path, results: Mapping[str, Stored]) -> dict[str, Any] | None:
    """The judgement in a results folder, ready for its report; None where there is none, or it is not finished."""
    path = folder / FILE
    try:
        stored = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (OSError, ValueError) as error:
        raise BadRow(f"{path}: cannot be read; take it away to judge anew: {error}") from error
    if "summary" not in stored:
        return None
    now = {(task, case["id"]): hash_of(case["answer"]) for task, one in results.items() for case in one.outputs}
    stale = sum(now.get((case["task"], case["id"])) != case["answer_sha256"] for case in stored["cases"])
    apart = [case for case in stored["cases"] if len({run["label"] for run in case["runs"]}) > 1]
    return {**stored, "stale": stale, "apart": apart}


def write(path: Path, model: str, runs: int, judged: Sequence[Judged], **more: Any) -> None:
    """Whole or not at all, so that a run that is broken off can go on."""
    content = {
        "model": model,
        "rubric_sha256": _rubric_sha256(),
        "runs": runs,
        "cases": [asdict(one) for one in judged],
    }
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(content | more, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    partial.replace(path)


def read_label(reply: str) -> Run | None:
    """The last JSON object of a reply that has a label; None where it has none. What stands around it is ignored."""
    for found in reversed(OBJECT.findall(reply)):
        try:
            given = json.loads(found, strict=False)
        except ValueError:
            continue
        label = str(given.get("label", "")).strip().lower()
        if label in LABELS:
            return Run(label, " ".join(str(given.get("reason") or "").split())[:REASON])
    return None


def _run(calls: ChatCalls, case: Asked) -> Run:
    messages, why = _messages(case), "no reply in time"
    for _ in range(TRIES):
        reply = calls.ask(messages, time.monotonic() + calls.deadline_s)
        if reply is None:
            continue
        run = read_label(reply)
        if run:
            return run
        messages, why = _messages(case, reply), "no label could be read"
    return Run(None, why)


def _messages(case: Asked, unread: str | None = None) -> list[BaseMessage]:
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

    shown = words()["case"].format(
        question=as_data(case.question), reference=case.reference, answer=as_data(case.answer[:ANSWER])
    )
    asked: list[BaseMessage] = [SystemMessage(rubric()), HumanMessage(shown)]
    if unread is None:
        return asked
    return [*asked, AIMessage(unread[:REASON] or "…"), HumanMessage(words()["complaint"])]


def _asked(task: str, case: dict[str, Any], reference: str) -> Asked:
    return Asked(case["id"], task, case["question"], case["answer"], reference)


def _to_answer(case: dict[str, Any], record: Mapping[str, ItemFacts]) -> str:
    """What is expected, with the facts on record of the facets that are asked for."""
    _, _, named = case["expected"].partition(": ")
    facets: list[Facet] = [facet for facet in FACETS if facet in named.split(", ")]
    known = record.get(case["item"] or "")
    facts = "；".join(str(fact) for fact in known.of(facets)) if known else ""
    return words()["to_answer"].format(expected=case["expected"], facts=facts or words()["no_facts"])


def _kept(path: Path, model: str) -> dict[tuple[str, str, str], tuple[Run, ...]]:
    """Runs with a label that an earlier call of the same model by the same rubric left."""
    if not path.is_file():
        return {}
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if (stored["model"], stored["rubric_sha256"]) != (model, _rubric_sha256()):
            return {}
        return {(one["task"], one["id"], one["sha256"]): tuple(_labelled(one["runs"])) for one in stored["cases"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadRow(f"{path}: cannot be read; take it away to judge anew: {error}") from error


def _labelled(runs: Sequence[dict[str, Any]]) -> Iterator[Run]:
    return (Run(run["label"], run["reason"]) for run in runs if run["label"] in LABELS)


def _not_yet(kept: Mapping[tuple[str, str, str], tuple[Run, ...]], cases: Sequence[Asked]) -> Iterator[Judged]:
    """Cases that an earlier call judged and this one has not come to: they are not lost if it is broken off."""
    for case in cases:
        if runs := kept.get((case.task, case.id, case.sha256)):
            yield case.judged(runs)


def _rubric_sha256() -> str:
    return hash_of(rubric() + words()["case"])


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
