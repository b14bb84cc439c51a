"""YAML with the line of every value, so that an error can name file, line and field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

Loc = tuple[str | int, ...]


class UnreadableFile(Exception):
    """A file that cannot be read; the message is a sentence for the person who gave it."""


class SourceLines:
    """Data of one YAML file, and for each path into it the line where it stands (from 1)."""

    def __init__(self, path: Path, data: Any, lines: dict[Loc, int]) -> None:
        self.path = path
        self.data = data
        self._lines = lines

    def line(self, loc: Loc) -> int:
        """The line of `loc`, or of its nearest ancestor that stands in the file."""
        while loc and loc not in self._lines:
            loc = loc[:-1]
        return self._lines.get(loc, 1)


def read_yaml(path: Path) -> SourceLines:
    """Read `path`. Raises UnreadableFile with the line for broken YAML, and for text that is not UTF-8."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{path}: not UTF-8 text (byte {error.start})") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise UnreadableFile(f"{where}: not valid YAML: {error.problem}") from error
    lines: dict[Loc, int] = {}
    if node is None:
        return SourceLines(path, None, lines)
    _walk(node, (), lines)
    return SourceLines(path, _construct(node), lines)


def _walk(node: yaml.Node, loc: Loc, lines: dict[Loc, int]) -> None:
    lines[loc] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            _walk(value, (*loc, str(key.value)), lines)
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            _walk(value, (*loc, position), lines)


def _construct(node: yaml.Node) -> Any:
    constructor = yaml.constructor.SafeConstructor()
    return constructor.construct_document(node)
