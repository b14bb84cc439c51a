"""Every number here is invented; the citizen number is the example of GB 11643-1999."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.cleaning import clean
from assistant.masking import mask, without_masked
from knowledge.check_digits import valid_credit_code, valid_id_number, valid_luhn

PERSONAL = {
    "我的身份证号是11010519491231002X": ("我的身份证号是[身份证号]", ["id_number"]),
    "11010519491231002x": ("[身份证号]", ["id_number"]),
    "110105 19491231 002X": ("[身份证号]", ["id_number"]),
    "110105-19491231-002X": ("[身份证号]", ["id_number"]),
    "1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X": ("[身份证号]", ["id_number"]),
    "１１０１０５１９４９１２３１００２Ｘ": ("[身份证号]", ["id_number"]),
    "ID11010519491231002Xabc": ("ID[身份证号]abc", ["id_number"]),
    "110105491231002": ("[身份证号]", ["id_number"]),
    "110105194912310021": ("[身份证号]", ["id_like"]),
    "身份证号1101051949123100": ("身份证号[身份证号]", ["id_like"]),
    "1101051949123100211": ("[身份证号]", ["id_like"]),
    "身份证幺幺零幺零五幺九四九幺二三幺零零二X": ("身份证[身份证号]", ["id_number"]),
    "电话13912345678": ("电话[手机号]", ["mobile"]),
    "139-1234-5678": ("[手机号]", ["mobile"]),
    "139 1234 5678": ("[手机号]", ["mobile"]),
    "139.1234.5678": ("[手机号]", ["mobile"]),
    "+86 13912345678": ("[手机号]", ["mobile"]),
    "我的号码是幺三九幺二三四五六七八": ("我的号码是[手机号]", ["mobile"]),
    "0519-85127000": ("[电话号码]", ["landline"]),
    "(0519)85127000": ("[电话号码]", ["landline"]),
    "电话85127000": ("电话[电话号码]", ["phone_like"]),
    "4111 1111 1111 1111": ("[银行卡号]", ["bank_card"]),
    "卡4111111111111111": ("卡[银行卡号]", ["bank_card"]),
    "6222-0212-3456-7890-123": ("[银行卡号]", ["card_like"]),
    "银行卡号6228480000001": ("银行卡号[银行卡号]", ["card_like"]),
    "护照E12345678": ("护照[护照号]", ["passport"]),
    "EA1234567": ("[护照号]", ["passport"]),
    "passport number is C01X00T47": ("passport number is [护照号]", ["passport"]),
    "通行证C12345678": ("通行证[通行证号]", ["permit"]),
    "H12345678": ("[护照号]", ["passport"]),
    "回乡证H1234567890": ("回乡证[通行证号]", ["permit"]),
    "香港身份证A123456(3)": ("香港身份证[通行证号]", ["permit"]),
    "台胞证12345678": ("台胞证[通行证号]", ["permit"]),
    "发到abc.d@qq.com谢谢": ("发到[邮箱]谢谢", ["email"]),
    "苏D12345的车": ("[车牌号]的车", ["plate"]),
    "苏D·A1234F": ("[车牌号]", ["plate"]),
    "QQ123456789": ("QQ[社交账号]", ["chat_account"]),
    "身份证11010519491231002X电话13912345678": ("身份证[身份证号]电话[手机号]", ["id_number", "mobile"]),
}

PUBLIC = [
    "2025年5月10日",
    "2025-05-10到2025-06-10",
    "20250510",
    "12345",
    "拨打12345或者110、12333、95598",
    "12345 110 120 119 12333",
    "400-800-8888",
    "95588",
    "价格1000000元",
    "20元、40元、120元",
    "办件编号320411202505100001",
    "办件编号20250510001",
    "受理号是3204112025051000012",
    "统一社会信用代码91350100M000100Y43",
    "91350100M000100Y43",
    "511F09014007-511602000000-000-11511300008778693M-1-00",
    "苏(2025)常州市不动产权第0012345号",
    "国办发〔2025〕24号",
    "G1234次",
    "一件事一次办",
    "二〇二五年五月十日",
    "身份证20250510到期",
    "更新iphone15",
    "微信12345",
    "8:30-11:30 14:00-17:30",
    "邮编213022",
]


@pytest.mark.parametrize(("text", "wanted"), PERSONAL.items())
def test_a_personal_number_is_not_kept(text: str, wanted: tuple[str, list[str]]) -> None:
    masked = mask(text)
    assert (masked.text, list(masked.found)) == wanted


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_number_stays(text: str) -> None:
    assert mask(text).text == text


def test_checksums_of_published_examples() -> None:
    assert valid_id_number("11010519491231002X")
    assert not valid_id_number("110105194912310021")
    assert valid_credit_code("91350100M000100Y43")
    assert not valid_credit_code("91350100M000100Y44")
    assert valid_luhn("4111111111111111")
    assert not valid_luhn("4111111111111112")


def _with_checksum(body: str) -> str:
    return next(body + last for last in "0123456789X" if valid_id_number(body + last))


def _with_luhn(body: str) -> str:
    return next(body + last for last in "0123456789" if valid_luhn(body + last))


AROUND = st.text(alphabet=st.characters(exclude_categories=["Nd", "Nl", "No"]), max_size=12)
REGIONS = st.sampled_from(["110105", "320411", "320404", "440305", "510107", "650102", "810000"])
DATES = st.dates().filter(lambda day: 1900 <= day.year <= 2025).map(lambda day: day.strftime("%Y%m%d"))
IDS = st.builds(
    lambda region, day, last: _with_checksum(f"{region}{day}{last:03}"), REGIONS, DATES, st.integers(0, 999)
)
MOBILES = st.builds(lambda head, tail: f"1{head}{tail:09}", st.integers(3, 9), st.integers(0, 999_999_999))
CARDS = st.builds(
    lambda head, tail, size: _with_luhn((head + tail)[: size - 1]),
    st.sampled_from(["622848", "621700", "436742", "520000", "370000"]),
    st.text("0123456789", min_size=13, max_size=13),
    st.integers(16, 19),
)
SPOKEN = str.maketrans("0123456789", "零幺二三四五六七八九")
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def _digits(text: str) -> str:
    return re.sub(r"[^\dXx]", "", text)


@given(AROUND, st.one_of(IDS, MOBILES, CARDS), AROUND, st.sampled_from(["", "-", " "]))
def test_no_number_leaks_whatever_stands_around_it(before: str, number: str, after: str, gap: str) -> None:
    grouped = gap.join(number[at : at + 4] for at in range(0, len(number), 4)) if gap else number
    for text in (f"{before}{grouped}{after}", f"{before}{grouped.translate(FULL_WIDTH)}{after}"):
        assert number[:-1] not in _digits(mask(clean(text)).text)
        assert number[:-1] not in _digits(clean(mask(text).text))


@given(st.one_of(IDS, MOBILES))
def test_no_number_leaks_that_was_spoken(number: str) -> None:
    assert mask(f"我的号码是{number.translate(SPOKEN)}，请查一下").found


@given(st.text(alphabet=st.characters()))
def test_any_text_can_be_masked_and_twice_is_once(text: str) -> None:
    once = mask(clean(text)).text
    assert mask(once).text == once


@pytest.mark.parametrize(
    ("masked", "question"),
    [
        ("我的身份证是[身份证号]，电话[手机号]，养犬登记多少钱", "养犬登记多少钱"),
        ("身份证号码：[身份证号]能办居住证吗", "能办居住证吗"),
        ("我妈手机[手机号]，她能领补贴吗", "我妈她能领补贴吗"),
        ("[身份证号]", "[身份证号]"),
        ("我的身份证是[身份证号]。", "我的身份证是[身份证号]。"),
        ("身份证丢了怎么补", "身份证丢了怎么补"),
    ],
)
def test_a_number_that_was_told_does_not_become_what_is_asked(masked: str, question: str):
    assert without_masked(masked) == question
