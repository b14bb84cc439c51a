"""Conditions as clerks write them become CEL: Chinese names and words, full-width signs, labels of choices.

Nothing inside quotes is changed, except that a label compared with a choice becomes the choice's value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

from preapproval.rule_words import nearest, say, words

OPENING = {"&&", "||", "(", ",", "!", "?", ":"}
"""What can stand before a negation."""
PRESENT = "present"
"""`has(lease.end)` is the variable `lease.end.present`."""
READ = "read"
"""`read(lease.end)` is `lease.end.read`: false also where the paper does not print it; the rule does not apply then."""
ASKED = {"has": PRESENT, "read": READ}
NOW = "case.now"
QUOTES = {'"': '"', "'": "'", "“": "”", "”": "”", "‘": "’", "’": "’", "＂": "＂", "＇": "＇", "「": "」", "『": "』"}
SIGNS = {
    "===": "==", "==": "==", "!=": "!=", "<>": "!=", ">=": ">=", "<=": "<=", "&&": "&&", "||": "||", "≠": "!=",
    "≥": ">=", "≤": "<=", "=": "==", "，": ",", "、": ",", "（": "(", "）": ")", "【": "[", "】": "]", "。": ".",
}  # fmt: skip
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
RUN = re.compile(r"[\w.·（）()]+?(?=[\s=<>!&|,，)）]|$)|[\w.]+")
FORBIDDEN = {"dyn", "type"}
"""Functions of CEL that would step around its types."""


class BadCondition(Exception):
    """A condition that cannot be used; the message tells the column, from 1, and what is wrong there."""

    def __init__(self, problem: str, column: int | None = None) -> None:
        super().__init__(say("errors", "column", column=column, message=problem) if column else problem)
        self.problem, self.column = problem, column


@dataclass(frozen=True)
class Names:
    """What a condition may name: aliases in Chinese -> path, the paths themselves, labels of choices -> value."""

    aliases: Mapping[str, str]
    paths: frozenset[str]
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Path of a choice -> what clerks may write for a value -> the value."""

    @cached_property
    def longest(self) -> int:
        return max(map(len, self.aliases), default=0)

    @property
    def known(self) -> list[str]:
        return [*self.aliases, *self.paths]


@dataclass(frozen=True)
class Token:
    """`cel` is what is written for `source`, which stood at `at`, from 0."""

    kind: str
    """`text`, `number`, `name` (declared), `word` (of CEL), `sign`."""
    source: str
    at: int
    cel: str


@dataclass(frozen=True)
class Translated:
    cel: str
    paths: tuple[str, ...]
    """Declared variables that it names."""
    tokens: tuple[Token, ...]
    starts: tuple[int, ...]
    """Where each token begins in `cel`."""

    def token_at(self, position: int) -> int:
        """Index of the token that holds position `position`, from 0, of `cel`."""
        return max((index for index, start in enumerate(self.starts) if start <= position), default=0)


def translate(source: str, names: Names) -> Translated:
    """Raises BadCondition for a name that is not known, a quote left open, a character that means nothing."""
    found = list(_with_options(_negated(list(_tokens(_folded(source), names))), names))
    return join(_with_ages(_with_presence(found, names)))


def in_english(source: str, names: Names) -> str:
    """The same condition without Chinese names and words, as any vocabulary with its paths can read it."""
    return join(list(_with_options(_negated(list(_tokens(_folded(source), names))), names))).cel


def join(tokens: Sequence[Token]) -> Translated:
    text, starts = "", []
    for before, token in zip([None, *tokens], tokens, strict=False):
        touching = before is None or before.source == "." or token.source in (".", "(", "[") or before.source in "(["
        text += "" if touching else " "
        starts.append(len(text))
        text += token.cel
    return Translated(text, tuple(dict.fromkeys(_named(tokens))), tuple(tokens), tuple(starts))


