"""The house rules: sizes, directions of imports, no mocks, nothing private or of one machine in the repository."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest
import yaml

from channels.settings import Settings

ROOT = Path(__file__).parent.parent
PACKAGES = ("knowledge", "assistant", "speech", "preapproval", "channels", "evals")
MAY_IMPORT = {
    "knowledge": set(),
    "assistant": {"knowledge"},
    "speech": {"knowledge"},
    "preapproval": {"knowledge"},
    "channels": {"knowledge", "assistant", "speech", "preapproval"},
    "evals": {"knowledge", "assistant", "speech", "preapproval", "channels"},
}
LONGEST_MODULE, LONGEST_FUNCTION, MEDIAN_MODULE = 400, 40, 130
VAGUE = {"utils", "util", "common", "helpers", "helper", "core", "misc", "base", "shared", "tools", "lib"}
TEXTS = {
    ".py", ".md", ".yaml", ".yml", ".toml", ".j2", ".html", ".css", ".js", ".txt", ".jsonl", ".svg", ".lock", ".mako",
    ".example", ".cfg", ".ini", ".sh", "",
}  # fmt: skip

PRIVATE: dict[str, re.Pattern[str]] = {
    "a path of one machine": re.compile(r"(?<![\w.*])/(root|work|home|Users|private|tmp)/\w|[A-Z]:\\\\?Users"),
    "the address of a registry": re.compile(r"https?://[^\s\"')]*(pypi|simple/|/registry|npmjs|huggingface\.co|hf-mirror)"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"),
    "a secret": re.compile(r"\b(sk-[A-Za-z0-9]{20,}|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30,}|xox[bp]-\w{10,})"),
    "a password in an address": re.compile(r"://[^\s:/@{}]+:(?!secret@|\*\*\*@)[^\s:/@{}]+@"),
    "work left to do": re.compile(r"\b(TODO|FIXME|XXX|HACK)\b"),
}  # fmt: skip


@cache
def tracked() -> tuple[Path, ...]:
    """Files of the repository; without git, the files of its folders."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0:
        return tuple(ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file())
    folders = (*PACKAGES, "tests", "docs", "deploy")
    return tuple(path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file())


