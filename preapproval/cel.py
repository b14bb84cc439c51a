"""Conditions in CEL: typed, pure, without any clock but `case.now`. A value that is missing never makes one true."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

from knowledge.item import ServiceItem
from knowledge.situations import settle
from preapproval.aliases import (
    NOW,
    PRESENT,
    READ,
    BadCondition,
    Names,
    Translated,
    join,
    plain_path,
    translate,
    unknown_name,
)
from preapproval.calculators.ages import full_years
from preapproval.calculators.terms import add_months
from preapproval.facts import Facts, Known
from preapproval.kinds import FieldType
from preapproval.rule_words import say, words

LONGEST = 2_000
DEEPEST = 2
MOST_LOOPS = 8
"""Loops (exists, all …) in one condition, and how many may stand in each other."""
LOOPS = {"all", "exists", "exists_one", "map", "filter"}
PROBLEM = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*?)\n", re.S)
OVERLOAD = re.compile(r"found no matching overload for '([^']+)' applied to '(?:[^']*\.)??\((.*)\)'")
UNDECLARED = re.compile(r"undeclared reference to '([^']+)'")
OF_TYPE: dict[str, cel.Type] = {"date": cel.Type.TIMESTAMP, "amount": cel.Type.DOUBLE, "number": cel.Type.DOUBLE,
                                "boolean": cel.Type.BOOL}  # fmt: skip


@dataclass(frozen=True)
class Typed:
    """Type of one path; `many`: a list of them."""

    type: FieldType
    many: bool = False

    @property
    def cel(self) -> cel.Type:
        one = OF_TYPE.get(self.type, cel.Type.STRING)
        return cel.Type.List(one) if self.many else one


@dataclass(frozen=True)
class Condition:
    """A compiled condition. `paths` are the variables that it names, `x.present` for has(x), `x.read` for read(x)."""

    source: str
    paths: tuple[str, ...]
    types: Mapping[str, Typed]
    program: cel.Expression
    item: ServiceItem | None = None
    """Whose situations `choices.…` are."""

    def holds(self, facts: Facts) -> bool | None:
        """None: it cannot be told, since a value that decides it is missing or not to be relied on."""
        data = {path: value for path in self.paths if (value := self._value(path, facts)) is not None}
        try:
            result = self.program.eval(data=data)
        except RuntimeError:
            return None  # the budget of iterations is used up
        value = result.value() if result.type() == cel.Type.BOOL else None
        return value if isinstance(value, bool) else None

    def missing(self, facts: Facts) -> tuple[str, ...]:
        """Paths without a value that can be relied on."""
        return tuple(path for path in self.paths if self._value(path, facts) is None)

    def _value(self, path: str, facts: Facts) -> Any:
        plain = plain_path(path)
        if plain != path:
            return _presence(plain, facts) if path.endswith(PRESENT) else _was_read(plain, facts)
        if path.startswith("choices."):
            return self._choice(path, facts)
        typed = self.types[path]
        if typed.many:
            every = facts.every(path)
            return [of_cel(one.value) for one in every] if every and all(map(reliable, every)) else None
        found = facts.values.get(path)
        if not isinstance(found, Known):
            return datetime.combine(facts.today, time(), UTC) if path == NOW else None
        value = of_cel(found.value)
        return value if reliable(found) and _is_of(value, typed.cel) else None

    def _choice(self, path: str, facts: Facts) -> str | None:
        """The option chosen; empty where the question does not arise, None where it is open."""
        choices = facts.case.choices
        settled = settle(self.item, choices) if self.item else choices
        return {f"choices.{name.replace('-', '_')}": value for name, value in settled.items()}.get(path)


def reliable(known: Known) -> bool:
    """Handwriting is never the truth."""
    return known.read is None or not known.read.handwritten


def of_cel(value: str | float | bool | date) -> Any:
    """A fact as CEL has it: days as midnight UTC, every number as a double."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    return float(value)


