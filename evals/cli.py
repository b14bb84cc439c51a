"""The whole `xiaoxin` command: what the product offers, and `eval`, which stands above it and may import it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from channels import cli
from evals import cli_eval


def main(argv: Sequence[str] | None = None) -> int:
    return cli.main(argv, (*cli.COMMANDS, cli_eval))


if __name__ == "__main__":
    sys.exit(main())
