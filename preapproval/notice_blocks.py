"""What a paper is made of, whatever it is drawn as: paragraphs, tables, and the place of the seal."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from preapproval.case import Value

TextStyle = Literal["body", "plain", "small"]
"""`body` begins two characters in; `plain` does not; `small` is for what stands beside the matter."""


class Title(Value):
    kind: Literal["title"] = "title"
    text: str


class Heading(Value):
    kind: Literal["heading"] = "heading"
    text: str


class Text(Value):
    kind: Literal["text"] = "text"
    text: str
    style: TextStyle = "body"


class Table(Value):
    """Rows are never cut; a header, where there is one, is repeated on every page."""

    kind: Literal["table"] = "table"
    header: tuple[str, ...] = ()
    widths: tuple[float, ...]
    """Shares of the width of the page."""
    rows: tuple[tuple[str, ...], ...]
    label_column: bool = False
    """The first column names what the second holds."""


class Sign(Value):
    """Authority, place of the seal and day, on the right, never parted."""

    kind: Literal["sign"] = "sign"
    lines: tuple[str, ...]


class NewPage(Value):
    kind: Literal["page"] = "page"


Block = Annotated[Title | Heading | Text | Table | Sign | NewPage, Field(discriminator="kind")]
