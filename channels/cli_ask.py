"""`xiaoxin ask` and `xiaoxin search`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.ask import new_conversation
from assistant.turn import Question
from channels.cli_output import BadInput, print_json, product
from channels.settings import Settings
from channels.wiring import Product
from knowledge.passage import Hit

PARTS = ("meaning", "words", "sound", "name")
"""The parts of a score that `search --json` tells."""


def add_commands(commands: Any) -> None:
    ask = commands.add_parser("ask", help="one answer, or many from a file")
    ask.add_argument("question", nargs="?")
    ask.add_argument("--region", help="region code or name, e.g. 薛家镇")
    ask.add_argument("--json", action="store_true")
    ask.add_argument("--batch", type=Path, metavar="IN.jsonl", help="one question per line: {question, id?, …}")
    ask.add_argument("--out", type=Path, metavar="OUT.jsonl")
    ask.set_defaults(run=run_ask)
    search = commands.add_parser("search", help="retrieval only, with the parts of every score")
    search.add_argument("question")
    search.add_argument("--top", type=int, default=5)
    search.add_argument("--json", action="store_true")
    search.set_defaults(run=run_search)


def run_ask(arguments: argparse.Namespace, settings: Settings) -> int:
    if (arguments.question is None) == (arguments.batch is None):
        raise BadInput("give one question, or --batch with a file of questions")
    if arguments.batch:
        return _batch(arguments, settings)
    with product(settings) as built:
        region = _region(built, arguments.region)
        reply = built.assistant.ask(Question(arguments.question, new_conversation(), region=region))
    if arguments.json:
        print_json(reply.as_dict())
        return 0
    print(reply.answer.text)
    for number, option in enumerate(reply.answer.options, 1):
        if str(number) not in reply.answer.text:
            print(f"  {number}. {option.label}")
    for citation in reply.answer.citations:
        print(f"  —— {citation.passage.title} · {citation.passage.field or citation.passage.source}")
    return 0


def _batch(arguments: argparse.Namespace, settings: Settings) -> int:
    """Lines with the same conversation_id are turns of one conversation, in their order."""
    if arguments.out is None:
        raise BadInput("--batch needs --out with the file to write")
    rows = list(_read_rows(arguments.batch))
    with product(settings) as built, arguments.out.open("w", encoding="utf-8", errors="backslashreplace") as out:
        for row in rows:
            region = _region(built, row.get("region") or arguments.region)
            conversation = str(row.get("conversation_id") or new_conversation())
            reply = built.assistant.ask(Question(row["question"], conversation, "batch", region))
            out.write(json.dumps({**row, "answer": reply.as_dict()}, ensure_ascii=False) + "\n")
    print(f"{len(rows)} answers in {arguments.out}")
    return 0


def _read_rows(path: Path) -> Iterator[dict[str, Any]]:
    if not path.is_file():
        raise BadInput(f"{path}: no such file")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8 text (byte {error.start})") from error
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            raise BadInput(f"{path}:{number}: not JSON: {getattr(error, 'msg', 'nested too deeply')}") from error
        if not isinstance(row, dict) or not isinstance(row.get("question"), str):
            raise BadInput(f'{path}:{number}: needs an object with a "question"')
        yield row


def _region(built: Product, given: str | None) -> str | None:
    """A region code, from a code or a name."""
    if given is None:
        return None
    for region in built.live.current().library.hall.regions:
        if given in (region.code, region.name, *region.aliases):
            return region.code
    raise BadInput(f"no region is called {given}")


def run_search(arguments: argparse.Namespace, settings: Settings) -> int:
    if arguments.top < 1:
        raise BadInput("--top must be 1 or more")
    with product(settings) as built:
        hits = built.retriever().find(arguments.question, top=arguments.top)
    if arguments.json:
        print_json([hit_as_dict(hit) for hit in hits])
    for hit in () if arguments.json else hits:
        scores = " ".join(f"{part:.2f}" for part in asdict(hit.parts).values())
        print(f"{hit.score:.3f} ({scores}) {hit.passage.title} · {hit.passage.field or hit.passage.source}")
    return 0 if hits else 1


def hit_as_dict(hit: Hit) -> dict[str, Any]:
    passage = hit.passage
    return {
        "passage_id": passage.id,
        "item": passage.item,
        "field": passage.field,
        "title": passage.title,
        "text": passage.text,
        "source": passage.source,
        "score": round(hit.score, 4),
        "parts": {name: round(part, 4) for name, part in asdict(hit.parts).items() if name in PARTS},
    }
