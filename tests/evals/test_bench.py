"""The bench: what it makes is fit to be measured, and it runs to the end."""

import json
import os
import subprocess
import sys
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np
import pytest

from evals.bench_big import SECTIONS, Words, near, synthetic
from evals.bench_figures import Figure, many_questions, spread
from evals.bench_ingest import write_handbook
from knowledge.handbook import bundled_handbook, load_handbook
from knowledge.keys import keys_of
from knowledge.split import split_item
from knowledge.vectors import unit_rows


def test_a_tester_sees_which_targets_are_met() -> None:
    assert Figure("answer", 12.0, "ms", most=12).met is True
    assert Figure("answer", 12.1, "ms", most=12).met is False
    assert Figure("share", 69.9, "%", least=70).met is False
    assert Figure("requests", 5, "").met is None


def test_a_tester_gets_the_median_and_the_slow_tail() -> None:
    figures = spread("answer", [float(number) for number in range(1, 102)])
    assert [(figure.name, round(figure.value)) for figure in figures] == [
        ("answer p50", 51),
        ("answer p95", 96),
        ("answer p99", 100),
    ]


def test_a_load_never_asks_the_same_twice() -> None:
    asked = list(islice(many_questions(), 20_000))
    assert len(set(asked)) == len(asked)


def test_a_big_library_is_made_of_new_entries_in_the_words_of_the_handbook() -> None:
    items = tuple(load_handbook(bundled_handbook()).items.values())[:3]
    known = [passage for item in items for passage in split_item(item, "items.yaml")]
    source = Words.of(items, known)
    entries = list(synthetic(source, 1000, Random(1)))
    documents = [entry for entry in entries if entry.item is None]
    assert len({entry.key for entry in entries}) == len(entries)
    assert len(entries) - len(documents) == 15
    assert {len(entry.passages) for entry in documents} == {SECTIONS}
    assert 900 < sum(len(entry.passages) for entry in entries) <= 1000
    assert all(entry.passages[0].text.startswith(source.sentences) for entry in documents)


def test_synthetic_vectors_lie_near_real_ones() -> None:
    real = unit_rows(np.random.default_rng(1).standard_normal((7, 384), np.float32))
    made = near(real, 50, 2)
    assert np.allclose(np.linalg.norm(made, axis=1), 1, atol=1e-5)
    assert 0.8 < (made @ real.T).max(axis=1).min() <= 1


def test_a_handbook_of_other_halls_is_sound_and_wholly_new(tmp_path: Path) -> None:
    write_handbook(tmp_path / "handbook", 70)
    made, given = load_handbook(tmp_path / "handbook"), load_handbook(bundled_handbook())
    assert not made.problems
    assert len(made.items) == 70
    keys = [
        keys_of([passage for item in book.items.values() for passage in split_item(item, "items.yaml")])
        for book in (made, given)
    ]
    assert not keys[0].keys() & keys[1].keys()


@pytest.mark.bench
def test_a_tester_gets_every_part_in_one_file(tmp_path: Path) -> None:
    report = tmp_path / "bench.json"
    small = ["--questions", "5", "--passages", "2000", "--items", "3", "--seconds", "1"]
    small += ["--sentences", "4", "--turns", "1"]
    ended = subprocess.run(
        [sys.executable, "-m", "evals.bench", "--json", report, "--data-dir", tmp_path / "data", *small],
        env={**os.environ, "XIAOXIN_EMBEDDER": "hashing"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    parts = json.loads(report.read_text(encoding="utf-8"))["parts"]
    assert list(parts) == ["answer", "baseline", "big", "hearing", "http", "ingest", "memory", "voice"]
    assert {figure["name"] for figure in parts["answer"]["figures"]} >= {"answer p50", "answer p95", "step ground p50"}
