"""What a visitor hears of an answer, and which written character is lit while it is said."""

import random
import re
import time
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from speech.reading import Reading, read_aloud

PAIRS: dict[str, list[tuple[str, str]]] = yaml.safe_load(
    (Path(__file__).parent / "reading_pairs.yaml").read_text("utf-8")
)
SPEAKABLE = re.compile(r"[\u3400-\u9fffA-Z，。？！、；：]+")
PERSONAL = ("320411199001011234", "91320411MA1X2Y3Z4B", "6222021234567890123", "6222 0212 3456 7890 123")


def said(text: str) -> str:
    return "".join(reading.spoken for reading in read_aloud(text))


def only(text: str) -> Reading:
    (reading,) = read_aloud(text)
    return reading


def lit(reading: Reading, spoken: str) -> str:
    """The written characters that are lit while `spoken` is heard."""
    start = reading.spoken.index(spoken)
    places = reading.places[start : start + len(spoken)]
    return "".join(reading.sentence[place] for place in dict.fromkeys(places))


@pytest.mark.parametrize(("written", "spoken"), [pair for pairs in PAIRS.values() for pair in pairs])
def test_visitors_hear_what_is_written_in_words(written: str, spoken: str):
    assert said(written).removesuffix("。") == spoken.removesuffix("。")


@pytest.mark.parametrize("written", [written for pairs in PAIRS.values() for written, _ in pairs])
def test_the_voice_is_given_only_what_it_can_say(written: str):
    for reading in read_aloud(written):
        assert SPEAKABLE.fullmatch(reading.spoken)
        assert list(reading.places) == sorted(reading.places)
        assert len(reading.places) == len(reading.spoken)
        assert set(reading.places) <= set(range(len(reading.sentence)))


def test_a_hundred_and_fifty_ways_of_writing_are_held():
    assert sum(len(pairs) for pairs in PAIRS.values()) >= 150


# what is lit ---------------------------------------------------------------------------------------------------


def test_each_digit_is_lit_while_its_word_is_heard():
    reading = only("费用共1,250元整。")
    assert [lit(reading, word) for word in ("一千", "二百", "五十", "元")] == ["1", "2", "5", "元"]


def test_the_sign_of_a_clock_is_lit_while_its_word_is_heard():
    reading = only("上午8:30开门迎客")
    assert [lit(reading, word) for word in ("八", "点", "三十", "开门")] == ["8", ":", "3", "开门"]


def test_a_web_address_is_lit_where_it_begins():
    reading = only("请登录http://www.example.gov.cn查询")
    assert lit(reading, "网址见屏幕") == "h"
    assert lit(reading, "查询") == "查询"


def test_characters_after_marks_and_brackets_keep_their_places():
    reading = only("《护照法》（全文）以“公布”为准")
    assert lit(reading, "护照法") == "护照法"
    assert lit(reading, "为准") == "为准"


# sentences -----------------------------------------------------------------------------------------------------


def sentences(text: str) -> list[str]:
    return [reading.sentence for reading in read_aloud(text)]


def test_an_answer_is_said_sentence_by_sentence():
    text = "请带身份证原件。您有委托人吗？请到三楼大厅办理；也可以网上办！"
    assert sentences(text) == ["请带身份证原件。", "您有委托人吗？", "请到三楼大厅办理；", "也可以网上办！"]


def test_a_very_short_sentence_goes_with_the_next():
    assert sentences("好的。请您到三楼大厅。") == ["好的。请您到三楼大厅。"]


def test_a_short_last_sentence_goes_with_the_one_before():
    assert sentences("请您到三楼大厅办理。谢谢！") == ["请您到三楼大厅办理。谢谢！"]


def test_list_items_are_sentences_without_their_marks():
    text = "需要的材料：\n1. 居民身份证原件\n2. 居民户口簿原件\n- 近期免冠照片"
    assert sentences(text) == ["需要的材料：居民身份证原件", "居民户口簿原件", "近期免冠照片"]


def test_a_long_sentence_is_parted_at_commas():
    clause = "申请人应当自收到通知之日起补正全部材料"
    parts = sentences("，".join([clause] * 6) + "。")
    assert all(len(part) <= 60 for part in parts)
    assert [part[-1] for part in parts] == ["，", "，", "。"] or all(part[-1] in "，。" for part in parts)
    assert "".join(parts) == "，".join([clause] * 6) + "。"