def _is_of(value: Any, wanted: cel.Type) -> bool:
    kinds = {bool: cel.Type.BOOL, str: cel.Type.STRING, float: cel.Type.DOUBLE, datetime: cel.Type.TIMESTAMP}
    return kinds.get(type(value)) == wanted


def _presence(path: str, facts: Facts) -> bool | None:
    """A slot is there when something was handed in for it; of a field that could not be read nobody can tell."""
    if "." not in path:
        return bool(facts.of(path.replace("_", "-")))
    found = facts.values.get(path)
    if found is None or isinstance(found, Known):
        return found is not None
    return False if found.why == "not_handed_in" else None


def _was_read(path: str, facts: Facts) -> bool | None:
    """Of a picture that must be taken again nobody can tell what stands on it."""
    found = facts.values.get(path)
    if found is None or isinstance(found, Known):
        return found is not None
    return None if found.why == "poor_quality" else False


# compiling -----------------------------------------------------------------------------------------------------


def environment(types: Mapping[str, Typed], slots: Mapping[str, str]) -> cel.Env:
    """Every path a dotted variable, and for each path and slot whether it is there."""
    return _environment(frozenset(types.items()), frozenset(slots))


@lru_cache(maxsize=64)
def _environment(types: frozenset[tuple[str, Typed]], slots: frozenset[str]) -> cel.Env:
    variables = {path: typed.cel for path, typed in types}
    present = {f"{name}.{PRESENT}": cel.Type.BOOL for name in (*variables, *slots)}
    read = {f"{path}.{READ}": cel.Type.BOOL for path in variables}
    return cel.NewEnv(variables=variables | present | read, functions=FUNCTIONS)


def compile_condition(
    source: str, types: Mapping[str, Typed], names: Names, env: cel.Env, item: ServiceItem | None = None
) -> Condition:
    """Raises BadCondition, in Chinese, with the column."""
    if len(source) > LONGEST:
        raise BadCondition(say("errors", "too_long", count=len(source), most=LONGEST))
    translated = translate(source, names)
    if not translated.tokens:
        raise BadCondition(say("errors", "unfinished"))
    _bound_loops(translated)
    for _ in range(len(translated.tokens) + 1):
        try:
            program = env.compile(translated.cel)
        except RuntimeError as error:
            mended = _with_double(translated, str(error))
            if mended is None:
                raise _told(str(error), translated, names) from None
            translated = mended
            continue
        if program.return_type() != cel.Type.BOOL:
            raise BadCondition(say("errors", "not_yes_no", type=_type_name(program.return_type().name())))
        return Condition(source, translated.paths, types, program, item)
    raise BadCondition(say("errors", "too_nested"))


def _bound_loops(translated: Translated) -> None:
    """CEL bounds iterations when it runs; whoever writes a bomb learns it here already."""
    open_calls: list[bool] = []
    loops = 0
    for before, token in zip([None, *translated.tokens], translated.tokens, strict=False):
        if token.cel == "(":
            is_loop = before is not None and before.kind == "word" and before.cel.rpartition(".")[2] in LOOPS
            open_calls.append(is_loop)
            loops += is_loop
        elif token.cel.startswith("age("):
            open_calls.append(False)
        elif token.cel == ")" and open_calls:
            open_calls.pop()
        if sum(open_calls) > DEEPEST:
            raise BadCondition(say("errors", "too_deep", most=DEEPEST), token.at + 1)
    if loops > MOST_LOOPS:
        raise BadCondition(say("errors", "too_many", most=MOST_LOOPS))


