"""A paper as one HTML page without script, for screens and for printing on A4."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template

from preapproval.notice import Notice


def as_html(notice: Notice) -> str:
    """Self-contained; every value is escaped."""
    return _template().render(notice=notice)


@cache
def _template() -> Template:
    text = (files("preapproval") / "notices" / "notice.html.j2").read_text("utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined).from_string(text)
