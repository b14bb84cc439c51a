"""Which of the hall's languages a text is in, by script and by small words."""

from __future__ import annotations

import re
from typing import Literal, get_args

Language = Literal["zh", "en", "ja", "de"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

HAN = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SYLLABLE = (
    "(?:[zcs]h|[bpmfdtnlgkhjqxzcsryw])?(?:iang|iong|uang|iao|ian|ing|ang|eng|ong|uai|uan"
    "|a[ion]?|e[inr]?|i[aenu]?|ou?|u[aeino]?|ve?)"
)
_PINYIN = re.compile(f"(?:{_SYLLABLE}){{1,6}}")
_UMLAUT = re.compile(r"[äöüß]")
_ENGLISH = frozenset(
    _WORD.findall(
        "the an is are am was do does did how what where when which who why can could you my your we our to for of in"
        " on at with and or not need want get have has please hello hi thanks thank help about if from this that it"
        " there apply open register office"
    )
)
_GERMAN = frozenset(
    _WORD.findall(
        "der die das ein eine einen einem einer ist sind war bin wie was wo wann welche welcher welches wer warum kann"
        " können ich sie mein meine meinen meiner ihr ihre wir zu zum zur für von mit und oder nicht brauche möchte"
        " will bekomme habe hat bitte hallo guten danke hilfe über wenn aus dies diese es gibt beantragen muss man auf"
        " im den dem des reisepass ausweis anmeldung aufenthaltserlaubnis"
    )
)


def language_of(text: str) -> Language:
    """The language to answer in. Any Chinese makes it Chinese; so does a text without letters."""
    kana = len(_KANA.findall(text))
    han = len(HAN.findall(text))
    if kana and (_is_japanese_writing(text) or kana >= 0.4 * (kana + han)):
        return "ja"
    if han:
        return "zh"
    words = _WORD.findall(text.lower())
    if not words:
        return "zh"
    return _of_words(words)


def asked_for(language: str | None) -> Language | None:
    """de for "de-AT"; None for what the hall does not speak."""
    short = (language or "").replace("_", "-").split("-")[0].strip().lower()
    return next((known for known in LANGUAGES if known == short), None)


def _of_words(words: list[str]) -> Language:
    english = sum(word in _ENGLISH for word in words)
    german = sum((word in _GERMAN) + bool(_UMLAUT.search(word)) for word in words)
    if 2 * max(german, english) < len(words) and all(_PINYIN.fullmatch(word) for word in words):
        return "zh"  # zu, die and can are pinyin, too
    return "de" if german > english else "en"


def _is_japanese_writing(text: str) -> bool:
    """Simplified characters such as 证 or 么 have no place in Shift JIS."""
    try:
        "".join(HAN.findall(text)).encode("shift_jis")
    except UnicodeEncodeError:
        return False
    return True
