"""Kinds of material: what a thing handed in can be, and which fields stand on it. kinds.yaml holds them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import Field

from preapproval.case import Slug, Value

FieldType = Literal["text", "date", "id_number", "credit_code", "phone", "bank_card", "amount", "number", "boolean"]
"""`amount` is yuan, `number` anything counted or measured; both are floats to the rules, dates are days."""


Shape = Literal[
    "free", "person", "party", "company", "address", "long", "sex", "ethnicity", "disability_level", "driving_class",
    "plate", "vin", "code", "property_number", "unit_number",
]  # fmt: skip
"""What a text field looks like; a text of another look is not taken for it. `party` is a person or a company."""


class KindField(Value):
    name: str = Field(pattern=r"^[a-z]+(_[a-z]+)*$")
    label: str
    """As it is printed, and as a rule may write it: 姓名."""
    anchors: tuple[str, ...] = ()
    """Other labels under which it is printed: 法定代表人 for 经营者."""
    type: FieldType = "text"
    shape: Shape = "free"
    side: str | None = None
    many: bool = False
    """Whether a material may hold several, e.g. the persons of a household register."""
    masked: bool = False
    """Shown in part only: identity, phone and account numbers, addresses."""


class Kind(Value):
    """One kind, e.g. 居民身份证."""

    id: Slug
    name: str
    materials: tuple[Slug, ...]
    """Entries of the handbook's materials.yaml that it can be handed in for."""
    sides: dict[str, str] = Field(default_factory=dict)
    """Side -> its label: front -> 人像面."""
    running: bool = False
    """Written in sentences: a label with no mark or space behind it is a word of a sentence."""
    title_words: dict[str, float] = Field(default_factory=dict)
    """Words that speak for the kind, or with a negative weight against it."""
    fields: tuple[KindField, ...] = ()

    def field(self, name: str) -> KindField:
        return next(one for one in self.fields if one.name == name)


@cache
def load_kinds() -> dict[str, Kind]:
    """Id -> kind, in the order of kinds.yaml."""
    rows = yaml.safe_load((files("preapproval") / "kinds.yaml").read_text("utf-8"))["kinds"]
    return {row["id"]: Kind.model_validate(row) for row in rows}
