"""python -m evals.specimens OUT_DIR: a specimen of every kind; with --item a whole application and its truth.json."""

from __future__ import annotations

import argparse
from pathlib import Path

from evals.specimens.application import folder
from evals.specimens.degrade import DEGRADATIONS, degrade
from evals.specimens.faults import FAULTS
from evals.specimens.plan import applications
from evals.specimens.render import kinds, render, sides


def main() -> None:
    asked = _arguments()
    if asked.item:
        try:
            folder(asked.out, asked.item, asked.seed, asked.fault, asked.degrade)
        except ValueError as error:
            raise SystemExit(str(error)) from error
        return
    asked.out.mkdir(parents=True, exist_ok=True)
    for kind in [asked.kind] if asked.kind else kinds():
        for side in sides(kind):
            one = render(kind, side=side, seed=asked.seed)
            if asked.degrade:
                one = degrade(one, asked.degrade, seed=asked.seed)
            name = f"{kind}-{side}" if len(sides(kind)) > 1 else kind
            one.image.save(asked.out / f"{name}.png")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evals.specimens", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--kind", choices=kinds(), help="only this kind")
    parser.add_argument("--item", choices=applications(), help="a whole application for this item")
    parser.add_argument("--fault", choices=FAULTS, help="with this fault in the application")
    parser.add_argument("--seed", default="0", help="another seed is another invented person")
    parser.add_argument("--degrade", choices=DEGRADATIONS, help="spoil every picture in this way")
    return parser.parse_args()


if __name__ == "__main__":
    main()
