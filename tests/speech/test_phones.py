"""Characters as they sound: readings, tones beside one another, what cannot be spoken."""

import pytest

from speech.phones import Letter, Pause, Syllable, split_syllable, units


def spoken(text: str) -> str:
    return " ".join(one.pinyin for one in units(text) if isinstance(one, Syllable))


READINGS = {
    "提前还公积金贷款": "ti2 qian2 huan2 gong1 ji1 jin1 dai4 kuan3",
    "贷款还没还完": "dai4 kuan3 hai2 mei2 huan2 wan2",
    "还需要什么": "hai2 xu1 yao4 shen2 me5",
    "重新办理": "chong2 xin1 ban4 li3",
    "重度残疾": "zhong4 du4 can2 ji2",
    "本行政区域": "ben3 xing2 zheng4 qu1 yu4",
    "开户行账号": "kai1 hu4 hang2 zhang4 hao4",
    "最长多长时间": "zui4 chang2 duo1 chang2 shi2 jian1",
    "家长和院长": "jia1 zhang3 he2 yuan4 zhang3",
    "调档和调休": "diao4 dang4 he2 tiao2 xiu1",
    "差旅费的差额": "chai1 lv3 fei4 de5 cha1 e2",
    "摇号抽中了": "yao2 hao4 chou1 zhong4 le5",
    "登记处": "deng1 ji4 chu4",
    "可以处罚款": "ke2 yi3 chu3 fa2 kuan3",
    "认定为工伤": "ren4 ding4 wei2 gong1 shang1",
    "为职工缴存": "wei4 zhi2 gong1 jiao3 cun2",
    "以窗口公布为准": "yi3 chuang1 kou3 gong1 bu4 wei2 zhun3",
    "您得本人来": "nin2 dei2 ben3 ren2 lai2",
    "不得转让": "bu4 de2 zhuan3 rang4",
    "无偿献血": "wu2 chang2 xian4 xue4",
    "社保卡发卡": "she4 bao2 ka3 fa1 ka3",
    "当日办结": "dang4 ri4 ban4 jie2",
    "特困供养": "te4 kun4 gong1 yang3",
    "曾用名": "ceng2 yong4 ming2",
    "税率和利率": "shui4 lv4 he2 li4 lv4",
}


@pytest.mark.parametrize(("text", "pinyin"), READINGS.items())
def test_a_visitor_hears_the_reading_that_the_hall_means(text: str, pinyin: str):
    assert spoken(text) == pinyin


TONES = {
    "不是": "bu2 shi4",
    "不行": "bu4 xing2",
    "一个": "yi2 ge4",
    "一般": "yi4 ban1",
    "一万元": "yi2 wan4 yuan2",
    "一百元": "yi4 bai3 yuan2",
    "第一": "di4 yi1",
    "统一办理": "tong3 yi1 ban4 li3",
    "十一月一日": "shi2 yi1 yue4 yi1 ri4",
    "二零一三": "er4 ling2 yi1 san1",
    "你好": "ni2 hao3",
    "展览馆": "zhan2 lan2 guan3",
}


@pytest.mark.parametrize(("text", "pinyin"), TONES.items())
def test_tones_change_beside_one_another(text: str, pinyin: str):
    assert spoken(text) == pinyin


@pytest.mark.parametrize(
    ("pinyin", "sounds"),
    {
        "zhuang4": ("zh", "uang"),
        "you3": ("", "iou"),
        "wei4": ("", "uei"),
        "yuan2": ("", "van"),
        "ju1": ("j", "v"),
        "zi5": ("z", "ii"),
        "shi4": ("sh", "iii"),
        "er2": ("", "er"),
        "ng4": ("", "en"),
    }.items(),
)
def test_a_syllable_is_an_initial_and_a_final(pinyin: str, sounds: tuple[str, str]):
    assert split_syllable(pinyin) == sounds


def test_letters_and_marks_keep_their_places():
    assert units("到b区，五号？") == (
        Syllable(0, "dao4", True),
        Letter(1, "B"),
        Syllable(2, "qu1", True),
        Pause(3, ","),
        Syllable(4, "wu3", True),
        Syllable(5, "hao4", False),
        Pause(6, "?"),
    )


def test_full_width_signs_and_digits_are_read_one_by_one():
    assert spoken("Ａ０23") == "ling2 er4 san1"
    assert units("Ａ０23")[0] == Letter(0, "A")


@pytest.mark.parametrize("text", ["", " ", "😀👍", "\x00", "《》", "→≥∑", "，。"])
def test_nothing_is_spoken_where_nothing_can_be(text: str):
    assert [one for one in units(text) if not isinstance(one, Pause)] == []


def test_what_cannot_be_spoken_moves_no_other_character():
    assert [(one.place, one.pinyin) for one in units("好😀∑好") if isinstance(one, Syllable)] == [
        (0, "hao3"),
        (3, "hao3"),
    ]


def test_a_rare_character_is_spoken_or_left_out_but_harms_nothing():
    assert spoken("𠮷㊙龘好").endswith("hao3")
