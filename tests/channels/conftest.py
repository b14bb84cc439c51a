"""The edge on the test handbook: an HTTP client in this process, a server on a port of this machine, commands."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi.testclient import TestClient
from voice_terminal import Terminal

from channels.app import create_app
from channels.cli import main
from channels.wiring import Product


@pytest.fixture(scope="session")
def client(hall: Product) -> Iterator[TestClient]:
    with TestClient(create_app(hall.settings), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture(scope="session")
def server(hall: Product) -> Iterator[str]:
    """The address of a real server, for what only shows on the wire."""
    config = uvicorn.Config(create_app(hall.settings), host="127.0.0.1", port=0, log_level="warning")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started and thread.is_alive():
        time.sleep(0.02)
    port = running.servers[0].sockets[0].getsockname()[1]
    with httpx.Client(trust_env=False) as probe:
        assert probe.get(f"http://127.0.0.1:{port}/healthz").is_success
    yield f"http://127.0.0.1:{port}"
    running.should_exit = True
    thread.join(10)


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
Talk = Callable[..., Any]


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


@pytest.fixture
def talk(hall: Product, tmp_path: Path) -> Talk:
    """Opens terminals of a hall that hears the given lines, one for each utterance."""

    @contextmanager
    def terminal(*lines: str, **given: Any) -> Iterator[Terminal]:
        script = tmp_path / "script.txt"
        script.write_text("\n".join(lines) or "无", "utf-8")
        changed = {"speech": True, "recognizer": f"scripted:{script}", "voice": "tone", "prepare_speech": False}
        settings = hall.settings.model_copy(update={**changed, **given})
        with TestClient(create_app(settings)) as client, client.websocket_connect("/v1/voice") as socket:
            yield Terminal(socket)

    return terminal
