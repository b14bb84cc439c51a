"""Real small parts for every test: a hand-written handbook, a product built on it, and a closed network."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from chromium import CHROMIUM

from channels.settings import Settings
from channels.wiring import Product, build, build_knowledge, ingest_bundled
from knowledge.ingest import IngestReport, gather

HANDBOOK = Path(__file__).parent / "handbook"
"""An invented district with ten items: situations, 不是, an expired, a future and a regional one."""

MakeSettings = Callable[..., Settings]
OpenProduct = Callable[[Settings], Product]
Ingest = Callable[..., IngestReport]

for name in [name for name in os.environ if name.startswith("XIAOXIN_")]:
    del os.environ[name]

hypothesis.settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.load_profile("untimed")


class NetworkClosed(RuntimeError):
    """A test reached for a machine other than this one."""


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    """Loopback and unix sockets only, for `connect` and for name look-ups."""
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        _check(str(arguments[1][0]))
    elif event == "socket.getaddrinfo" and arguments[0]:
        _check(arguments[0] if isinstance(arguments[0], str) else bytes(arguments[0]).decode())


def _check(host: str) -> None:
    if host in ("localhost", "testserver"):
        return
    try:
        local = ip_address(host).is_loopback or ip_address(host).is_unspecified
    except ValueError:
        local = False
    if not local:
        raise NetworkClosed(f"the network is closed in tests; {host} was asked for")


sys.addaudithook(_guard)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where several processes share the tests, a file stays in one, and so do all that share the bundled handbook."""
    for item in items:
        shares = "real_product" in getattr(item, "fixturenames", ())
        item.add_marker(pytest.mark.xdist_group("bundled" if shares else item.path.stem))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """No test of another kind finds the event loop of a browser in its thread."""
    if item.get_closest_marker("browser") is None:
        CHROMIUM.close()


def pytest_sessionfinish() -> None:
    CHROMIUM.close()


@pytest.fixture
def settings(tmp_path: Path) -> MakeSettings:
    """Settings of an embedded hall in a folder of its own, without a model; arguments override."""

    def make(**given: Any) -> Settings:
        values = {
            "data_dir": tmp_path / "data",
            "embedder": "hashing",
            "vector_store": "memory",
            "speech": False,
            **given,
        }
        return Settings(**values, _env_file=None)  # pyright: ignore[reportCallIssue]

    return make


@pytest.fixture
def handbook(tmp_path: Path) -> Path:
    """A copy of the test handbook that a test may change."""
    return Path(shutil.copytree(HANDBOOK, tmp_path / "handbook"))


@pytest.fixture
def open_product() -> Iterator[OpenProduct]:
    """Builds products and closes them at the end."""
    opened: list[Product] = []

    def open_one(given: Settings) -> Product:
        opened.append(build(given))
        return opened[-1]

    yield open_one
    for product in opened:
        product.close()


@pytest.fixture
def product(settings: MakeSettings, handbook: Path, open_product: OpenProduct) -> Product:
    """A product that holds `handbook` and nothing else; for tests that change it."""
    _ingest(settings(), handbook)
    return open_product(settings())


@pytest.fixture(scope="session")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product on the test handbook that all tests share, and none changes."""
    data = tmp_path_factory.mktemp("hall")
    given = Settings(data_dir=data, embedder="hashing", vector_store="memory", speech=False, _env_file=None)  # type: ignore[call-arg]
    _ingest(given, HANDBOOK)
    built = build(given)
    yield built
    built.close()


@pytest.fixture(scope="session")
def real_product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product as it is installed: bundled handbook, bundled e5, embedded Chroma."""
    given = Settings(data_dir=tmp_path_factory.mktemp("real"), _env_file=None)  # type: ignore[call-arg]
    knowledge = build_knowledge(given)
    ingest_bundled(knowledge)
    knowledge.index.close()
    knowledge.engine.dispose()
    built = build(given)
    yield built
    built.close()


@pytest.fixture(scope="session")
def ingest() -> Ingest:
    """Brings folders into the data of some settings, as `xiaoxin ingest` does, and closes everything again."""
    return _ingest


def _ingest(given: Settings, *folders: Path) -> IngestReport:
    knowledge = build_knowledge(given)
    try:
        return [knowledge.ingester.ingest(gather(folder)) for folder in folders][-1]
    finally:
        knowledge.index.close()
        knowledge.engine.dispose()
