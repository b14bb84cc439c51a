"""Homophones: the right characters for the syllables that were heard."""

from pathlib import Path

import pytest

from speech.lattice import Lattice, mine
from speech.word_table import WordTable, load_words, syllables_of, table_of

WORDS = {
    "我": 300_000, "想": 20_000, "办理": 900, "怎么": 9000, "材料": 4000, "彩料": 3, "身份": 900, "证": 800, "正": 7000,
    "银行": 7000, "引航": 10, "今天": 9000, "天气": 2000, "登记": 500, "等级": 900, "不动产": 30, "居住": 700,
    "很": 90_000, "行": 5000, "业": 3000, "行业": 2000, "长": 9000,
}  # fmt: skip


@pytest.fixture(scope="module")
def words() -> WordTable:
    return table_of(WORDS)


def meant(lattice: Lattice, text: str) -> str:
    return "".join(word.meant for word in lattice.decode(text))


def test_a_rare_word_becomes_the_usual_one_of_the_same_sound(words: WordTable):
    assert meant(Lattice(words, {}), "办理彩料") == "办理材料"


def test_a_usual_word_stays_beside_one_that_is_only_a_little_more_usual(words: WordTable):
    assert meant(Lattice(words, {}), "我想登记") == "我想登记"


def test_the_words_of_the_hall_win_over_those_of_the_language(words: WordTable):
    counts = {"身份证": 40, "居住证": 40, "不动产登记": 30, "办理": 60}
    assert meant(Lattice(words, {}), "居住正") == "居住正"
    assert meant(Lattice(words, counts), "居住正") == "居住证"
    assert meant(Lattice(words, counts), "不动产等级") == "不动产登记"


def test_a_sentence_of_everyday_stays_as_it_is(words: WordTable):
    lattice = Lattice(words, {"身份证": 40, "居住证": 40})
    assert meant(lattice, "今天天气很行") == "今天天气很行"


def test_each_word_stands_at_the_length_at_which_it_was_heard(words: WordTable):
    decoded = Lattice(words, {"居住证": 40}).decode("我想，办理居住正OK3张")
    assert "".join(word.heard for word in decoded) == "我想，办理居住正OK3张"
    assert all(len(word.heard) == len(word.meant) for word in decoded)
    assert ("居住正", "居住证") in [(word.heard, word.meant) for word in decoded]


@pytest.mark.parametrize("text", ["", "OK 123", "，。？", "𠮷", "㐂"])
def test_what_is_no_known_chinese_comes_back_unchanged(words: WordTable, text: str):
    assert meant(Lattice(words, {"居住证": 1}), text) == text


def test_a_character_that_no_dictionary_knows_stays(words: WordTable):
    assert meant(Lattice(words, {}), "我想犇") == "我想犇"


def test_a_word_of_many_readings_is_found_by_the_one_it_has_in_the_word(words: WordTable):
    assert words.count("银行") == 7000
    assert syllables_of("银行") == ["yin", "hang"]
    rows = words.windows(syllables_of("银行"))[0][1]
    assert {words.word(row, 2)[0] for row in rows} == {"银行", "引航"}


def test_words_are_counted_where_they_stand_whole_in_the_texts(words: WordTable):
    counts = mine(["怎么办理居住证", "居住证材料", "居住很长"], words, ["居住证"])
    assert (counts["居住证"], counts["居住"], counts["办理"], counts["材料"]) == (3, 1, 1, 1)


def test_a_term_that_stands_in_no_text_counts_once(words: WordTable):
    assert mine([], words, ["居住证", "证", "一个很长很长的名字"]) == {"居住证": 1}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("words")
    load_words(folder)
    return folder


@pytest.mark.real_model
def test_the_table_of_the_whole_language_is_read_back_from_its_file(kept: Path):
    table = load_words(kept)
    assert [path.suffix for path in kept.iterdir()] == [".npz"]
    assert table.count("身份证") > 100
    assert table.count("身份正") == 0
    assert meant(Lattice(table, {}), "我在银航工作") == "我在银行工作"


@pytest.mark.real_model
def test_a_file_that_is_not_whole_is_built_again(kept: Path, tmp_path: Path):
    whole = next(kept.iterdir())
    (tmp_path / whole.name).write_bytes(whole.read_bytes()[:5000])
    assert load_words(tmp_path).count("身份证") > 100
    assert (tmp_path / whole.name).stat().st_size == whole.stat().st_size
