"""Asking on the command line: one answer, hits with their scores, many questions from a file."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from channels.answer_body import AnswerBody

Run = Callable[..., Any]
EMBEDDED = {"XIAOXIN_EMBEDDER": "hashing", "XIAOXIN_VECTOR_STORE": "memory", "XIAOXIN_LOG_LEVEL": "ERROR"}


def test_ask_prints_the_answer_and_its_source(run: Run):
    ended = run("ask", "养犬登记多少钱")
    assert ended.status == 0
    assert "30元" in ended.out
    assert "养犬登记 · fee" in ended.out
    assert ended.err == ""


def test_ask_as_json_has_every_field_of_an_answer(run: Run):
    answer = run("ask", "养犬登记多少钱", "--json").json
    assert answer.keys() == AnswerBody.model_fields.keys()
    assert (answer["status"], answer["item"]["id"]) == ("answered", "dog-registration")


def test_ask_lists_the_options_once(run: Run):
    out = run("ask", "临时摊位许可怎么办").out
    assert out.count("临时摊位许可（百货）") == out.count("临时摊位许可（食品）") == 1


@pytest.mark.parametrize("region", ["东柳镇", "东柳", "900100-east"])
def test_ask_for_a_region(run: Run, region: str):
    assert run("ask", "小渔船登记要多久", "--region", region, "--json").json["item"]["id"] == "fishing-boat"


def test_ask_for_a_region_that_is_not_there(run: Run):
    assert "海底镇" in run("ask", "小渔船登记", "--region", "海底镇").refused()


def test_a_question_without_an_answer_is_still_done(run: Run):
    ended = run("ask", "火星签证怎么办", "--json")
    assert (ended.status, ended.json["status"]) == (0, "no_basis")


def test_ask_needs_one_question(run: Run, tmp_path: Path):
    run("ask").refused()
    run("ask", "问题", "--batch", tmp_path / "in.jsonl").refused()


def test_search_tells_where_each_hit_comes_from_and_why(run: Run):
    hits = run("search", "养犬登记要带什么材料", "--json").json
    assert len(hits) == 5
    assert hits[0].keys() == {"passage_id", "item", "field", "title", "text", "source", "score", "parts"}
    assert hits[0]["parts"].keys() == {"meaning", "words", "sound", "name"}
    assert (hits[0]["item"], hits[0]["field"]) == ("dog-registration", "materials")
    assert hits[0]["source"] == "items/life/dog-registration.yaml"
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    assert len(run("search", "养犬登记", "--top", "2", "--json").json) == 2


def test_search_that_finds_nothing_says_no(run: Run):
    ended = run("search", "？？？", "--json")
    assert (ended.status, ended.json) == (1, [])
    run("search", "养犬登记", "--top", "0").refused()
    run("search", "养犬登记", "--top", "x").refused()


def test_a_batch_is_answered_line_by_line(run: Run, tmp_path: Path):
    asked, told = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rows = [
        {"id": 1, "question": "养犬登记多少钱", "conversation_id": "a"},
        {"id": 2, "question": "在哪里办", "conversation_id": "a"},
        {"id": 3, "question": "小渔船登记要多久", "region": "东柳镇", "expected": {"any": "thing"}},
        {"id": 4, "question": "一行\u2028里的\x85换行"},
    ]
    text = "\ufeff" + "\r\n\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n"
    asked.write_bytes(text.encode())
    ended = run("ask", "--batch", asked, "--out", told)
    assert ended.status == 0
    answers = [json.loads(line) for line in told.read_text("utf-8").split("\n") if line]
    assert [{k: v for k, v in answer.items() if k != "answer"} for answer in answers] == rows
    assert "样本路1号" in answers[1]["answer"]["text"]
    assert answers[2]["answer"]["item"]["id"] == "fishing-boat"


def test_half_a_surrogate_pair_in_a_batch_is_no_end(run: Run, tmp_path: Path):
    asked, told = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    asked.write_text('{"question": "养犬登记\\ud800多少钱"}\n', "utf-8")
    assert run("ask", "--batch", asked, "--out", told).status == 0
    assert json.loads(told.read_text("utf-8"))["question"] == "养犬登记\ud800多少钱"


@pytest.mark.parametrize(
    "line",
    ["{", "not json", "[]", "5", '{"q": "a"}', '{"question": 5}', '{"question": null}', "[" * 100_000, '"question"'],
)
def test_a_broken_line_is_named_before_anything_is_asked(run: Run, tmp_path: Path, line: str):
    asked, told = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    asked.write_text('{"question": "养犬登记多少钱"}\n' + line + "\n", "utf-8")
    assert "in.jsonl:2" in run("ask", "--batch", asked, "--out", told).refused()
    assert not told.exists()


def test_a_batch_that_cannot_be_read_or_written(run: Run, tmp_path: Path):
    asked = tmp_path / "in.jsonl"
    run("ask", "--batch", asked, "--out", tmp_path / "out.jsonl").refused()
    asked.write_bytes(b'{"question": "\xb0\xa1"}\n')
    assert "UTF-8" in run("ask", "--batch", asked, "--out", tmp_path / "out.jsonl").refused()
    asked.write_text('{"question": "a"}\n', "utf-8")
    assert "--out" in run("ask", "--batch", asked).refused()
    assert "missing" in run("ask", "--batch", asked, "--out", tmp_path / "missing" / "out.jsonl").refused()
    run("ask", "--batch", asked, "--out", tmp_path).refused()
    run("ask", "--batch", tmp_path, "--out", tmp_path / "out.jsonl").refused()


def process(data: Path, *arguments: str | bytes, **given: str) -> subprocess.Popen[bytes]:
    """`xiaoxin …` as a process of its own."""
    command = [sys.executable, "-m", "channels.cli", "--data-dir", str(data), *arguments]
    env = {
        **os.environ,
        "XIAOXIN_EMBEDDER": "hashing",
        "XIAOXIN_VECTOR_STORE": "memory",
        "XIAOXIN_LOG_LEVEL": "ERROR",
        **given,
    }
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_a_terminal_without_chinese_stops_nothing(data: Path):
    out, err = process(data, "ask", "养犬登记多少钱", "--json", PYTHONIOENCODING="ascii").communicate(timeout=120)
    assert "30元" in json.loads(out)["text"]
    assert err == b""


def test_a_reader_that_goes_away_is_no_traceback(data: Path):
    running = process(data, "search", "养犬登记", "--top", "50", "--json")
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    with running.stderr:
        assert running.stderr.read() == b""
    assert running.wait(120) == 1


def test_an_argument_that_is_no_text_stops_nothing(data: Path):
    running = process(data, "ask", b"\xff\xfe\xb0\xa1", "--json")
    out, _ = running.communicate(timeout=120)
    assert (running.returncode, json.loads(out)["status"]) == (0, "refused")
