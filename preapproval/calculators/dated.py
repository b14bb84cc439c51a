"""Parameters as dated data: which rows are in force on a day."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import Any

import yaml
from pydantic import Field

from knowledge.item import Local
from preapproval.case import Value


class Dated(Value):
    """A set of parameters that holds from a day until another, both included, with where it stands in law."""

    effective_from: date
    effective_to: date | None = None
    basis: str = Field(min_length=1)
    local: Local | None = None

    def holds_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)

    @property
    def confirmed(self) -> bool:
        return self.local != "to_be_confirmed"


def read_rows(name: str) -> list[Any]:
    """Rows of a bundled file."""
    return yaml.safe_load((files("preapproval.calculators") / name).read_text("utf-8"))["sets"]
