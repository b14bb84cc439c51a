"""The `xiaoxin` command. Exit 0 done, 1 the answer is no, 2 wrong use or bad input with one sentence on stderr."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import ValidationError

from channels import cli_ask, cli_handbook, cli_serve
from channels.cli_output import BadInput
from channels.settings import Settings

Command = Callable[[argparse.Namespace, Settings], int]


class Parser(argparse.ArgumentParser):
    """Wrong use is one sentence, not a page."""

    def error(self, message: str) -> None:  # type: ignore[override]
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    try:
        settings = _settings(arguments.data_dir)
        logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
        return arguments.run(arguments, settings)
    except BadInput as problem:
        print(f"xiaoxin: {problem}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        return 130


def _settings(data_dir: Path | None) -> Settings:
    try:
        return Settings(data_dir=data_dir) if data_dir else Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        first = error.errors()[0]
        name = "XIAOXIN_" + "_".join(str(part) for part in first["loc"]).upper()
        raise BadInput(f"{name}: {first['msg']}") from error


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="xiaoxin", description="A government-service assistant that answers from a hall's handbook.")
    parser.add_argument("--data-dir", type=Path, help="where everything is kept (XIAOXIN_DATA_DIR)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)
    for module in (cli_serve, cli_handbook, cli_ask):
        module.add_commands(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
