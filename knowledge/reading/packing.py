"""Free text becomes passages of 150 to 500 characters; a list and an article (条) are never cut inside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.passage import Passage
from knowledge.reading.document import MAX_DEPTH, Paragraph, Table
from knowledge.reading.numbering import ARTICLE, is_list_line, number_of, without_number
from knowledge.reading.section import Section

SHORT, LONG, LONGEST = 150, 500, 1200
"""A passage is filled up to SHORT, closed before LONG; a list or article is cut only beyond LONGEST."""

SENTENCE = re.compile(r"[^。！？!?；;]*[。！？!?；;]+[”’」』）)]*|[^。！？!?；;]+$")
QUESTION = re.compile(r"^\s*(?:\d{1,3}\s*[、.．]\s*)?(?:问题?|[Qq]|提问)\s*\d{0,3}\s*[:：.、]\s*")
ANSWER = re.compile(r"^\s*(?:答案?|[Aa]|回答|答复|解答)\s*\d{0,3}\s*[:：.、]\s*")


@dataclass(frozen=True)
class Place:
    """Where passages stand: the titles above them, the file, the page's address."""

    path: tuple[str, ...]
    source: str
    url: str | None = None

    def below(self, heading: str) -> Place:
        """Inside a heading; its number is left off, but 第…章 and 第…条 stay."""
        number = number_of(heading)
        shown = without_number(heading) if number and number.rank > ARTICLE else heading.strip()
        shown = shown[1:-1] if shown.startswith("【") and shown.endswith("】") else shown
        return Place((*self.path, shown) if shown else self.path, self.source, self.url)

    def passage(self, text: str, questions: Sequence[str] = ()) -> Passage:
        return Passage(" > ".join(self.path), text, self.source, questions=tuple(questions), url=self.url)


def own_passages(section: Section, place: Place) -> Iterator[Passage]:
    """Passages of what stands directly under the section's heading."""
    if section.article:
        yield from _article([block.text for block in section.own if isinstance(block, Paragraph)], place)
        for block in section.own:
            if isinstance(block, Table):
                yield from text_passages(table_lines(block), place)
        return
    lines: list[str] = []
    for block in section.own:
        lines += table_lines(block) if isinstance(block, Table) else [block.text]
    heading = section.heading.strip()
    if heading.endswith(("?", "？")) and lines and not question_pairs(lines)[1]:
        answer = [ANSWER.sub("", lines[0]), *lines[1:]]
        yield from (place.passage(text, [_asked(heading)]) for text in _packed(_groups(answer)))
        return
    yield from text_passages(lines, place)


def _asked(heading: str) -> str:
    return QUESTION.sub("", without_number(heading)).strip()


def text_passages(lines: Iterable[str], place: Place) -> Iterator[Passage]:
    """Passages of plain lines, each a paragraph, a list item or a table row; 问 and 答 become questions."""
    rest, pairs = question_pairs(list(lines))
    yield from (place.passage(text) for text in _packed(_groups(rest)))
    for question, answer in pairs:
        yield place.below(question).passage(answer, [question])