def modules(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def length(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def imported(path: Path) -> Iterator[str]:
    """Names of the modules that a module imports, deferred imports included."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


# size ----------------------------------------------------------------------------------------------------------


def test_no_module_is_longer_than_a_few_screens():
    long = {shown(path): length(path) for path in modules(*PACKAGES, "tests") if length(path) > LONGEST_MODULE}
    assert long == {}


def test_half_of_the_modules_fit_on_two_screens():
    sizes = [length(path) for path in modules(*PACKAGES) if length(path) > 1]
    assert median(sizes) <= MEDIAN_MODULE


def test_no_function_is_longer_than_one_screen():
    long = {}
    for path in modules(*PACKAGES, "tests"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    long[f"{shown(path)}:{node.name}"] = lines
    assert long == {}


# names and imports ---------------------------------------------------------------------------------------------


def test_files_are_named_for_what_is_in_them():
    vague = [shown(path) for path in modules(*PACKAGES, "tests") if {*path.parts[-2:], path.stem} & VAGUE]
    assert vague == []


def test_packages_import_only_what_lies_below_them():
    wrong = []
    for package in PACKAGES:
        for path in modules(package):
            tops = {name.partition(".")[0] for name in imported(path)} & set(PACKAGES)
            wrong += [f"{shown(path)} imports {top}" for top in tops - MAY_IMPORT[package] - {package}]
    assert wrong == []


def test_the_import_contract_says_the_same():
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    assert set(linter["root_packages"]) == set(PACKAGES)
    layers = [{name.strip() for name in layer.split("|")} for layer in linter["contracts"][0]["layers"]]
    for above, below in pairwise(layers):
        assert all(below <= MAY_IMPORT[package] for package in above)


def test_every_file_that_the_program_reads_is_packed():
    """setuptools packs what package-data names; a template that it leaves out is missing after installation."""
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-data"]["*"]
    kinds = {pattern.removeprefix("*") for pattern in packed} | {".py"}
    read = [path for path in tracked() if shown(path).split("/")[0] in PACKAGES]
    left_out = [shown(path) for path in read if not any(path.name.endswith(kind) for kind in kinds)]
    assert left_out == []


# types of one's own --------------------------------------------------------------------------------------------


def classes() -> Iterator[tuple[Path, ast.ClassDef]]:
    for path in modules(*PACKAGES):
        yield from ((path, node) for node in ast.walk(parsed(path)) if isinstance(node, ast.ClassDef))


def methods(node: ast.ClassDef) -> set[str]:
    return {one.name for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}


def is_protocol(node: ast.ClassDef) -> bool:
    return any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases)


def test_every_protocol_has_two_implementations():
    few = []
    for path, protocol in classes():
        if is_protocol(protocol):
            kinds = [node.name for _, node in classes() if not is_protocol(node) and methods(protocol) <= methods(node)]
            if len(kinds) < 2:
                few.append(f"{shown(path)}:{protocol.name} has {kinds}")
    assert few == []


# tests ---------------------------------------------------------------------------------------------------------


def test_nothing_is_mocked_or_patched():
    mocking = {"mock", "unittest.mock", "pytest_mock", "responses", "respx", "httpretty", "freezegun", "vcr"}
    found = []
    for path in modules("tests"):
        found += [f"{shown(path)} imports {name}" for name in imported(path) if name in mocking]
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.arg) and node.arg in ("monkeypatch", "mocker"):
                found.append(f"{shown(path)}:{node.lineno} takes {node.arg}")
    assert found == []


def test_no_two_test_files_have_one_name():
    names = [path.name for path in modules("tests") if path.name != "conftest.py"]
    assert sorted(names) == sorted(set(names))


def test_test_names_are_sentences():
    short = [
        f"{shown(path)}:{node.name}"
        for path in modules("tests")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and node.name.count("_") < 3
    ]
    assert short == []


# the repository ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", PRIVATE)
def test_the_repository_holds_nothing_private(kind: str):
    found = []
    for path in tracked():
        if path.suffix not in TEXTS or path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            if PRIVATE[kind].search(line):
                found.append(f"{shown(path)}:{number}: {line.strip()[:80]}")
    assert found == []


def test_no_file_is_very_large():
    assert [shown(path) for path in tracked() if path.stat().st_size > 2_000_000] == []


def test_every_yaml_file_of_the_program_can_be_read():
    for path in tracked():
        if path.suffix in (".yaml", ".yml"):
            yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)


# settings ------------------------------------------------------------------------------------------------------


def shown_default(name: str) -> str:
    default = Settings.model_fields[name].default
    return "–" if default is None else f"`{default}`"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_stands_in_the_readme_with_its_default(name: str):
    rows = [line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if line.startswith("| `XIAOXIN_")]
    cells = {row.split("|")[1].strip(): [cell.strip() for cell in row.split("|")[2:-1]] for row in rows}
    description = Settings.model_fields[name].description
    assert cells.get(f"`XIAOXIN_{name.upper()}`") == [shown_default(name), description]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_stands_in_the_example(name: str):
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    default = Settings.model_fields[name].default
    assert f"# XIAOXIN_{name.upper()}={'' if default is None else default}" in lines
    assert f"# {Settings.model_fields[name].description}" in lines


def test_the_readme_names_no_setting_that_is_not_there():
    texts = [(ROOT / name).read_text("utf-8") for name in ("README.md", ".env.example")]
    named = {name for text in texts for name in re.findall(r"XIAOXIN_([A-Z_]+)", text)}
    assert named - {name.upper() for name in Settings.model_fields} == set()
