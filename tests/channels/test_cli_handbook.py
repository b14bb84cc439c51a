"""Looking after handbooks on the command line: ingest, forget, check, stats."""

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


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
    assert ended.status == 0
    assert "3 added" in ended.out
    assert ended.err.splitlines()[-1].startswith("not read: bad.docx")
    assert "泳池.txt" in {hit["source"] for hit in run("search", "泳池几点开门", "--json").json}


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
