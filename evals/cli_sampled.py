"""`xiaoxin eval sampled`: judged answers of visitors as a sheet of questions, for the hall's own golden set."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from channels.cli_output import BadInput, product
from channels.settings import Settings


def sampled(arguments: argparse.Namespace, settings: Settings, words: Sequence[str]) -> int:
    """Exit 1 where nothing was judged. Only its owner may read the file: it holds what visitors asked."""
    del arguments
    from assistant.answer_labels import AnswerLabels
    from evals.own_questions import write_questions
    from evals.own_questions_reading import say
    from evals.sampled_answers import own_questions, sampled_words

    if len(words) != 1 or Path(words[0]).suffix.lower() != ".xlsx":
        raise BadInput("sampled takes the name of the file to write: xiaoxin eval sampled OUT.xlsx")
    path = Path(words[0])
    if path.exists():
        raise BadInput(say("exists", file=path))
    if not path.parent.is_dir():
        raise BadInput(say("no_folder", folder=path.parent))
    with product(settings) as built:
        items = built.live.current().library.items
        found = own_questions(AnswerLabels(built.knowledge.engine).everything_judged(), items)
        if found.rows:
            write_questions(found.rows, path, {identifier: item.name for identifier, item in items.items()})
            path.chmod(0o600)
    texts = sampled_words()
    for why, number in sorted(found.left_out.items()):
        print(texts["left_out"].format(number=number, why=texts["why"][why]), file=sys.stderr)
    print(texts["done"].format(number=len(found.rows), file=path) if found.rows else texts["nothing"])
    return 0 if found.rows else 1
