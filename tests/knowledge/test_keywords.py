"""The lexical index: the same ranking as a known BM25, and words found by their sound."""

import bm25s
import numpy as np
import pytest

from knowledge.keywords import K1, B, Keywords, fold, sound_tokens, split_pinyin, word_tokens

DOCUMENTS = (
    "养犬登记要带居民身份证和狂犬病免疫证明",
    "导盲犬备案要带残疾人证",
    "临时摊位许可，十个工作日内办结，带健康证明、健康证明、健康证明",
    "养犬登记费每只三十元",
    "wifi 密码 123 在服务台",
    "",
)
QUERIES = ("养犬登记", "健康证明", "带什么证", "密码123", "犬", "没有这些字吗")


@pytest.mark.parametrize("query", QUERIES)
def test_scores_are_those_of_bm25s_on_a_scale_of_our_own(query: str):
    own = Keywords(DOCUMENTS, word_tokens)
    known = bm25s.BM25(method="lucene", k1=K1, b=B)
    known.index([word_tokens(document) for document in DOCUMENTS], show_progress=False)
    vocabulary = {token for document in DOCUMENTS for token in word_tokens(document)}
    tokens = [token for token in sorted(set(word_tokens(query))) if token in vocabulary]
    theirs = known.get_scores(tokens) if tokens else np.zeros(len(DOCUMENTS), np.float32)
    ours = own.scores(query)
    assert np.argsort(-ours, kind="stable").tolist() == np.argsort(-theirs, kind="stable").tolist()
    scale = ours.sum() / theirs.sum() if theirs.any() else 0.0
    assert ours == pytest.approx(theirs * scale, abs=1e-5)


def test_a_document_with_every_word_of_the_question_once_scores_about_one():
    index = Keywords(["养犬登记", "导盲犬备", "临时摊位"], word_tokens)
    assert index.scores("养犬登记")[0] == pytest.approx(1, abs=0.15)
    assert index.scores("临时")[1] == 0


def test_words_that_stand_nowhere_lower_the_score():
    index = Keywords(DOCUMENTS, word_tokens)
    assert index.scores("养犬登记")[3] > index.scores("养犬登记与月球旅行")[3] > 0


@pytest.mark.parametrize("documents", [[], [""], ["，。！"]])
def test_an_index_without_words_answers_nothing(documents: list[str]):
    index = Keywords(documents, word_tokens)
    assert index.scores("养犬登记").tolist() == [0.0] * len(documents)


@pytest.mark.parametrize("query", ["", "？？", "🐶"])
def test_a_question_without_words_finds_nothing(query: str):
    assert not Keywords(DOCUMENTS, word_tokens).scores(query).any()


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("juzhuzheng", ("ju", "zhu", "zheng")),
        ("shenfenzheng", ("shen", "fen", "zheng")),
        ("yingyezhizhao", ("ying", "ye", "zhi", "zhao")),
        ("gongjijin", ("gong", "ji", "jin")),
        ("hukouben", ("hu", "kou", "ben")),
        ("nver", ("nv", "er")),
        ("zhuangxiu", ("zhuang", "xiu")),
        ("zheng", ("zheng",)),
        ("ems", ()),
        ("http", ()),
        ("windows", ()),
        ("a" * 3, ()),
        ("qqqq", ()),
    ],
)
def test_pinyin_is_split_into_syllables(word: str, syllables: tuple[str, ...]):
    assert split_pinyin(word) == syllables


@pytest.mark.parametrize(
    ("said", "meant"), [("zhang", "zan"), ("chen", "cen"), ("shi", "si"), ("liang", "nian"), ("lin", "nin")]
)
def test_sounds_that_dialects_confuse_are_one(said: str, meant: str):
    assert fold(said) == meant


@pytest.mark.parametrize("written", ["养全登记", "yangquandengji", "yang quan deng ji", "YangQuan DengJi"])
def test_a_word_sounds_the_same_however_it_is_written(written: str):
    assert sound_tokens(written) == sound_tokens("养犬登记") == ["yan quan", "quan den", "den ji"]


def test_words_are_characters_pairs_and_latin_words():
    assert word_tokens("居住证 WiFi") == ["居住", "住证", "居", "住", "证", "wifi"]


def test_documents_taken_together_are_found_as_one_text():
    groups = np.arange(len(DOCUMENTS)) % 2
    joined = ["\n".join(text for text, group in zip(DOCUMENTS, groups, strict=True) if group == one) for one in (0, 1)]
    for query in (*DOCUMENTS, "养犬登记要带什么", "没有的词"):
        together = Keywords(DOCUMENTS, word_tokens).together(groups).scores(query)
        assert together == pytest.approx(Keywords(joined, word_tokens).scores(query), abs=1e-6)
