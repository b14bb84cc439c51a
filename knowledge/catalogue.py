"""The catalogues beside the items: materials, places, laws, regions, other services, and the cross-region matrix."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from knowledge.item import Basis, CrossRegionMode, Level, Local, Part, Slug, Text


class CatalogueMaterial(Part):
    """An entry of materials.yaml: one 材料, named once for checklists, answers and pre-review."""

    id: Slug
    name: Text
    aliases: tuple[Text, ...] = ()
    kind: Literal["certificate", "form", "proof", "contract", "photo", "drawing", "statement", "receipt", "other"]
    issuer: str | None = None
    electronic: bool = False
    """Whether an electronic licence (电子证照) is accepted instead."""
    how_to_get: str | None = None
    note: str | None = None


class Place(Part):
    """An entry of places.yaml."""

    id: Slug
    name: Text
    aliases: tuple[Text, ...] = ()
    level: Level
    region: str | None = None
    address: str | None = None
    hours: str | None = None
    phone: str | None = None
    note: str | None = None
    local: Local = "to_be_confirmed"


class OtherService(Part):
    """An entry of other_services.yaml: a service that people ask for and that this handbook does not hold."""

    name: Text
    aliases: tuple[Text, ...] = ()
    department: Text
    phone: str | None = None


class Law(Part):
    """An entry of laws.yaml: a law or rule that items cite."""

    name: Text
    number: str | None = None
    version: date
    """Date of the text that the items were written from."""
    effective_from: date | None = None
    expired_on: date | None = None
    superseded_by: str | None = None
    text_read: bool = True
    """False where the text was not at hand and the fact comes from a public page."""


class Region(Part):
    """An entry of regions.yaml."""

    code: Text
    name: Text
    aliases: tuple[Text, ...] = ()
    level: Level
    parent: str | None = None
    local: Local = "to_be_confirmed"


class Partner(Part):
    """An entry of partners.yaml: a place elsewhere whose hall takes in applications for this one, and the reverse."""

    id: Slug
    name: Text
    aliases: tuple[Text, ...] = ()


class CrossRegionEntry(Part):
    """A line of crossregion.yaml: how one item is handled across regions, and with which partners."""

    item: Slug
    modes: tuple[CrossRegionMode, ...] = Field(min_length=1)
    partners: tuple[Slug, ...] = ()
    basis: Basis | None = None
