"""`xiaoxin eval sampled`: judged answers of visitors as a sheet of questions, for the hall's own golden set."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from channels.cli_output import product
from channels.settings import Settings
from evals.cli_own_questions import names_of, new_sheet


def sampled(arguments: argparse.Namespace, settings: Settings, words: Sequence[str]) -> int:
    """Exit 1 where nothing was judged. Only its owner may read the file: it holds what visitors asked."""
    del arguments
    from assistant.answer_labels import AnswerLabels
    from evals.own_questions import write_questions
    from evals.sampled_answers import own_questions, sampled_words

    path = new_sheet("sampled", words)
    with product(settings) as built:
        judged = AnswerLabels(built.knowledge.engine).everything_judged()
        found = own_questions(judged, built.live.current().library.items)
        if found.rows:
            write_questions(found.rows, path, names_of(built), private=True)
    texts = sampled_words()
    for why, number in sorted(found.left_out.items()):
        print(texts["left_out"].format(number=number, why=texts["why"][why]), file=sys.stderr)
    print(texts["done"].format(number=len(found.rows), file=path) if found.rows else texts["nothing"])
    return 0 if found.rows else 1
