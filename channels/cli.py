"""The `xiaoxin` command. Exit 0 done, 1 the answer is no, 2 wrong use or bad input with one sentence on stderr."""

from __future__ import annotations

import argparse
import io
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from assistant.chat_model import UnusableModel
from channels import cli_admin, cli_ask, cli_doctor, cli_handbook, cli_review, cli_rules, cli_serve, cli_speech
from channels.cli_output import BadInput
from channels.database import DatabaseUnavailable
from channels.settings import Settings
from knowledge.embedders import UnknownEmbedder
from knowledge.index import IndexDamaged, IndexUnavailable
from knowledge.models import ModelUnavailable
from preapproval.reading.reader import ReaderUnavailable
from preapproval.ruleset_files import UnreadableRuleset
from preapproval.vault_keys import VaultError
from speech.recognizer import RecognizerUnavailable
from speech.synthesizer import SynthesizerUnavailable
from speech.voices import VoiceRefused

PROBLEMS = (
    BadInput, DatabaseUnavailable, IndexDamaged, IndexUnavailable, ModelUnavailable, ReaderUnavailable,
    RecognizerUnavailable, SynthesizerUnavailable, UnknownEmbedder, UnreadableRuleset, UnusableModel, VaultError,
    VoiceRefused,
)  # fmt: skip
"""Exceptions whose message is a sentence for the person at the terminal."""


COMMANDS = (cli_serve, cli_handbook, cli_ask, cli_speech, cli_review, cli_rules, cli_admin, cli_doctor)
"""Modules that add commands; whoever stands above this package may give more."""


class Parser(argparse.ArgumentParser):
    """Wrong use is one sentence, not a page."""

    def error(self, message: str) -> None:  # type: ignore[override]
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def main(argv: Sequence[str] | None = None, modules: Sequence[ModuleType] = COMMANDS) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot show a character stops nothing
    arguments = _parser(modules).parse_args(argv)
    try:
        settings = _settings(arguments.data_dir)
        logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
        for talkative in ("alembic", "fontTools", "httpx", "httpx2"):
            logging.getLogger(talkative).setLevel(logging.WARNING)
        status = arguments.run(arguments, settings)
        sys.stdout.flush()
        return status
    except PROBLEMS as problem:
        return _refuse(str(problem))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left to write has no reader
        return 1
    except OSError as error:
        return _refuse(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except DBAPIError as error:
        return _refuse(f"the database failed: {error.orig}")
    except KeyboardInterrupt:
        return 130


def _refuse(sentence: str) -> int:
    print(f"xiaoxin: {' '.join(sentence.split())}", file=sys.stderr)
    return 2


def _settings(data_dir: Path | None) -> Settings:
    try:
        return Settings(data_dir=data_dir) if data_dir else Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        first = error.errors()[0]
        name = "XIAOXIN_" + "_".join(str(part) for part in first["loc"]).upper()
        raise BadInput(f"{name}: {first['msg']}") from error


def _parser(modules: Sequence[ModuleType]) -> argparse.ArgumentParser:
    parser = Parser(prog="xiaoxin", description="A government-service assistant that answers from a hall's handbook.")
    parser.add_argument("--data-dir", type=Path, help="where everything is kept (XIAOXIN_DATA_DIR)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)
    for module in modules:
        module.add_commands(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