def question_pairs(lines: Sequence[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Lines written 问：… 答：…, taken out of the rest."""
    rest: list[str] = []
    pairs: list[tuple[str, list[str]]] = []
    asked: str | None = None
    answering = False
    for line in _split_answers(lines):
        if QUESTION.match(line) and len(line) < 300:
            if asked and not answering:
                rest.append(asked)
            asked, answering = line, False
        elif asked and not answering and ANSWER.match(line):
            pairs.append((QUESTION.sub("", asked).strip(), [ANSWER.sub("", line).strip()]))
            answering = True
        elif answering:
            pairs[-1][1].append(line)
        else:
            rest.append(line)
    if asked and not answering:
        rest.append(asked)
    whole = [(question, "\n".join(part for part in answer if part)) for question, answer in pairs]
    return rest, [(question, answer) for question, answer in whole if question and answer]


def _split_answers(lines: Sequence[str]) -> Iterator[str]:
    """A cell or paragraph may hold several lines, and 问 and 答 may share one."""
    for line in lines:
        for part in line.split("\n"):
            both = re.match(r"^(.*?[?？])\s*(答\s*[:：].*)$", part) if QUESTION.match(part) else None
            yield from both.groups() if both else (part,)


def table_lines(table: Table, depth: int = 0) -> list[str]:
    """A table of free text as lines of `header：value`; one without a header as its cells in a row."""
    rows = [_cells(row) for row in table.rows]
    rows = [row for row in rows if any(text for _, text in row)]
    if not rows:
        return []
    head = dict(rows[0])
    has_head = len(rows) > 1 and len(head) > 1 and all(0 < len(text) <= 20 for text in head.values())
    lines: list[str] = []
    for row in rows[1:] if has_head else rows:
        pairs = [(head.get(x, "") if has_head else "", text) for x, text in row if text]
        if len(row) == 1 or len(rows[0]) == 1:
            pairs = [("", text) for _, text in pairs]
        elif not has_head and len(pairs) == 2 and len(pairs[0][1]) <= 20:
            pairs = [(pairs[0][1], pairs[1][1])]
        lines.append("；".join(f"{name}：{text}" if name and name != text else text for name, text in pairs))
    if depth < MAX_DEPTH:
        inner = {cell.at: cell for row in table.rows for cell in row if cell.tables}
        lines += [line for cell in inner.values() for part in cell.tables for line in table_lines(part, depth + 1)]
    return [line for line in lines if line]


def _cells(row: Sequence) -> list[tuple[int, str]]:
    """Column and text of the cells of a row, a merged cell once."""
    seen: set[tuple[int, int]] = set()
    cells: list[tuple[int, str]] = []
    for x, cell in enumerate(row):
        if cell.at not in seen:
            seen.add(cell.at)
            cells.append((x, cell.text.strip()))
    return cells


def _article(lines: Sequence[str], place: Place) -> Iterator[Passage]:
    """One passage; beyond LONGEST it is cut between its paragraphs (款)."""
    yield from (place.passage(text) for text in _filled([[line] for line in lines if line.strip()], LONGEST, LONGEST))


def _groups(lines: Iterable[str]) -> list[list[str]]:
    """Lines that stay together: a list with the line that introduces it."""
    groups: list[list[str]] = []
    in_list = False
    for line in lines:
        if not line.strip():
            continue
        listed = is_list_line(line)
        leads = bool(groups) and groups[-1][-1].rstrip().endswith(("：", ":"))
        if groups and ((listed and (in_list or leads)) or (leads and len(groups[-1]) == 1)):
            groups[-1].append(line)
        else:
            groups.append([line])
        in_list = listed
    return groups


def _packed(groups: Sequence[Sequence[str]]) -> Iterator[str]:
    pieces: list[list[str]] = []
    for group in groups:
        if len(group) == 1 and len(group[0]) > LONG:
            pieces += [[part] for part in _sentences(group[0])]
        elif sum(map(len, group)) > LONGEST:
            pieces += [[text] for text in _filled([[line] for line in group], LONGEST, LONGEST)]
        else:
            pieces.append(list(group))
    yield from _filled(pieces, SHORT, LONG)


def _filled(groups: Sequence[Sequence[str]], enough: int, most: int) -> Iterator[str]:
    """Join groups until `enough` is reached or the next would pass `most`; a small rest joins the last."""
    texts: list[str] = []
    for group in groups:
        text = "\n".join(group)
        room = texts and len(texts[-1]) + len(text) < most
        if room and (len(texts[-1]) < enough or len(text) < enough):
            texts[-1] += "\n" + text
        else:
            texts.append(text)
    yield from texts


def _sentences(paragraph: str) -> list[str]:
    """A long paragraph cut between sentences."""
    parts: list[str] = []
    for match in SENTENCE.finditer(paragraph):
        sentence = match.group()
        if parts and len(parts[-1]) + len(sentence) <= LONG:
            parts[-1] += sentence
        else:
            parts.append(sentence)
    return [part.strip() for part in parts if part.strip()] or [paragraph]
