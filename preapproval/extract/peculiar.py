"""What one kind says in its own way: running sentences, titles that are values, names without a label."""

from __future__ import annotations

import re
from collections.abc import Iterator

from preapproval.case import FieldValue
from preapproval.extract.dates import find_dates, parse_date
from preapproval.extract.foreign import runs_into_a_label
from preapproval.extract.found import Sheet, text_of, value_at
from preapproval.extract.located import Span, behind
from preapproval.extract.shapes import Cleaned, address, amount, company, party, person, property_number, words

_PLACE = re.compile(
    r"(?:坐落于|坐落在|坐落|位于|位置|地址)[\s:]*(?P<place>[^,;:]{6,70}?)(?=\s*(?:的房屋|的房产|的住房|的商铺|的门面|的店面|之房屋|房屋\s*出租|"
    r"[,;。]|\.(?!\d)|\(以下|建筑面积|出租给|,建筑|租给))"
)
_PERMIT = re.compile(r"[\u3400-\u9fff]{2,16}(?:许可证|合格证|备案凭证|批准书|许可证书)")
_DEGREE = re.compile(r"学生\s*(?P<name>[\u3400-\u9fff·]{2,12}?)\s*[,，]?\s*(?:性别)?\s*(?P<sex>[男女])\s*,")
_MAJOR = re.compile(r"(?:本校|我校|本院|我院|学校|大学|学院)[\s,]*(?P<major>[\u3400-\u9fff()]{2,20}?)\s*专业")
_LEVEL = re.compile(r"(?P<level>本科|专科|硕士研究生|博士研究生|高职|中专)(?=\s*(?:学习|毕业|班|[,.]))")
_BORN = re.compile(r"(?P<day>(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日)\s*(?:出\s*)?生")
_RENEWED = re.compile(r"请?于\s*(?P<day>20\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日)\s*前")
_ENTRUSTED = re.compile(
    r"(?:兹|现|特|全权)?\s*委托\s*(?P<agent>[\u3400-\u9fff·]{2,12}?)\s*(?:同志|先生|女士|\(|,|代为|为(?:我|本人)|作为|\s身份证)"
)
_MATTER = re.compile(
    r"(?:代为|代我|代本人|前往|全权)\s*(?:办\s*理|办(?!\s*理))\s*(?P<matter>(?!\s*(?:下列|以下|如下|上述))[^,;。\n]{3,40}?)(?=\s*(?:[,;。\n]|\.|事宜|手续|相关))"
)
_RULES_OF = re.compile(
    r"(?P<company>[\u3400-\u9fff()]{4,30}(?:公司|商行|店|超市|中心|厂|部|餐厅|经营部|工作室))\s*(?:保证)?\s*食品安全"
)


def lease(sheet: Sheet) -> Iterator[FieldValue]:
    yield from signed(sheet)
    yield from _sentence(sheet, "address", _PLACE, "place")


def licence(sheet: Sheet) -> Iterator[FieldValue]:
    """The name of a permit is its title: the tallest line that ends like one."""
    titles = []
    for line, box in enumerate(sheet.flow.boxes):
        start = sheet.flow.starts[line]
        text = sheet.text[start : start + len(box.line.text)].strip()
        if found := _PERMIT.fullmatch(re.sub(r"\s|中华人民共和国", "", text)):
            titles.append((box.height, start, start + len(box.line.text), found.group()))
    if titles:
        _, start, end, name = max(titles)
        yield value_at(sheet, sheet.kind.field("name"), [(start, end)], Cleaned(name))


def property_certificate(sheet: Sheet) -> Iterator[FieldValue]:
    """Its number anywhere, and every owner: several stand in one cell with a mark or a space between."""
    flat = sheet.text.replace("\n", " ")
    for found in re.finditer(r"[\u3400-\u9fff]\s*\((?:19|20)\d\d\)[^()\d]{1,18}不动产权第\s*\d{7}\s*号", flat):
        if cleaned := property_number(found.group()):
            yield value_at(sheet, sheet.kind.field("number"), [found.span()], cleaned, "regex")
            break
    for label in sheet.placed.labels:
        span = behind(sheet.placed, label) if label.name in ("权利人", "房屋所有权人") else None
        if span:
            yield from _owners(sheet, span)
            break


def _owners(sheet: Sheet, span: Span) -> Iterator[FieldValue]:
    for found in re.finditer(r"[^,;、\s]+", sheet.text[span[0] : span[1]]):
        place = (span[0] + found.start(), span[0] + found.end())
        if cleaned := party(text_of(sheet.flow, [place])):
            yield value_at(sheet, sheet.kind.field("owner"), [place], cleaned)


def diploma(sheet: Sheet) -> Iterator[FieldValue]:
    for name, shape in (("name", _DEGREE), ("sex", _DEGREE), ("major", _MAJOR), ("level", _LEVEL)):
        yield from _sentence(sheet, name, shape, name)
    yield from _day(sheet, "born_on", _BORN)
    yield from _standing_alone(sheet, "graduated_on")
    shown = re.search(r"名\s*:\s*(?P<name>[\u3400-\u9fff()]{2,20}(?:大学|学院|学校|研究院))", sheet.text)
    alone = re.search(r"(?:^|\n)\s*(?P<name>[\u3400-\u9fff()]{2,20}(?:大学|学院|研究院))\s*(?=\n|\t)", sheet.text)
    found = shown or alone
    if found and "普通高等" not in found["name"]:
        place = found.span("name")
        yield value_at(sheet, sheet.kind.field("school"), [place], Cleaned(text_of(sheet.flow, [place])))


