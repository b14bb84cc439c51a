"""How each thing that is not plain Chinese is said: a table of patterns, first match at a place wins.

Patterns see the sentence with wide digits, letters and dashes made narrow, one character for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from speech.reading_amounts import plain_number
from speech.reading_measured import NUMBER, clock, date, fraction, money, percent, ratio, spaced
from speech.reading_named import address, digits, document, last_four, standard, telephone, ticket, version
from speech.reading_signs import (
    ROMAN,
    Reader,
    aside,
    fixed,
    item,
    latin,
    minus,
    on_screen,
    roman,
    sign_number,
    silent,
    slash,
    somebody,
    unit,
)
from speech.reading_words import any_of, words

_W = words()
_SAID = _W.said
_HAN = r"\u3400-\u9fff"
_ENDS = rf"[\d%‰{_HAN}°℃㎡²³]"


@dataclass(frozen=True)
class Rule:
    name: str
    pattern: re.Pattern[str]
    read: Reader


_SOURCES: tuple[tuple[str, str, Reader], ...] = (
    ("mail", r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", on_screen(_SAID["mail"])),
    (
        "web",
        r"(?:https?://|www\.)[A-Za-z0-9._~:/?#@!$&'*+,;=%-]+"
        r"|(?<![A-Za-z0-9.-])(?:[A-Za-z0-9-]+\.)+(?:com|cn|net|org|gov|edu)(?:\.cn)?(?![A-Za-z0-9])"
        r"(?:/[A-Za-z0-9._~:/?#&=%-]*)?",
        on_screen(_SAID["web"]),
    ),
    ("cited", r"\[\^?\d{1,2}\]", silent),
    ("masked", r"(?<![A-Za-z\d])[\dA-Za-z]{0,10}[*•●]{3,}[\dA-Za-z]{0,4}", last_four),
    ("card", r"(?<!\d)\d{4}(?: \d{4}){2,4}(?: \d{1,4})?(?!\d)", last_four),
    ("secret", r"(?<![A-Za-z\d.])(?=[A-Za-z]*\d)[A-Za-z\d]{15,}(?![A-Za-z\d])", last_four),
    (
        "somebody",
        rf"(?<=[{_HAN}])(?:\*\*|\*(?!\*)(?=[{_HAN}]?(?:[^{_HAN}]|$)))|×{{2,}}|(?<![A-Za-z])X{{2,}}(?![A-Za-z])",
        somebody,
    ),
    ("mobile", r"(?<![\d.])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)", digits),
    (
        "landline",
        r"(?<![\d.])[(（]?0\d{2,3}[)）]?[ —-]?(?:\d{7,8}|\d{3,4}[ -]\d{4})(?:(?:-|\s?转\s?)\d{1,6})?(?!\d)",
        telephone,
    ),
    ("telephones", r"(?<=\d{7})\s*[/|]\s*(?=\d)", fixed("、")),
    ("free", r"(?<![\d.])[48]00[ -]?\d{3}[ -]?\d{4}(?!\d)|(?<![\d.])[48]00-\d{4}-\d{3}(?!\d)", telephone),
    ("date", r"(?<!\d)(?:19|20)\d\d(?:-{m}-{d}|/{m}/{d}|\.{m}\.{d})(?![\d])", date),
    (
        "month",
        r"(?<!\d)(?:19|20)\d\d(?:[-/](?:0[1-9]|1[0-2])(?![\d/年-])|\.(?:0[1-9]|1[0-2])(?=[起止前后至到~—-]))",
        date,
    ),
    ("clock", r"(?<![\d:：])(?:[01]?\d|2[0-4])[:：][0-5]\d(?:[:：][0-5]\d)?(?![\d:：份个张名项])", clock),
    ("ratio", r"(?<![\d:.])\d+:\d+(?::\d+)*(?![\d:])", ratio),
    ("percent", rf"{NUMBER}(?:\s*[-~—至到]\s*{NUMBER})?\s*[%‰]", percent),
    ("document", r"[〔\[【(（](?:19|20)\d\d[〕\]】)）]\s*(?:第\s*)?\d+(?=\s*号)", document),
    ("standard", r"(?<![A-Za-z])[A-Z]{2,5}(?:/[A-Z])?\s?\d+(?:\.\d+)*-\d{4}(?!\d)", standard),
    ("money", rf"(?:{any_of(_W.currencies)})\s*{NUMBER}\s*(?:[万亿]?元|[万亿])?", money),
    ("fraction", r"(?<![\d/.])\d{1,3}/\d{1,3}(?![\d/])", fraction),
    ("version", r"(?<![\d.])\d+(?:\.\d+){2,}(?![\d.])", version),
    ("bars", r"(?<![\d-])\d{1,4}(?:-\d{1,4}){2,}(?!\d)|(?<![\d-])\d{1,4}(?:-\d{1,4})+(?=室)", address),
    ("roman", rf"(?<![A-Za-z])(?:{any_of(ROMAN[:-1])})(?=[类级型期档度])", roman),
    ("sign number", r"[①-⒛⓪⓫-⓿Ⅰ-ↈ½⅓⅔¼¾⅕-⅞㈠-㈩㊀-㊉❶-❿]", sign_number),
    ("item", r"(?<![\d.第])(?:\d{1,2}[.、](?=[^\d\s.])|[(（]\d{1,2}[)）](?=\S))", item),
    (
        "range",
        rf"(?<={_ENDS})(?:—{{1,2}}|-{{1,2}}|~)\s*(?=[¥第]?[A-Z]?\d)"
        rf"|(?<={_ENDS})\s+(?:—{{1,2}}|-{{1,2}}|~)\s+(?=[¥第]?[A-Z]?\d)|(?<=\d)\s(?:—|-|~)(?=\d)"
        r"|(?<=\d)\s*(?:—{1,2}|-|~)\s*(?=[A-Z]\d)|(?<=[周一二三四五六日月年])\s*[-—~]\s*(?=[周星一二三四五六七八九十])",
        fixed(_SAID["to"]),
    ),
    ("minus", rf"(?<![\dA-Za-z{_HAN})）])-(?=\d)", minus),
    ("times", r"(?<=\d)\s?[xX*]\s?(?=\d)", fixed(_SAID["times"])),
    ("greater", r"[>](?=\s*\d)", fixed(_SAID["greater"])),
    ("less", r"[<](?=\s*\d)", fixed(_SAID["less"])),
    ("unit", rf"(?<=[\d万亿千百/])\s?(?:{_W.unit})(?![A-Za-z])", unit),
    ("ticket", r"(?<![A-Za-z\d])[A-Za-z]{1,6}-?\d[A-Za-z\d]*(?:\.\d+)*", ticket),
    ("spaced", r"(?<!\d)\d{1,3}(?: \d{3})+(?=\s?[元万人个户件])", spaced),
    ("number", rf"{NUMBER}", plain_number),
    (
        "english",
        r"(?<![A-Za-z])(?=[A-Za-z'’ ,-]*[a-z]{4})[A-Za-z]+(?:(?:, |[ '’-])[A-Za-z]+)+",
        fixed("，" + _SAID["english"] + "，"),
    ),
    ("known", rf"(?<![A-Za-z])(?:{any_of(_W.words)})(?![A-Za-z])", latin),
    ("latin", r"[A-Za-z]+", latin),
    ("aside", rf"[（(][{_HAN}]{{1,3}}[）)]", aside),
    ("end of aside", r"[）)](?=[的等之内后前时起者]|以[上下内外])", silent),
    ("titles", r"(?<=》)\s*(?=《)", fixed("、")),
    ("slash", rf"(?<=[{_HAN}²㎡A-Za-z])\s*/\s*(?=[{_HAN}㎡m])", slash),
    ("gap", rf"(?<=[{_HAN}])\s+(?=[{_HAN}A-Z])|(?<=\d)\s+(?=[上下中]午|[早晚])", fixed("，")),
    ("lines", r"——+|…+|\.{3,}|_{2,}|-{2,}", fixed("，")),
    ("stop", r"(?<=[A-Za-z{h}])\.(?=\s|$)", fixed("。")),
)

_PARTS = {"{m}": "(?:0?[1-9]|1[0-2])", "{d}": r"(?:0?[1-9]|[12]\d|3[01])", "{h}": _HAN}


def _compiled() -> Iterator[Rule]:
    for name, source, read in _SOURCES:
        for part, meant in _PARTS.items():
            source = source.replace(part, meant)
        yield Rule(name, re.compile(source, re.ASCII), read)


RULES: tuple[Rule, ...] = tuple(_compiled())
ANY = re.compile(rf"(?=[^{_HAN}，。；、])(?:{'|'.join(f'({rule.pattern.pattern})' for rule in RULES)})", re.ASCII)
"""One group for each rule, in order; no rule has groups of its own. Digits are 0 to 9: other scripts are not said."""
