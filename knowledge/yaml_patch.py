"""Change values in a YAML text and leave every other byte as it is, comments included."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import BaseModel

from knowledge.handbook_diff import aligned
from knowledge.yaml_style import element_lines, entry_lines, in_line, plain_data

Pairs = Iterable[tuple[int | None, int | None]]


class Unpatchable(Exception):
    """The text is laid out in a way that cannot be changed in place."""


@dataclass(frozen=True)
class Edit:
    """Replace the characters from `start` to `end`."""

    start: int
    end: int
    text: str


def compose(text: str) -> yaml.Node | None:
    return yaml.compose(text, Loader=yaml.CSafeLoader)


def apply(text: str, edits: Iterable[Edit]) -> str:
    parts: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):
        if edit.start < at:
            raise Unpatchable("two changes overlap")
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text[at:]])


class Patch:
    """Edits that turn the old values in one text into the new ones. Not `deep`: whole fields are written anew."""

    def __init__(self, text: str, deep: bool = True) -> None:
        self.text = text
        self.deep = deep
        self.edits: list[Edit] = []

    def part(self, node: yaml.Node, old: BaseModel, new: BaseModel) -> None:
        """The changed fields of a part that stands as a block."""
        if not is_block(node, yaml.MappingNode):
            raise Unpatchable("no block of fields")
        entries = {key.value: (key, value) for key, value in node.value}
        names = list(type(new).model_fields)
        changed = [name for name in names if getattr(old, name) != getattr(new, name)]
        fresh = plain_data(new)
        left = [name for name in entries if name not in changed or name in fresh]
        if changed and not left:
            raise Unpatchable("nothing would be left of the part")
        for name in changed:
            if name in entries and name in fresh:
                self._value(name, entries[name], getattr(old, name), getattr(new, name))
            elif name in entries:
                self._drop(list(entries.values()), list(entries).index(name))
        added = [name for name in changed if name in fresh and name not in entries]
        self._insert(node, entries, names, {name: fresh[name] for name in added})

    def sequence(self, name: str, node: yaml.Node, old: Sequence[Any], new: Sequence[Any], pairs: Pairs) -> None:
        """The changed elements of a list that stands as a block. `pairs` tells which belong together."""
        if not is_block(node, yaml.SequenceNode) or not node.value:
            raise Unpatchable("no block of elements")
        indent = node.start_mark.column
        anchor = self.line_start(self._dash(node.value[0]))
        for before, after in pairs:
            if before is None:
                assert after is not None
                lines = element_lines(name, plain_data(new[after]), indent)
                self.edits.append(Edit(anchor, anchor, "".join(f"{line}\n" for line in lines)))
                continue
            element = node.value[before]
            anchor = self.line_end(content_end(element, self.text))
            if after is None:
                self.edits.append(Edit(self.line_start(self._dash(element)), anchor, ""))
            elif old[before] != new[after]:
                self._element(name, element, old[before], new[after], indent)

    def _element(self, name: str, node: yaml.Node, old: Any, new: Any, indent: int) -> None:
        if self.deep and is_block(node, yaml.MappingNode):
            self.part(node, old, new)
            return
        end = content_end(node, self.text)
        data = merged(constructed(node), old, new)
        flow = isinstance(node, yaml.CollectionNode) and node.flow_style
        lines = [in_line(data)] if flow else "\n".join(element_lines(name, data, indent)).split("\n")
        self.edits.append(Edit(node.start_mark.index, end, "\n".join(lines).strip().removeprefix("- ")))

    def _value(self, name: str, entry: tuple[yaml.Node, yaml.Node], old: Any, new: Any) -> None:
        key, value = entry
        listed = isinstance(new, tuple) and isinstance(old, tuple) and new and isinstance(new[0], BaseModel)
        if self.deep and listed and is_block(value, yaml.SequenceNode):
            pairs = aligned([plain_data(one) for one in old], [plain_data(one) for one in new])
            self.sequence(name, value, old, new, pairs)
            return
        if (
            isinstance(new, BaseModel)
            and isinstance(old, BaseModel)
            and self.deep
            and is_block(value, yaml.MappingNode)
        ):
            self.part(value, old, new)
            return
        data = merged(constructed(value), old, new)
        lines = entry_lines(name, data, key.start_mark.column)
        if isinstance(value, yaml.CollectionNode) and value.flow_style and isinstance(new, BaseModel):
            lines = [f"{in_line(name)}: {in_line(data)}"]
        self.edits.append(Edit(key.start_mark.index, content_end(value, self.text), "\n".join(lines).strip()))

    def _drop(self, entries: list[tuple[yaml.Node, yaml.Node]], position: int) -> None:
        key, value = entries[position]
        start = self.line_start(key.start_mark.index)
        end = self.line_end(content_end(value, self.text))
        if self.text[start : key.start_mark.index].strip():  # after a dash
            if position + 1 == len(entries):
                raise Unpatchable("the only field after a dash")
            start, end = key.start_mark.index, entries[position + 1][0].start_mark.index
        self.edits.append(Edit(start, end, ""))

    def _insert(self, node: yaml.Node, entries: dict[str, Any], names: list[str], added: dict[str, Any]) -> None:
        """New fields, each after the nearest field that its model has before it."""
        indent = node.value[0][0].start_mark.column
        for name, value in added.items():
            before = [one for one in names[: names.index(name)] if one in entries]
            last = max((entries[one] for one in before), key=lambda pair: pair[0].start_mark.index, default=None)
            text = "".join(f"{line}\n" for line in entry_lines(name, value, indent))
            if last:
                at = self.line_end(content_end(last[1], self.text))
                self.edits.append(Edit(at, at, text))
            else:
                at = node.value[0][0].start_mark.index
                self.edits.append(Edit(at, at, text.lstrip() + " " * indent))

    def _dash(self, element: yaml.Node) -> int:
        at = self.text.rfind("-", 0, element.start_mark.index)
        if at < 0 or self.text[at + 1 : element.start_mark.index].strip():
            raise Unpatchable("an element without a dash")
        return at

    def line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def line_end(self, at: int) -> int:
        """The start of the line after `at`."""
        found = self.text.find("\n", at)
        return len(self.text) if found < 0 else found + 1


def is_block(node: yaml.Node, kind: type[yaml.CollectionNode]) -> bool:
    return isinstance(node, kind) and not node.flow_style


def content_end(node: yaml.Node, text: str) -> int:
    """Where the last character of a value stands; a block's own mark lies beyond the comments after it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return content_end(last[1] if isinstance(last, tuple) else last, text)
    end = node.end_mark.index
    return node.start_mark.index + len(text[node.start_mark.index : end].rstrip())


def constructed(node: yaml.Node) -> Any:
    return yaml.constructor.SafeConstructor().construct_document(node)


def merged(raw: Any, old: Any, new: Any) -> Any:
    """The new value as it is written: what stays the same stays as it stood, in the order in which it stood."""
    fresh = plain_data(new)
    if not (isinstance(new, BaseModel) and isinstance(old, BaseModel) and isinstance(raw, dict)):
        return fresh
    told: dict[str, Any] = {}
    for name, value in raw.items():
        if getattr(old, name) == getattr(new, name):
            told[name] = value
        elif name in fresh:
            told[name] = merged(value, getattr(old, name), getattr(new, name))
    names = list(type(new).model_fields)
    for name in [name for name in fresh if name not in told and name not in raw]:
        before = [one for one in told if names.index(one) < names.index(name)]
        keys = list(told)
        at = keys.index(before[-1]) + 1 if before else 0
        told = {key: told[key] for key in keys[:at]} | {name: fresh[name]} | {key: told[key] for key in keys[at:]}
    return told
