"""Markdown: headings, paragraphs, lists and pipe tables; marks of emphasis and links are taken off."""

from __future__ import annotations

import re
from pathlib import Path

from knowledge.reading.decode import decode
from knowledge.reading.document import STYLED_RANK, TITLE_RANK, Block, Document, Heading, Paragraph, Table
from knowledge.reading.outline import outlined

HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
SETEXT = re.compile(r"^ {0,3}(=+|-{3,})\s*$")
RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
FENCE = re.compile(r"^\s*(```|~~~)")
IMAGE = re.compile(r"!\[([^\]]{0,200})\]\([^)]{0,500}\)")
LINK = re.compile(r"\[([^\]]{1,300})\]\((\S{1,500}?)(?:\s+\"[^\"]{0,200}\")?\)")
EMPHASIS = re.compile(r"(?<!\\)(\*\*|__|~~|`)(?=\S)(.{1,500}?)(?<=\S)\1")
ITALIC = re.compile(r"(?<![*\w\\])\*(?=\S)([^*]{1,500}?)(?<=\S)\*(?![*\w])")
WHOLE_BOLD = re.compile(r"^(\*\*|__)[^*_]+\1[：:]?$")
MAX_MARKED = 5_000
"""A longer line is left as it is."""

BREAK = re.compile(r"<br\s*/?>", re.I)
FRONT_MATTER = re.compile(r"\A---\n(.*?\n)?---\n", re.S)


def read_md(path: Path) -> Document:
    text = _without_comments(FRONT_MATTER.sub("", decode(path.read_bytes())))
    blocks = _blocks(text.split("\n"))
    headed = any(isinstance(block, Heading) for block in blocks)
    return Document(outlined(blocks, titled=headed))


def _without_comments(text: str) -> str:
    first, *rest = text.split("<!--")
    return first + "".join(part.partition("-->")[2] for part in rest)


def _blocks(lines: list[str]) -> list[Block]:
    blocks: list[Block] = []
    at, fenced, fresh = 0, False, True
    while at < len(lines):
        line = lines[at]
        following = lines[at + 1] if at + 1 < len(lines) else ""
        heading = HEADING.match(line) if len(line) < MAX_MARKED else None
        if FENCE.match(line):
            fenced = not fenced
        elif fenced:
            blocks.append(Paragraph(line))
        elif heading:
            blocks.append(Heading(_rank(len(heading[1])), plain(heading[2])))
        elif line.strip() and SETEXT.match(following) and fresh and "|" not in line:
            blocks.append(Heading(_rank(1 if "=" in following else 2), plain(line)))
            at += 1
        elif "|" in line and RULE.match(following) and "|" in following:
            at = _table(lines, at, blocks)
            continue
        elif line.strip() and not re.fullmatch(r"\s*([-*_]\s*){3,}", line):
            _paragraph(line, fresh, blocks)
        fresh = not line.strip() or bool(heading)
        at += 1
    return blocks


def _rank(level: int) -> int:
    return TITLE_RANK if level == 1 else STYLED_RANK * level


def _paragraph(line: str, fresh: bool, blocks: list[Block]) -> None:
    """A line of its own, or the rest of the paragraph before it where Markdown joins them."""
    text = plain(re.sub(r"^\s*>\s?", "", line))
    starts = re.match(r"^\s*([-*+]|\d+[.)])\s", line) or re.match(r"^\s*[（(一二三四五六七八九十①-⑳第问答QA]", line)
    before = blocks[-1] if blocks else None
    if fresh or starts or not isinstance(before, Paragraph) or before.text[-1:] in "。；：:？?！" or not text:
        if text:
            blocks.append(Paragraph(text, bold=bool(WHOLE_BOLD.match(line.strip()))))
    else:
        joint = " " if before.text[-1:].isascii() and text[0].isascii() else ""
        joint = "\n" if re.match(r"^[^，。]{2,12}[：:]", text) else joint
        blocks[-1] = Paragraph(before.text + joint + text)


def _table(lines: list[str], at: int, blocks: list[Block]) -> int:
    rows = [_row(lines[at])]
    at += 2
    while at < len(lines) and "|" in lines[at]:
        rows.append(_row(lines[at]))
        at += 1
    width = max(map(len, rows))
    filled = [row + [""] * (width - len(row)) for row in rows]
    blocks.append(Table.of(filled if any(filled[0]) else filled[1:]))
    return at


def _row(line: str) -> list[str]:
    cells = re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))
    return [plain(BREAK.sub("\n", cell).replace("\\|", "|")) for cell in cells]


def plain(text: str) -> str:
    """Words without Markdown's marks; a link keeps its address where that is a page."""
    if len(text) > MAX_MARKED:
        return text.strip()
    text = IMAGE.sub(r"\1", text)
    text = LINK.sub(lambda match: f"{match[1]}（{match[2]}）" if match[2].startswith("http") else match[1], text)
    for pattern, group in ((EMPHASIS, 2), (ITALIC, 1)):
        text = pattern.sub(lambda match, group=group: match[group], text)
    text = re.sub(r"^\s*[-*+]\s+(?:\[[ xX]\]\s+)?", "- ", text)
    return re.sub(r"\\([\\`*_{}\[\]()#+\-.!|])", r"\1", text).strip()