def _with_double(translated: Translated, error: str) -> Translated | None:
    """`rent > 3000` compares a double with a whole number: write 3000.0, and try again."""
    sides: dict[tuple[Any, ...], int] = {("double", "int"): 1, ("int", "double"): -1}
    for position, sign, types in _overloads(error):
        index = translated.token_at(position)
        beside = index + sides.get(types, 0)
        if sign.startswith("_") and beside != index and 0 <= beside < len(translated.tokens):
            token = translated.tokens[beside]
            minus = token.cel == "-" and beside + 1 < len(translated.tokens)
            beside, token = (beside + 1, translated.tokens[beside + 1]) if minus else (beside, token)
            if token.kind == "number" and token.cel.isdigit():
                tokens = list(translated.tokens)
                tokens[beside] = replace(token, cel=f"{token.cel}.0")
                return join(tokens)
    return None


def _overloads(error: str) -> list[tuple[int, str, tuple[Any, ...]]]:
    """Position in the expression, operator or function, and the types it was used with."""
    return [
        (int(column) - 1, found[1], tuple(one.strip() for one in found[2].split(",")))
        for _, column, message in PROBLEM.findall(error)
        if (found := OVERLOAD.search(message))
    ]


def _told(error: str, translated: Translated, names: Names) -> BadCondition:
    first = next(iter(PROBLEM.findall(error)), None)
    if first is None:
        nested = "recursion limit" in error
        return BadCondition(say("errors", "too_nested" if nested else "unfinished" if "<EOF>" in error else "other"))
    position, message = int(first[1]) - 1, first[2]
    if "<EOF>" in message:
        return BadCondition(say("errors", "unfinished"))
    token = translated.tokens[translated.token_at(position)]
    if token.cel in ("(", "."):  # where a call or a path is blamed, its name is meant
        token = translated.tokens[max(translated.token_at(position) - 1, 0)]
    if undeclared := UNDECLARED.search(message):
        name = plain_path(undeclared[1])
        return BadCondition(unknown_name(name, names), token.at + 1)
    if overload := OVERLOAD.search(message):
        return BadCondition(_misused(overload[1], overload[2]), token.at + 1)
    return BadCondition(say("errors", "syntax", name=token.source), token.at + 1)


def _misused(sign: str, types: str) -> str:
    shown = sign.strip("_").replace("@in", "in")
    parts = "、".join(_type_name(one.strip()) for one in types.split(","))
    problem = say("errors", "cannot_combine" if shown != sign else "cannot_call", sign=shown, types=parts)
    return problem + (say("errors", "list_compare", name="…") if "list" in types and shown == "==" else "")


def _type_name(name: str) -> str:
    plain = name.lower().partition("(")[0].rpartition(".")[2]
    return words()["types"]["list"] if plain == "list" else words()["cel_types"].get(plain, name)


# functions -----------------------------------------------------------------------------------------------------


def months_between(start: datetime, end: datetime) -> float:
    """Whole months that have passed, as 民法典 article 202 counts them; negative where `end` comes first."""
    first, last = sorted((start.date(), end.date()))
    months = (last.year - first.year) * 12 + last.month - first.month
    whole = months - (add_months(first, months) > last)
    return float(whole if start <= end else -whole)


def years_between(start: datetime, end: datetime) -> float:
    """Whole years that have passed; negative where `end` comes first."""
    first, last = sorted((start.date(), end.date()))
    years = full_years(first, last)
    return float(years if start <= end else -years)


def days_between(start: datetime, end: datetime) -> float:
    return float((end.date() - start.date()).days)


def age(now: datetime, birth: datetime) -> float:
    """Whole years on the day of the case."""
    return years_between(birth, now)


def _of_two_dates(name: str, function: Any) -> cel.FunctionDecl:
    dates = [cel.Type.TIMESTAMP, cel.Type.TIMESTAMP]
    return cel.FunctionDecl(name, [cel.Overload(f"{name}_dates", cel.Type.DOUBLE, dates, impl=function)])


FUNCTIONS = [
    _of_two_dates("years_between", years_between),
    _of_two_dates("months_between", months_between),
    _of_two_dates("days_between", days_between),
    _of_two_dates("age", age),
]
