"""Values that ran into what another label names: where print is lost, a value seems to go on in the next one."""

from __future__ import annotations

import re

from preapproval.case import FieldValue
from preapproval.extract.found import Sheet
from preapproval.extract.shapes import words
from preapproval.folding import folded

_NAMED = re.compile(r"([\u3400-\u9fff]{2,14})[ \t]*:")
_CUT = 3
"""Characters from which half of a label, without its colon, is still taken for it at the beginning of a line."""


def names_another(sheet: Sheet, value: FieldValue) -> bool:
    """Whether the value holds another label of the page with its colon, or what glare left of one."""
    text, others = folded(value.raw), labels_beside(sheet, value.name)
    return any(
        any(word.endswith(label) for label in others) or (_begins_a_line(sheet, word) and _half_of(word, others))
        for word in _NAMED.findall(text)
    )


def runs_into_a_label(sheet: Sheet, name: str, span: tuple[int, int]) -> bool:
    """Whether what stands at `span` goes over a line that begins with another label, or with the half of one."""
    others = labels_beside(sheet, name)
    begun = (re.sub(r"\s", "", row) for row in sheet.text[span[0] : span[1]].split("\n")[1:])
    return any(row.startswith(tuple(others)) or _half_of(row[:_CUT], others, _CUT) for row in begun)


def labels_beside(sheet: Sheet, name: str) -> set[str]:
    """Every known label but those of the field itself, folded."""
    own = sheet.kind.field(name)
    known = [one for field in sheet.kind.fields for one in (field.label, *field.anchors)] + words()["other_labels"]
    folds = {re.sub(r"\s", "", folded(one)) for one in known}
    return folds - {re.sub(r"\s", "", folded(one)) for one in (own.label, *own.anchors)}


def _begins_a_line(sheet: Sheet, word: str) -> bool:
    return any(re.sub(r"\s", "", folded(line.text)).startswith(f"{word}:") for line in sheet.page.lines)


def _half_of(word: str, labels: set[str], least: int = 2) -> bool:
    """Whether it is the beginning or the end of a longer label."""
    return len(word) >= least and any(
        len(label) > len(word) and (label.startswith(word) or label.endswith(word)) for label in labels
    )
