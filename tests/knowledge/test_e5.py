"""The bundled embedding model, really built and run."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from knowledge.e5_onnx import E5, MANIFEST_FILE, MODEL_FILE, build_e5, is_built
from knowledge.e5_vocabulary import kept_pieces, make_tokenizer
from knowledge.e5_weights import read_weights
from knowledge.embedders import Embedder, UnknownEmbedder, build_embedder
from knowledge.models import checked_file

pytestmark = pytest.mark.real_model

TITLES = [
    "居住证申领",
    "普通护照签发",
    "企业注销登记",
    "新生儿出生登记",
    "食品经营许可",
    "住房公积金租房提取",
    "婚姻登记",
    "失业保险金申领",
]
RESIDENCE, PASSPORT, CLOSING, BIRTH, FOOD, RENT, MARRIAGE, UNEMPLOYMENT = range(len(TITLES))


@pytest.fixture(scope="module")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module", params=["e5:int8", "e5:q4"])
def e5(request: pytest.FixtureRequest, models_dir: Path) -> Embedder:
    return build_embedder(request.param, models_dir=models_dir)


@pytest.fixture(scope="module")
def int8(models_dir: Path) -> Embedder:
    return build_embedder("e5", models_dir=models_dir)


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("居住证怎么办", RESIDENCE),
        ("我在这儿租房子住了大半年，要办个暂住的证", RESIDENCE),
        ("公司不开了怎么销户", CLOSING),
        ("娃刚生下来怎么上户口", BIRTH),
        ("想开个小吃店要办什么证", FOOD),
        ("被公司辞退了能领钱吗", UNEMPLOYMENT),
        ("How do I apply for a residence permit?", RESIDENCE),
        ("We want to get married", MARRIAGE),
        ("飲食店の営業許可を取りたい", FOOD),
        ("赤ちゃんが生まれました、出生届はどこですか", BIRTH),
        ("Wo beantrage ich einen Reisepass?", PASSPORT),
        ("Wie melde ich die Geburt meines Kindes an?", BIRTH),
    ],
)
def test_a_question_is_nearest_to_the_title_that_answers_it(e5: Embedder, question: str, title: int):
    cosines = e5.passage_vectors(TITLES) @ e5.query_vector(question)
    assert TITLES[int(cosines.argmax())] == TITLES[title]


def test_a_passage_is_embedded_the_same_alone_and_among_others(e5: Embedder):
    texts = [*TITLES, "在本市居住半年以上，有合法稳定就业、合法稳定住所、连续就读条件之一的，可以申领居住证。" * 4]
    together = e5.passage_vectors(texts)
    alone = np.concatenate([e5.passage_vectors([text]) for text in texts])
    assert np.array_equal(together, alone)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-6)


def test_both_variants_mean_nearly_the_same(models_dir: Path, int8: Embedder):
    q4 = build_embedder("e5:q4", models_dir=models_dir)
    cosines = (q4.passage_vectors(TITLES) * int8.passage_vectors(TITLES)).sum(axis=1)
    assert cosines.min() > 0.99
    assert q4.fingerprint != int8.fingerprint


@pytest.mark.parametrize(
    "text",
    ["", " ", "\0", "居住\0证", "a\ud800b", "\udfff", "\ufffe\ufeff", "𠮷野家", "👨‍👩‍👧", "证" * 5000, "</s><pad>"],
)
def test_odd_input_gets_a_vector_of_length_one(int8: Embedder, text: str):
    for vector in (int8.query_vector(text), int8.passage_vectors([text])[0]):
        assert vector.shape == (384,)
        assert abs(float(np.linalg.norm(vector)) - 1) < 1e-5


def test_text_after_a_nul_still_counts(int8: Embedder):
    cut, whole = int8.passage_vectors(["居住证", "居住证\0怎么注销企业"])
    assert float(cut @ whole) < 0.99


def test_no_passages_give_no_rows(int8: Embedder):
    assert int8.passage_vectors([]).shape == (0, 384)


def test_langchain_gets_lists_of_the_same_numbers(int8: Embedder):
    assert int8.embed_query("居住证怎么办") == int8.query_vector("居住证怎么办").tolist()
    assert int8.embed_documents(TITLES[:2]) == int8.passage_vectors(TITLES[:2]).tolist()


def test_building_again_writes_the_same_bytes(models_dir: Path, tmp_path: Path, int8: Embedder):
    first, second = build_e5(models_dir), build_e5(tmp_path)
    assert first.name == second.name == int8.fingerprint
    assert (first / MANIFEST_FILE).read_text() == (second / MANIFEST_FILE).read_text()
    assert json.loads((first / MANIFEST_FILE).read_text())["source"] == {"e5-small-q4.bin": E5.files[0].sha256}


def test_a_damaged_model_is_built_again_and_nothing_is_left_over(tmp_path: Path):
    folder = build_e5(tmp_path)
    whole = (folder / MODEL_FILE).read_bytes()
    (folder / MODEL_FILE).write_bytes(whole[:1000])
    assert not is_built(folder, "int8")
    assert build_e5(tmp_path) == folder
    assert (folder / MODEL_FILE).read_bytes() == whole
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]
    assert len(list(folder.iterdir())) == 3


def test_the_model_runs_without_torch(int8: Embedder):
    assert "torch" not in sys.modules


def test_an_unknown_variant_is_refused_in_one_sentence(models_dir: Path):
    with pytest.raises(UnknownEmbedder, match="e5 comes as int8 or q4, not as 'fp64'"):
        build_embedder("e5:fp64", models_dir=models_dir)


def test_the_smaller_vocabulary_splits_texts_like_the_whole_one():
    pieces = read_weights(checked_file(E5)).pieces
    small = make_tokenizer([pieces[number] for number in kept_pieces(pieces)])
    whole = make_tokenizer(list(pieces))
    for text in [
        "query: 居住证怎么办？要带什么材料（原件）～",
        "passage: 《居住证暂行条例》第八条：公安机关应当自受理之日起15日内制作发放居住证；",
        "在留許可の申請に必要な書類を教えてください。",
        "How do I apply for a residence permit?",
        "Öffnungszeiten und Gebühren für die Anmeldung",
    ]:
        assert small.encode(text).tokens == whole.encode(text).tokens


def test_words_that_spell_a_special_piece_stay_words():
    pieces = read_weights(checked_file(E5)).pieces
    tokenizer = make_tokenizer(list(pieces))
    assert not {0, 1, 2} & set(tokenizer.encode("</s><pad><s>").ids[1:-1])
    assert "～" in "".join(tokenizer.encode("9点～11点").tokens)