def business_licence(sheet: Sheet) -> Iterator[FieldValue]:
    yield from _standing_alone(sheet, "issued_on")


def driving_licence(sheet: Sheet) -> Iterator[FieldValue]:
    """The second page says until when only by when to renew it."""
    yield from _day(sheet, "valid_until", _RENEWED)


def _day(sheet: Sheet, name: str, shape: re.Pattern[str]) -> Iterator[FieldValue]:
    found = shape.search(sheet.text.replace("\n", " "))
    day = parse_date(found["day"]) if found else None
    if found and day:
        yield value_at(sheet, sheet.kind.field(name), [found.span("day")], Cleaned(day.isoformat(), True), "regex")


def signed(sheet: Sheet) -> Iterator[FieldValue]:
    """The day of signing: behind a word that ends in 日期, even one half lost, else alone at the end."""
    found = list(re.finditer(r"[日期]期\s*:?\s*(?P<day>[^\n\t]{6,18}日)", sheet.text))
    days = {day for one in found if (day := parse_date(one["day"]))}
    if len(days) == 1:
        place = found[-1].span("day")
        yield value_at(sheet, sheet.kind.field("signed_on"), [place], Cleaned(days.pop().isoformat(), True), "regex")
    elif not found:
        yield from _standing_alone(sheet, "signed_on")


def _standing_alone(sheet: Sheet, name: str) -> Iterator[FieldValue]:
    """The last date of the page, where nothing else stands in its line: the one beside the seal."""
    last = next(reversed(find_dates(sheet.text)), None)
    if last is None:
        return
    for line, box in enumerate(sheet.flow.boxes):
        start, end = sheet.placed.span_of(line)
        alone = len(re.sub(r"\s", "", box.line.text)) <= last.end - last.start + 1
        if start <= last.start < end and alone and box.middle > 0.5 * sheet.page.height:
            day = Cleaned(last.day.isoformat(), True)
            yield value_at(sheet, sheet.kind.field(name), [(last.start, last.end)], day, "regex")


def power_of_attorney(sheet: Sheet) -> Iterator[FieldValue]:
    yield from signed(sheet)
    yield from _sentence(sheet, "agent", _ENTRUSTED, "agent")
    yield from _sentence(sheet, "matter", _MATTER, "matter")


def food_safety_rules(sheet: Sheet) -> Iterator[FieldValue]:
    """The company stands in the title, or alone in a line at the end, where it is signed."""
    yield from signed(sheet)
    yield from _sentence(sheet, "company", _RULES_OF, "company")
    for line, box in reversed(list(enumerate(sheet.flow.boxes))):
        name = company(box.line.text)
        if (
            name
            and any(name.value.endswith(end) for end in words()["company_ends"] if len(end) > 1)
            and "食品安全" not in name.value
        ):
            yield value_at(sheet, sheet.kind.field("company"), [sheet.placed.span_of(line)], name)
            break


def bank_card(sheet: Sheet) -> Iterator[FieldValue]:
    for line, box in enumerate(sheet.flow.boxes):
        name = re.search(r"[\u3400-\u9fff]{2,12}(?:银行|信用社|农商行)", re.sub(r"\s", "", box.line.text))
        if name and "银行卡" not in box.line.text:
            yield value_at(sheet, sheet.kind.field("bank"), [sheet.placed.span_of(line)], Cleaned(name.group()))
            break


def invoice(sheet: Sheet) -> Iterator[FieldValue]:
    """The total in figures behind (小写); buyer left and seller right, each behind the word 名称."""
    found = re.search(r"小写\)?[\s:]*(?P<sum>[¥Y]?\s*[\d,]+\.\d\d)", sheet.text)
    if found and (cleaned := amount("¥" + found["sum"].lstrip("¥Y "))):
        yield value_at(sheet, sheet.kind.field("amount"), [found.span("sum")], cleaned)
    for label in sheet.placed.labels:
        span = behind(sheet.placed, label) if label.name == "名称" else None
        box = sheet.flow.box_of(label.start, label.end)
        cleaned = party(text_of(sheet.flow, [span])) if span else None
        if span and box and cleaned:
            name = "buyer" if box.left < 0.45 * sheet.page.width else "seller"
            yield value_at(sheet, sheet.kind.field(name), [span], cleaned)


def _sentence(sheet: Sheet, name: str, shape: re.Pattern[str], group: str) -> Iterator[FieldValue]:
    """A value that stands in a sentence, which may go over a line."""
    field = sheet.kind.field(name)
    for found in shape.finditer(sheet.text.replace("\n", " ")):
        if runs_into_a_label(sheet, name, found.span(group)):
            continue
        text = text_of(sheet.flow, [found.span(group)])
        cleaned = {"address": address, "person": person, "company": company}.get(field.shape, Cleaned)(text)
        if cleaned:
            yield value_at(sheet, field, [found.span(group)], cleaned, "regex")
            return