def _named(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.kind == "name":
            yield token.cel
        if token.cel.startswith("age("):
            yield NOW


def _folded(source: str) -> str:
    """Full-width letters, digits and signs as half-width ones, outside quotes; every character keeps its place."""
    folded, closing = [], ""
    for character in source:
        if closing:
            closing = "" if character == closing else closing
        elif character in QUOTES:
            closing = QUOTES[character]
        elif "！" <= character <= "～" and character not in "，（）":
            folded.append(unicodedata.normalize("NFKC", character))
            continue
        folded.append(character)
    return "".join(folded)


def _tokens(source: str, names: Names) -> Iterator[Token]:
    at = 0
    while at < len(source):
        if source[at].isspace():
            at += 1
            continue
        token = _token(source, at, names)
        yield token
        at += len(token.source)


def _token(source: str, at: int, names: Names) -> Token:
    character = source[at]
    if character in QUOTES:
        return _text(source, at)
    for size in (3, 2, 1):
        sign = source[at : at + size]
        if sign in SIGNS:
            return Token("sign", sign, at, SIGNS[sign])
    if match := NUMBER.match(source, at):
        return Token("number", match[0], at, match[0])
    if match := NAME.match(source, at):
        return _name(match[0], at, names)
    if character in "<>!+-*/%?:,()[].{}":
        return Token("sign", character, at, character)
    if character.isalpha():
        return _chinese(source, at, names)
    raise BadCondition(say("errors", "unknown_character", name=character), at + 1)


def _text(source: str, at: int) -> Token:
    """A quoted text; one in Chinese quotes is quoted again for CEL."""
    closing = QUOTES[source[at]]
    end = at + 1
    while end < len(source) and source[end] != closing:
        end += 2 if source[end] == "\\" and closing in "\"'" else 1
    if end >= len(source):
        raise BadCondition(say("errors", "open_text"), at + 1)
    whole = source[at : end + 1]
    if closing in "\"'":
        return Token("text", whole, at, whole)
    return Token("text", whole, at, quoted(whole[1:-1]))


def quoted(text: str) -> str:
    """`text` as a literal of CEL."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")
    return f"'{escaped}'"


def _name(name: str, at: int, names: Names) -> Token:
    """A declared path, with a method behind it left for the next token, or a word of CEL."""
    parts = name.split(".")
    if parts[0] in FORBIDDEN:
        raise BadCondition(say("errors", "forbidden", name=parts[0]), at + 1)
    for count in range(len(parts), 0, -1):
        path = ".".join(parts[:count])
        if path in names.paths and (count > 1 or len(parts) == 1):
            return Token("name", path, at, path)
    return Token("word", name, at, name)


def _chinese(source: str, at: int, names: Names) -> Token:
    """The longest known name that stands here, else the longest word."""
    alias = _longest(source, at, names.aliases, names.longest)
    if alias:
        end = at + len(alias)
        is_slot = "." not in names.aliases[alias]
        if not (is_slot and source[end : end + 1] == ".") and not _goes_on(source, end):
            return Token("name", alias, at, names.aliases[alias])
    word = None if alias else _longest(source, at, _condition_words(), _longest_word())
    if word:
        cel = _condition_words()[word]
        return Token("sign" if not cel[0].isalpha() else "word", word, at, cel)
    run = RUN.match(source, at)
    unknown = run[0].rstrip("()（）") if run else source[at]
    raise BadCondition(unknown_name(unknown, names), at + 1)


def _goes_on(source: str, at: int) -> bool:
    """Whether what stands at `at` belongs to the name before it: no sign, no word of a condition."""
    return at < len(source) and source[at].isalnum() and not _longest(source, at, _condition_words(), _longest_word())


def unknown_name(name: str, names: Names) -> str:
    near = nearest(name, names.known)
    return say("errors", "did_you_mean", name=name, near=near) if near else say("errors", "unknown_name", name=name)


def _longest(source: str, at: int, known: Mapping[str, str], most: int) -> str | None:
    """The longest of `known`, none longer than `most`, that stands at `at`."""
    sizes = range(min(most, len(source) - at), 0, -1)
    return next((source[at : at + size] for size in sizes if source[at : at + size] in known), None)


@cache
def _condition_words() -> dict[str, str]:
    return {word: cel for cel, many in words()["condition_words"].items() for word in many}


@cache
def _longest_word() -> int:
    return max(map(len, _condition_words()))


def _negated(tokens: list[Token]) -> list[Token]:
    """不是 before something negates it, between two things it compares them."""
    befores = [None, *tokens]
    return [
        replace(token, cel="!") if token.cel == "!=" and (before is None or before.cel in OPENING) else token
        for before, token in zip(befores, tokens, strict=False)
    ]


def plain_path(path: str) -> str:
    """`lease.end` for what `has(lease.end)` and `read(lease.end)` ask."""
    return path.removesuffix(f".{PRESENT}").removesuffix(f".{READ}")


def _with_presence(tokens: list[Token], names: Names) -> list[Token]:
    """`has(path)` and `read(path)` as one variable."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        call = tokens[index : index + 4]
        asked = ASKED.get(tokens[index].cel)
        if asked and len(call) == 4 and [call[1].cel, call[3].cel] == ["(", ")"]:
            if call[2].kind != "name":
                raise BadCondition(unknown_name(call[2].source, names), call[2].at + 1)
            found.append(replace(call[2], cel=f"{call[2].cel}.{asked}"))
            index += 4
        else:
            if asked:
                raise BadCondition(say("errors", "syntax", name=tokens[index].source), tokens[index].at + 1)
            found.append(tokens[index])
            index += 1
    return found


def _with_ages(tokens: list[Token]) -> list[Token]:
    """`age(birth)` is counted up to the day of the case."""
    found: list[Token] = []
    for token in tokens:
        if found and found[-1].cel == "age" and token.cel == "(":
            found[-1] = replace(found[-1], cel=f"age({NOW},")
            continue
        found.append(token)
    return found


def _with_options(tokens: list[Token], names: Names) -> Iterator[Token]:
    for index, token in enumerate(tokens):
        path = _compared(tokens, index) if token.kind == "text" else None
        options = names.options.get(path or "")
        if not path or options is None:
            yield token
            continue
        said = token.source[1:-1]
        value = options.get(said)
        if value is None:
            first = {own: label for label, own in reversed(list(options.items()))}
            called = next((alias for alias, own in names.aliases.items() if own == path), path)
            problem = say("errors", "unknown_option", path=called, name=said, options="、".join(first.values()))
            raise BadCondition(problem, token.at + 1)
        yield replace(token, cel=quoted(value))


def _compared(tokens: list[Token], index: int) -> str | None:
    """The path with which the text at `index` is compared: before it, behind it, or before its list."""
    before = index - 1
    while before >= 0 and (tokens[before].cel in (",", "[") or tokens[before].kind == "text"):
        before -= 1
    listed = before != index - 1
    if (
        before >= 1
        and tokens[before].cel in (("in",) if listed else ("==", "!="))
        and tokens[before - 1].kind == "name"
    ):
        return tokens[before - 1].cel
    behind = tokens[index + 1 : index + 3]
    if len(behind) == 2 and behind[0].cel in ("==", "!=") and behind[1].kind == "name":
        return behind[1].cel
    return None


def with_it(source: str, slot: str) -> str:
    """`it.number` of a rule for a kind, outside quotes, as the path of one slot."""
    parts = re.split(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""", source)
    name = slot.replace("-", "_")
    return "".join(part if index % 2 else re.sub(r"\bit\b", name, part) for index, part in enumerate(parts))