def test_a_long_sentence_without_commas_does_not_run_on():
    assert max(len(part) for part in sentences("办" * 500)) <= 61


def test_an_amount_is_never_cut_in_two():
    text = "补贴" * 28 + "1,250,000元，以公布为准"
    assert "一百二十五万元" in said(text)


def test_full_stops_of_numbers_and_addresses_end_no_sentence():
    assert len(sentences("面积3.5亩的项目登录www.example.com查询")) == 1


@pytest.mark.parametrize("text", ["", "   \n\n", "😀😀", "——", "***", "。。。", "|---|---|", "\u200b"])
def test_what_says_nothing_gives_no_sentence(text: str):
    assert read_aloud(text) == ()


def test_a_sentence_without_full_stop_is_closed_for_the_voice():
    assert only("居民身份证原件").spoken == "居民身份证原件。"
    assert only("需要的材料如下：").spoken == "需要的材料如下："


# personal numbers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", PERSONAL)
def test_personal_numbers_are_heard_by_their_last_four_only(number: str):
    spoken = said(f"您登记的号码是{number}，请核对。")
    assert "尾号" in spoken
    assert len(re.findall("[零一二三四五六七八九幺A-Z]", spoken.partition("尾号")[2])) == 4


# other languages and hard text ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("Bring your passport. The fee is 120 yuan.", "en", 2),
        ("パスポートを持参してください。手数料は120元です。", "ja", 2),
        ("Bringen Sie Ihren Pass mit. Die Gebühr beträgt 120 Yuan.", "de", 2),
    ],
)
def test_other_languages_have_captions_and_no_voice(text: str, language: str, count: int):
    readings = read_aloud(text, language)
    assert len(readings) == count
    assert {(reading.spoken, reading.places) for reading in readings} == {("", ())}


HARD = {
    "chinese": "申请人应当自收到通知之日起30日内，带2份材料到3楼12号窗口办理，咨询电话0519-12345678。" * 110,
    "digits": "1" * 5000,
    "emoji": "😀好" * 2500,
    "english": "Please bring your passport. " * 180,
    "formula": "∑x²+1/2≤3×(a-b)=√c；" * 250,
    "stars": "**a*" * 1250,
    "brackets": "[(" * 2500,
    "spaces": "a " + " " * 5000,
    "dashes": "1-" * 2500,
    "dots": "a.1." * 1250,
}


@pytest.mark.parametrize("kind", HARD)
def test_five_thousand_characters_are_ready_at_once(kind: str):
    read_aloud("1")
    spent: list[float] = []
    readings = read_aloud("")
    for _ in range(3):
        started = time.process_time()
        readings = read_aloud(HARD[kind][:5000])
        spent.append(time.process_time() - started)
    assert min(spent) < 0.15
    assert all(SPEAKABLE.fullmatch(reading.spoken) for reading in readings)


@pytest.mark.parametrize("seed", range(20))
def test_no_mixture_of_signs_stops_the_voice(seed: int):
    signs = "0123456789.,:-—~/%（）()[]〔〕《》*#|_ \n年月日元个号第室XxaB¥≥×①Ⅳ½²㎡℃😀，。：；？至转比kg@+=<>३㊿"
    chance = random.Random(seed)
    for _ in range(100):
        for reading in read_aloud("".join(chance.choices(signs, k=30))):
            assert SPEAKABLE.fullmatch(reading.spoken)
            assert not re.search("[，。？！、；：]{2}|^[，。？！、；：]", reading.spoken)
            assert list(reading.places) == sorted(reading.places)


# the table of words --------------------------------------------------------------------------------------------


def test_every_word_of_the_table_can_be_said():
    data = yaml.safe_load((files("speech") / "reading.yaml").read_text("utf-8"))
    for table in ("units", "currencies", "words", "signs", "said"):
        assert [word for word in data[table].values() if not SPEAKABLE.fullmatch(word)] == []


def test_no_sign_stands_twice_in_the_table():
    lines = (
        (files("speech") / "reading.yaml").read_text("utf-8").partition("signs:")[2].partition("said:")[0].splitlines()
    )
    keys = [line.split(": ")[0].strip() for line in lines if line.startswith('  "')]
    assert sorted(keys) == sorted(set(keys))
