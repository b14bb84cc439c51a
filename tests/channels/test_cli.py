"""The command line as clerks, editors and testers use it: exit status, one sentence when refused, no traceback."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from channels.answer_body import AnswerBody
from channels.cli import main
from channels.wiring import Product

EMBEDDED = {"XIAOXIN_EMBEDDER": "hashing", "XIAOXIN_VECTOR_STORE": "memory", "XIAOXIN_LOG_LEVEL": "ERROR"}


@dataclass(frozen=True)
class Ended:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def refused(self) -> str:
        """The one sentence on stderr of a command that ended with 2."""
        assert self.status == 2, self
        lines = self.err.strip().splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("xiaoxin")
        assert "Traceback" not in self.err
        assert self.out == ""
        return lines[0]


Run = Callable[..., Ended]


@contextmanager
def environment(values: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture
def data(hall: Product, tmp_path: Path) -> Path:
    """A data folder that holds the test handbook."""
    folder = tmp_path / "data"
    folder.mkdir()
    with hall.knowledge.engine.connect() as connection:
        connection.exec_driver_sql("VACUUM INTO ?", (str(folder / "xiaoxin.db"),))
    return folder


@pytest.fixture
def run(data: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """`xiaoxin …` on that folder, in this process."""

    def command(*arguments: object, **settings: str) -> Ended:
        given = {f"XIAOXIN_{name.upper()}": value for name, value in settings.items()}
        with environment({**EMBEDDED, "XIAOXIN_DATA_DIR": str(data), **given}):
            try:
                status = main([str(argument) for argument in arguments])
            except SystemExit as ended:
                status = int(ended.code or 0)
        captured = capsys.readouterr()
        return Ended(status, captured.out, captured.err)

    return command


# ask and search ------------------------------------------------------------------------------------------------


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


# many questions ------------------------------------------------------------------------------------------------


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


# ingest --------------------------------------------------------------------------------------------------------


def test_ingest_tells_what_changed(run: Run, handbook: Path):
    first = run("ingest", handbook, "--json")
    assert first.status == 0
    assert len(first.json["added"]) == 10
    (handbook / "items/market/stall-goods.yaml").unlink()
    again = run("ingest", handbook)
    assert again.status == 0
    assert "0 added, 0 changed, 1 removed, 9 unchanged" in again.out


def test_a_dry_run_changes_nothing(run: Run, handbook: Path):
    run("ingest", handbook)
    (handbook / "items/market/stall-goods.yaml").unlink()
    assert run("ingest", handbook, "--dry-run", "--json").json["removed"] == ["stall-goods"]
    assert run("ingest", handbook, "--dry-run", "--json").json["removed"] == ["stall-goods"]
    assert run("ask", "百货摊位许可要多久", "--json").json["item"]["id"] == "stall-goods"


def test_forget_removes_what_came_from_a_path(run: Run, tmp_path: Path):
    page = tmp_path / "own" / "泊车.txt"
    page.parent.mkdir()
    page.write_text("河边泊车位\n河边泊车位每晚八点以后免费停放。\n", "utf-8")
    assert run("ingest", page.parent).status == 0
    shutil.rmtree(page.parent)
    assert run("ingest", page.parent, "--forget").status == 0
    assert run("ingest", page.parent, "--forget").status == 1


def test_an_empty_folder_does_not_throw_away_what_came_from_it(run: Run, handbook: Path):
    """As when a shared folder is not mounted."""
    run("ingest", handbook)
    for path in list(handbook.iterdir()):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert "nothing to read" in run("ingest", handbook).refused()
    assert run("ask", "养犬登记多少钱", "--json").json["status"] == "answered"


def zip_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b"\0" * 300_000_000)


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(200 * 1024**2)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("nothing.txt", lambda path: path.write_bytes(b"")),
        ("nothing.docx", lambda path: path.write_bytes(b"")),
        ("bomb.xlsx", zip_bomb),
        ("large.pdf", sparse),
        ("large.csv", sparse),
        ("broken.docx", lambda path: path.write_bytes(b"PK\x03\x04 and nothing more")),
        ("broken.pdf", lambda path: path.write_bytes(b"%PDF-1.7 and nothing more")),
        ("old.doc", lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0" * 100)),
        ("picture.png", lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" * 10)),
        ("program.exe", lambda path: path.write_bytes(b"MZ" * 100)),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(
    run: Run, tmp_path: Path, name: str, make: Callable[[Path], Any]
):
    make(tmp_path / name)
    assert name in run("ingest", tmp_path / name).refused()


def test_one_bad_file_among_many_is_told_and_the_rest_is_taken(run: Run, tmp_path: Path):
    folder = tmp_path / "own"
    folder.mkdir()
    for name in ("泊车", "菜场", "泳池"):
        (folder / f"{name}.txt").write_text(f"{name}\n{name}每天八点开门，傍晚关门。\n", "utf-8")
    (folder / "bad.docx").write_bytes(b"no Word file")
    ended = run("ingest", folder)
    assert ended.status == 1
    assert "3 added" in ended.out
    assert ended.err.splitlines()[-1].startswith("not read: bad.docx")
    assert run("search", "泳池几点开门", "--json").json[0]["source"] == "泳池.txt"


def test_what_is_not_there_is_refused(run: Run, tmp_path: Path):
    assert "nowhere" in run("ingest", tmp_path / "nowhere").refused()
    run("ingest").refused()
    (tmp_path / "empty").mkdir()
    run("ingest", tmp_path / "empty").refused()
    run("ingest", tmp_path / "empty", "--dry-run").refused()


def test_a_strangers_handbook_works_alone(tmp_path: Path, run: Run, handbook: Path):
    fresh = tmp_path / "fresh"
    assert run("--data-dir", fresh, "ingest", handbook).status == 0
    titles = {hit["title"] for hit in run("--data-dir", fresh, "search", "居住证", "--top", "50", "--json").json}
    assert "居住证申领" not in titles
    assert run("--data-dir", fresh, "ask", "居住证怎么办", "--json").json["status"] == "no_basis"


# handbook ------------------------------------------------------------------------------------------------------


def test_a_clean_handbook_is_called_clean(run: Run, handbook: Path):
    ended = run("handbook", "check", handbook)
    assert (ended.status, ended.out) == (0, "the handbook is clean\n")
    assert run("handbook", "check", handbook, "--json").json == []


def test_each_problem_of_a_handbook_is_at_its_file_and_line(run: Run, handbook: Path):
    file = handbook / "items/life/guide-dog.yaml"
    file.write_text(file.read_text("utf-8").replace("material: id-card", "material: moon-card"), "utf-8")
    ended = run("handbook", "check", handbook)
    assert ended.status == 1
    assert "items/life/guide-dog.yaml:9: materials[0].material: moon-card is not in materials.yaml" in ended.out
    assert "1 problems" in ended.out
    problem = run("handbook", "check", handbook, "--json").json[0]
    assert (problem["file"], problem["line"]) == ("items/life/guide-dog.yaml", 9)


def test_a_handbook_is_counted(run: Run, handbook: Path):
    stats = run("handbook", "stats", handbook, "--json").json
    assert (stats["items"], stats["situations"], stats["bundles"], stats["faq"]) == (8, 1, 0, 2)
    assert "items: 8" in run("handbook", "stats", handbook).out


def test_a_folder_that_is_no_handbook_is_refused(run: Run, tmp_path: Path):
    for command in ("check", "stats"):
        run("handbook", command, tmp_path).refused()
        run("handbook", command, tmp_path / "nowhere").refused()


# wrong use -----------------------------------------------------------------------------------------------------


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


# as a process --------------------------------------------------------------------------------------------------


def process(data: Path, *arguments: str | bytes, **given: str) -> subprocess.Popen[bytes]:
    """`xiaoxin …` as a process of its own."""
    command = [sys.executable, "-m", "channels.cli", "--data-dir", str(data), *arguments]
    env = {**os.environ, **EMBEDDED, **given}
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
