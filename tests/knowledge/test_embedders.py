import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from knowledge.embedders import CACHED_QUERIES, EMBEDDERS, HashingEmbedder, UnknownEmbedder, build_embedder


@pytest.fixture
def hashing(tmp_path: Path):
    return build_embedder("hashing", models_dir=tmp_path)


def test_shared_wording_is_near_and_other_wording_is_not(hashing: HashingEmbedder):
    near, far = hashing.passage_vectors(["居住证申领", "护照签发"]) @ hashing.query_vector("居住证怎么办")
    assert near > 0.3 > far


def test_the_same_text_always_gets_the_same_vector(hashing: HashingEmbedder, tmp_path: Path):
    again = build_embedder("hashing", models_dir=tmp_path)
    assert np.array_equal(hashing.query_vector("居住证"), again.query_vector("居住证"))
    assert np.array_equal(hashing.query_vector("居住证"), hashing.passage_vectors(["居住证"])[0])
    assert hashing.fingerprint == again.fingerprint


@pytest.mark.parametrize("text", ["", "\0", "\ud800", "？！"])
def test_a_text_without_words_gets_zeros_and_no_failure(hashing: HashingEmbedder, text: str):
    assert not hashing.query_vector(text).any()


def test_every_embedder_is_a_langchain_embeddings(hashing: HashingEmbedder):
    assert isinstance(hashing, Embeddings)
    assert hashing.embed_query("护照") == hashing.query_vector("护照").tolist()


def test_a_remembered_query_cannot_be_changed_by_its_reader(hashing: HashingEmbedder):
    vector = hashing.query_vector("护照")
    with pytest.raises(ValueError, match="read-only"):
        vector[0] = 1
    assert hashing.query_vector("护照") is vector


def test_many_threads_get_the_right_vectors_beyond_what_is_remembered(hashing: HashingEmbedder):
    texts = [f"第{number}号窗口" for number in range(CACHED_QUERIES + 100)]
    with ThreadPoolExecutor(8) as pool:
        found = np.stack(list(pool.map(hashing.query_vector, texts)))
    assert np.array_equal(found, hashing.passage_vectors(texts))


@pytest.mark.parametrize("spec", ["", "word2vec", "openai", "sentence-transformers:"])
def test_a_wrong_setting_is_refused_in_one_sentence(spec: str, tmp_path: Path):
    with pytest.raises(UnknownEmbedder):
        build_embedder(spec, models_dir=tmp_path)


def test_the_four_embedders_of_the_table():
    assert list(EMBEDDERS) == ["e5", "hashing", "sentence-transformers", "openai"]


class _EmbeddingServer(BaseHTTPRequestHandler):
    """Speaks the /embeddings of OpenAI-compatible servers: the vector is (length, 1) of each text."""

    asked: ClassVar[list[dict]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append({**body, "path": self.path, "key": self.headers["Authorization"]})
        data = [
            {"object": "embedding", "index": number, "embedding": [float(len(text)), 1.0]}
            for number, text in enumerate(body["input"])
        ]
        answer = {
            "object": "list",
            "data": data,
            "model": body["model"],
            "usage": {"prompt_tokens": 1, "total_tokens": 1},
        }
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def embedding_server() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _EmbeddingServer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_openai_compatible_server_embeds(embedding_server: str, tmp_path: Path):
    embedder = build_embedder("openai:bge-m3", models_dir=tmp_path, base_url=embedding_server, api_key="a-key")
    assert embedder.query_vector("居住证办") == pytest.approx([4 / 17**0.5, 1 / 17**0.5])
    assert embedder.passage_vectors(["一二三", "一"]).tolist() == pytest.approx(
        np.array([[3 / 10**0.5, 1 / 10**0.5], [1 / 2**0.5, 1 / 2**0.5]])
    )
    asked = _EmbeddingServer.asked[-1]
    assert (asked["path"], asked["model"], asked["key"]) == ("/v1/embeddings", "bge-m3", "Bearer a-key")
    assert asked["input"] == ["一二三", "一"]


@pytest.mark.skipif(find_spec("sentence_transformers") is not None, reason="the extra is installed")
def test_without_the_extra_the_operator_learns_its_name(tmp_path: Path):
    with pytest.raises(UnknownEmbedder, match=r"xiaoxin\[sentence-transformers\]"):
        build_embedder("sentence-transformers:any", models_dir=tmp_path)


@pytest.mark.real_model
@pytest.mark.skipif(find_spec("sentence_transformers") is None, reason="sentence-transformers is not installed")
def test_a_sentence_transformers_folder_embeds(tmp_path: Path):
    from sentence_transformers import SentenceTransformer  # pyright: ignore[reportMissingImports]
    from sentence_transformers.sentence_transformer.modules import BoW  # pyright: ignore[reportMissingImports]

    words = BoW(["居住证", "护照"])
    SentenceTransformer(modules=[words]).save(str(tmp_path / "bag-of-words"))
    embedder = build_embedder(f"sentence-transformers:{tmp_path / 'bag-of-words'}", models_dir=tmp_path)
    assert embedder.passage_vectors(["护照"]).tolist() == [[0.0, 1.0]]
    assert embedder.fingerprint.startswith("sentence-transformers-bag-of-words-")
