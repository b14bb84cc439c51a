"""Words of a guide become typed facts: time limits, fees, phones, legal basis, dates."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from knowledge.item import Basis, Charge, Fee, Phone, TimeLimit
from knowledge.reading.labels import listed, words
from knowledge.reading.numbering import value_of

AMOUNT = r"(\d{1,4}|[一二三四五六七八九十百两零〇]{1,5})"
UNITS = {"工作日": "working_day", "日": "day", "天": "day", "自然日": "day", "月": "month", "小时": "hour"}
LIMIT = re.compile(
    rf"(?P<starts>自[^，,。；]{{2,30}}?(?:之日|之时|当日|后)?起)?[，,\s]*(?:在|于)?{AMOUNT}\s*[（(]?\s*(?:个)?\s*"
    r"(?P<unit>工作日|自然日|小时|月|日|天)[）)]?(?:内|以内|之内)?(?:办结|完成|办理完毕)?(?:[（(](?P<remark>[^（()）]{2,40})[）)])?[。；;]?"
)
BARE_YUAN = re.compile(
    r"(?P<name>[^\d，,；;：:元￥¥]{0,16}?)[：:为是]?\s*[￥¥]?(?P<yuan>\d{1,7}(?:\.\d{1,2})?)\s*元?(?:人民币)?"
    r"(?:\s*[/／每]\s*(?P<unit>[^\d\s，,；;。（(/]{1,4}))?[。]?"
)
PER_YUAN = re.compile(
    r"(?P<name>[^\d，,；;：:每]{0,16}?)[：:]?\s*每(?P<unit>[^\d\s，,；;。]{1,3})\s*(?P<yuan>\d{1,7}(?:\.\d{1,2})?)\s*元[。]?"
)
PHONE = re.compile(
    r"(?<![\d-])(?:[（(]?0\d{2,3}[）)]?[-—－\s]?\d{7,8}(?:[-—转]\d{1,5})?|1[3-9]\d{9}|[48]00[-\s]?\d{3,4}[-\s]?\d{3,4}|\d{7,8}|12\d{3}|11[0249]|9\d{4})(?![\d-])"
)
CITED = re.compile(
    r"《(?P<law>[^《》]{2,60})》(?:[（(][^）)]{0,80}[）)])?(?P<articles>(?:[、，,和及]?\s*第[〇零一二三四五六七八九十百千\d]+条(?:之[一二三四五六七八九十])?"
    r"(?:第[一二三四五六七八九十\d]+款)?(?:第?[（(]?[一二三四五六七八九十\d]+[）)]?项)?)*)"
)
ARTICLE = re.compile(r"第([〇零一二三四五六七八九十百千\d]+)条(?:之([一二三四五六七八九十]))?")
DAY = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?")
TICKED, BOX = "☑√■✓✔☒●◉", "□☐○◯"


def ticked(text: str) -> str:
    """The ticked choices of a form's check boxes; text without boxes as it is."""
    if not re.search(f"[{TICKED}]", text) or not re.search(f"[{BOX}]", text):
        return text.strip()
    parts = re.findall(rf"([{TICKED}{BOX}])\s*([^{TICKED}{BOX}]*)", text)
    return "、".join(words.strip(" 、，；/\n　") for mark, words in parts if mark in TICKED and words.strip())


def time_limit(text: str) -> TimeLimit | None:
    """20个工作日, 自受理之日起1个月内, 即办; other wordings stay words."""
    plain = unicodedata.normalize("NFKC", ticked(text)).strip()
    if not plain or listed("nothing", plain):
        return None
    if listed("on_the_spot", plain):
        return TimeLimit(amount=0, unit="on_the_spot")
    match = LIMIT.fullmatch(plain.replace("\n", ""))
    if not match:
        return TimeLimit.model_validate({"text": text.strip()})
    found = {"amount": value_of(match[2]), "unit": UNITS[match["unit"]], "starts": match["starts"]}
    return TimeLimit.model_validate({**found, "text": match["remark"]})


def fee(lines: list[str]) -> Fee | None:
    """Free, or every line a charge in yuan; anything else stays words."""
    texts = [ticked(line) for line in lines if line.strip()]
    stated = [text for text in texts if not listed("charged_only", text)]
    if not stated:
        return Fee(free=False) if texts else None
    if all(listed("free", text) for text in stated):
        return Fee(free=True)
    stated = [text for text in stated if not listed("free", text)]
    parts = [part.strip() for text in stated for part in re.split(r"[；;\n]", text) if part.strip()]
    for pieces in (parts, [piece.strip() for part in parts for piece in re.split("[，,]", part) if piece.strip()]):
        charges = [charge for piece in pieces if (charge := _charge(piece))]
        if len(charges) == len(pieces):
            return Fee(free=False, charges=tuple(charges))
    return Fee(text="\n".join(texts))


def _charge(text: str) -> Charge | None:
    plain = unicodedata.normalize("NFKC", text)
    match = PER_YUAN.fullmatch(plain) or (BARE_YUAN.fullmatch(plain) if "元" in plain else None)
    if not match:
        return None
    found = match.groupdict()
    name = re.sub("人民币$", "", found["name"]).strip(" 、.的按收取") or words()["words"]["charge"]
    unit = {"unit": found["unit"].strip()} if found["unit"] else {}
    return Charge.model_validate({"name": name, "yuan": float(found["yuan"]), **unit})


def phones(lines: list[str], name: str) -> tuple[list[Phone], list[str]]:
    """Numbers with the words before them as their name, and the lines that hold none."""
    found: list[Phone] = []
    rest: list[str] = []
    for line in lines:
        matches = list(PHONE.finditer(line))
        start = 0
        for match in matches:
            before = re.split(r"[；;，,、/。]", line[start : match.start()])[-1].strip(" 　:：（()）-—.和或")
            named = 1 < len(before) <= 24 and not listed("phone_words", before)
            found.append(Phone(name=before if named else name, number=match.group().strip()))
            start = match.end()
        if not matches:
            rest.append(line)
    return found, rest


def bases(text: str) -> list[Basis]:
    """Every 《law》 with its articles."""
    found: list[Basis] = []
    for match in CITED.finditer(text):
        law = match["law"].strip()
        numbers = [str(value_of(number)) for number, inserted in ARTICLE.findall(match["articles"]) if not inserted]
        found += [Basis(law=law, article=number) for number in numbers] or [Basis(law=law)]
    exact = {basis.law for basis in found if basis.article}
    unique = {(basis.law, basis.article): basis for basis in found if basis.article or basis.law not in exact}
    return list(unique.values())


def day(text: str) -> date | None:
    match = DAY.search(text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
