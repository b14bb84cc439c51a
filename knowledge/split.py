"""Item -> one passage per facet and FAQ, as words that a citation may quote."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template

from knowledge.catalogue import OtherService
from knowledge.item import FACETS, Facet, ServiceItem
from knowledge.passage import OTHER_SERVICE, Passage

FIELD_OF_FACET: dict[Facet, str] = {
    "overview": "summary",
    "conditions": "conditions",
    "materials": "materials",
    "steps": "steps",
    "time": "time_limit",
    "fee": "fee",
    "place": "places",
    "phone": "phones",
    "online": "online",
    "result": "result",
    "law": "legal_basis",
    "proxy": "proxy",
    "cross_region": "cross_region",
}
"""The field of ServiceItem that each facet shows."""


def split_item(item: ServiceItem, source: str) -> tuple[Passage, ...]:
    """Passages of a resolved item; a facet whose field is empty gives none."""
    passages = [_facet_passage(item, facet, source) for facet in FACETS]
    return (*(passage for passage in passages if passage.text), *_faq_passages(item, source))


def split_other_service(service: OtherService, source: str) -> tuple[Passage, ...]:
    """One passage, by which a question about the service is recognised and passed on."""
    text = passage_template(OTHER_SERVICE).render(service=service).strip()
    names = (service.name, *service.aliases)
    return (Passage(title=service.name, text=text, source=source, field=OTHER_SERVICE, questions=names),)


def _facet_passage(item: ServiceItem, facet: Facet, source: str) -> Passage:
    text = passage_template(facet).render(item=item).strip()
    return Passage(
        title=item.name,
        text=text,
        source=source,
        item=item.id,
        facet=facet,
        field=FIELD_OF_FACET[facet],
        questions=(item.name, *item.aliases, *item.translations.values()) if facet == "overview" else (),
        region=item.region,
        effective_from=item.effective_from,
        effective_to=item.effective_to,
    )


def _faq_passages(item: ServiceItem, source: str) -> list[Passage]:
    return [
        Passage(
            title=item.name,
            text=passage_template("faq").render(faq=faq).strip(),
            source=source,
            item=item.id,
            facet=faq.facets[0] if faq.facets else None,
            field=f"faq[{position}]",
            questions=faq.questions,
            region=item.region,
            effective_from=item.effective_from,
            effective_to=item.effective_to,
        )
        for position, faq in enumerate(item.faq)
    ]


@cache
def passage_template(name: str) -> Template:
    return _environment().get_template(f"{name}.j2")


@cache
def _environment() -> Environment:
    folder = files("knowledge") / "passages"
    return Environment(
        loader=FunctionLoader(lambda name: (folder / name).read_text(encoding="utf-8")),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - plain text, escaped by whatever shows it
    )
