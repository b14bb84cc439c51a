"""What was heard becomes what was meant: terms of the hall, and nothing else."""

from pathlib import Path

import pytest

from channels.wiring import Product
from speech.lattice import Lattice
from speech.lexicon import Lexicon, general_terms
from speech.mend import NearTerms
from speech.word_table import table_of

WORDS = {
    "我": 300_000, "想": 20_000, "办理": 900, "怎么": 9000, "申请": 900, "今天": 9000, "今天下午": 5, "生育": 900,
    "很": 90_000, "好": 90_000, "津贴": 300, "登记": 500, "第一": 9000, "报": 900, "政策": 5000, "老年人": 300,
    "优待": 100, "四级": 90, "考试": 900, "社会": 9000, "保险": 900, "保险柜": 20, "食品": 500, "经营": 900,
    "许可证": 90,
}  # fmt: skip
TERMS = ("生育津贴", "优待证", "司机证", "社会保险登记", "食品经营许可证", "三家港", "临时救助")


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(Lattice(table_of(WORDS), dict.fromkeys(TERMS, 5)), TERMS)


def test_a_visitor_who_cannot_tell_sh_from_s_is_understood(lexicon: Lexicon):
    mended = lexicon.mend("我想办理食品金营许可真")
    assert mended.text == "我想办理食品经营许可证"
    assert mended.corrections == (("食品金营许可真", "食品经营许可证"),)


def test_one_wrong_syllable_in_a_long_term_is_mended(lexicon: Lexicon):
    assert lexicon.mend("生育今天怎么申请？").text == "生育津贴怎么申请？"


def test_a_term_never_cuts_a_word_in_two(lexicon: Lexicon):
    assert lexicon.mend("老年人优待政策").text == "老年人优待政策"


@pytest.mark.parametrize(
    "sentence", ["今天下午很好", "四级考试怎么申请", "我想办理社会保险", "第一报", "OK", "", "我，想。", "13800138000"]
)
def test_a_sentence_of_known_words_stays_as_it_is(lexicon: Lexicon, sentence: str):
    assert lexicon.mend(sentence).text == sentence
    assert lexicon.mend(sentence).corrections == ()


def test_words_typed_in_pinyin_are_left_to_the_assistant(lexicon: Lexicon):
    assert lexicon.mend("youdaizheng怎么申请").text == "youdaizheng怎么申请"


def test_the_text_keeps_its_length_and_its_punctuation(lexicon: Lexicon):
    raw = "优待正，怎么申请？生育今天呢？"
    mended = lexicon.mend(raw).text
    assert mended == "优待证，怎么申请？生育津贴呢？"
    assert len(mended) == len(raw)


def test_a_digit_that_stands_for_a_syllable_is_mended_and_others_stay(lexicon: Lexicon):
    assert lexicon.mend("4机证怎么办理").text == "司机证怎么办理"
    assert lexicon.mend("3张优待正，办理要5天，24小时").text == "3张优待证，办理要5天，24小时"


def test_japanese_is_left_as_it_is(lexicon: Lexicon):
    assert lexicon.mend("優待正の申請").text == "優待正の申請"


def test_what_was_mended_is_mended_no_further(lexicon: Lexicon):
    once = lexicon.mend("零食救助怎么申请").text
    assert once == "临时救助怎么申请"
    assert lexicon.mend(once).text == once


# one syllable -----------------------------------------------------------------------------------------------


def near(*terms: str, known: str = "") -> NearTerms:
    return NearTerms(terms, lambda word: word in known.split())


def changed(terms: NearTerms, text: str) -> list[tuple[int, str]]:
    return [(change.start, change.term) for change in terms.changes(text, frozenset(range(len(text) + 1)))]


def test_a_syllable_that_neither_begins_nor_ends_alike_is_another_word():
    assert changed(near("生育津贴"), "生育今天") == [(0, "生育津贴")]
    assert changed(near("结婚登记"), "离婚登记") == []
    assert changed(near("机构登记"), "机动登记") == []


def test_a_short_term_is_never_taken_for_what_is_near():
    assert changed(near("身份证"), "身份真"[:2] + "者") == []


def test_two_terms_that_are_equally_near_leave_it_as_it_is():
    assert changed(near("工商登记", "工伤登记"), "工上登机") == []
    assert changed(near("户口迁入", "户口迁移"), "户口迁一") == []


def test_a_known_word_is_not_taken_for_a_near_one():
    assert changed(near("生育津贴", known="生育今天"), "生育今天") == []


def test_characters_of_the_sentence_must_already_be_half_of_the_term():
    assert changed(near("生育津贴"), "胜雨金天") == []


# the handbook -----------------------------------------------------------------------------------------------


def test_the_general_terms_are_words_of_at_least_two_characters():
    assert {len(term) for term in general_terms()} >= {2, 3, 4}
    assert min(map(len, general_terms())) >= 2


@pytest.mark.real_model
def test_the_names_and_materials_of_a_handbook_are_understood(hall: Product, tmp_path: Path):
    library = hall.live.current().library
    lexicon = Lexicon.from_library(library, tmp_path)
    assert lexicon.mend("局主正怎么办理").text == "居住证怎么办理"
    assert lexicon.mend("今天天气怎么样？").text == "今天天气怎么样？"
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".json", ".npz"]


@pytest.mark.real_model
def test_counts_of_an_older_handbook_make_room_for_the_new_ones(tmp_path: Path):
    Lexicon.from_terms(["居住证"], ["居住证怎么办"], tmp_path)
    lexicon = Lexicon.from_terms(["尊老金"], ["尊老金怎么领"], tmp_path)
    assert len(list(tmp_path.glob("word-counts-*.json"))) == 1
    assert lexicon.mend("怎么领尊老金").text == "怎么领尊老金"
