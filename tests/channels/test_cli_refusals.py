"""What the command line refuses: with exit status 2 and one sentence, never a traceback."""

import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from channels.wiring import Product

Run = Callable[..., Any]


@pytest.mark.parametrize(
    "arguments",
    [[], ["fly"], ["ask", "--fly"], ["handbook"], ["handbook", "fly"], ["serve", "--port", "x"], ["search"], ["--fly"]],
)
def test_wrong_use_is_one_sentence(run: Run, arguments: list[str]):
    assert "--help" in run(*arguments).refused()


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["handbook", "check", "--help"]])
def test_help_is_given(run: Run, arguments: list[str]):
    ended = run(*arguments)
    assert (ended.status, ended.err) == (0, "")
    assert "usage: xiaoxin" in ended.out


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "99999"),
        ("port", "many"),
        ("threads", "0"),
        ("log_level", "loud"),
        ("vector_store", "paper"),
        ("weight_meaning", "2"),
        ("answer_threshold", "-1"),
        ("retention_days", "0"),
        ("model_extra_body", "{"),
    ],
)
def test_a_setting_that_cannot_be_is_named(run: Run, name: str, value: str):
    assert f"XIAOXIN_{name.upper()}" in run("ask", "养犬登记", **{name: value}).refused()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("embedder", "crystal-ball"),
        ("embedder", "e5:q1"),
        ("embedder", "hashing:many"),
        ("embedder", "openai:"),
        ("database_url", "paper://shelf"),
        ("database_url", "no address"),
        ("database_url", "postgresql+psycopg://nobody:secret@127.0.0.1:9/none"),
        ("chroma_url", "http://127.0.0.1:9"),
    ],
)
@pytest.mark.parametrize("command", [["ask", "养犬登记"], ["search", "养犬登记"], ["ingest", "--bundled"], ["serve"]])
def test_what_a_setting_names_and_is_not_there_is_told(run: Run, command: list[str], name: str, value: str):
    given = {"vector_store": "chroma"} if name == "chroma_url" else {}
    assert "secret" not in run(*command, **given, **{name: value}).refused()


def test_a_data_folder_that_cannot_be_one(run: Run, tmp_path: Path):
    (tmp_path / "file").write_text("no folder", "utf-8")
    for folder in (tmp_path / "file", tmp_path / "file" / "inner"):
        run("--data-dir", folder, "ask", "养犬登记").refused()


def test_a_database_file_that_is_none(run: Run, data: Path):
    (data / "xiaoxin.db").write_bytes(b"this was never a database" * 100)
    run("ask", "养犬登记").refused()


def test_a_database_of_a_newer_program_is_left_alone(run: Run, hall: Product, data: Path):
    with sqlite3.connect(data / "xiaoxin.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "9999" in run("ask", "养犬登记").refused()


def test_a_port_that_is_taken_is_told_before_anything_starts(run: Run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert str(port) in run("serve", "--port", port).refused()


@pytest.mark.parametrize("host", ["a" * 300, "a..b"])
def test_a_host_that_cannot_be_is_told(run: Run, host: str):
    run("serve", "--host", host).refused()
