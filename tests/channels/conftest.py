"""The edge on the test handbook: an HTTP client in this process, and a server on a port of this machine."""

import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from fastapi.testclient import TestClient

from channels.app import create_app
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
