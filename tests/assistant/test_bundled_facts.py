"""Every fact of the bundled handbook, answered from its fields and let through by verify; no model is needed."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.choose_faq import ChosenFaq
from assistant.compose_facts import FactsComposer
from assistant.steps.verify import Verify
from assistant.turn import Question, Turn
from channels.settings import Settings
from channels.wiring import Product, build, build_knowledge, ingest_bundled
from knowledge.item import FACETS
from knowledge.passage import Hit, Scores
from knowledge.situations import all_choices, redirect


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    data = tmp_path_factory.mktemp("bundled")
    given = Settings(data_dir=data, embedder="hashing", vector_store="memory", speech=False, _env_file=None)  # type: ignore[call-arg]
    knowledge = build_knowledge(given)
    ingest_bundled(knowledge)
    knowledge.engine.dispose()
    product = build(given)
    yield product
    product.close()


def test_every_facet_of_every_item_is_answered_with_its_source(bundled: Product):
    live = bundled.live.current
    library, composer, verify = live().library, FactsComposer(live), Verify(live, bundled.replies)
    dropped = []
    for item in library.items.values():
        for facet in FACETS:
            if not library.facet_passage(item.id, facet):
                continue
            turn = Turn(Question("", "c"), text=item.name, item=item, facets=(facet,))
            draft = composer.draft(turn)
            assert draft, (item.id, facet)
            answer = verify(replace(turn, draft=draft)).answer
            assert answer
            if answer.status != "answered" or not answer.citations or not answer.speech.strip():
                dropped.append((item.id, facet, draft.text))
    assert dropped == []


def test_every_frequent_question_of_every_item_is_answered_with_its_source(bundled: Product):
    live = bundled.live.current
    library, composer, verify = live().library, FactsComposer(live), Verify(live, bundled.replies)
    passages, dropped = {(passage.item, passage.field): passage for passage in library.passages}, []
    for item in library.items.values():
        for position, faq in enumerate(item.faq):
            own = Hit(passages[item.id, f"faq[{position}]"], 1.0, Scores(1.0, 1.0, 1.0, 1.0))
            turn = Turn(
                Question("", "c"),
                text=faq.questions[0],
                item=item,
                facets=("overview",),
                faq=ChosenFaq(own, "alone"),
            )
            draft = composer.draft(turn)
            assert draft
            answer = verify(replace(turn, draft=draft)).answer
            if not answer or answer.status != "answered" or faq.answer.rstrip("。") not in answer.text:
                dropped.append((item.id, position, draft.text))
    assert dropped == []


def test_every_exact_list_names_each_of_its_materials(bundled: Product):
    """For every set of answers that a visitor can give."""
    live = bundled.live.current
    library, composer, verify = live().library, FactsComposer(live), Verify(live, bundled.replies)
    missing, lists = [], 0
    for item in library.items.values():
        if not item.materials:
            continue
        for choices in [given for given in all_choices(item)[:40] if not redirect(item, given)]:
            turn = Turn(Question("", "c"), text=item.name, item=item, facets=("materials",), choices=choices)
            draft = composer.draft(turn)
            assert draft
            answer = verify(replace(turn, draft=draft)).answer
            assert answer
            lists += 1
            needed = [
                line.name
                for line in item.materials
                if all(choices.get(name) in values for name, values in line.required_when.items())
            ]
            missing += [(item.id, choices, name) for name in needed if name and name not in answer.text]
    assert lists > 100
    assert missing == []


def test_every_items_own_name_finds_it(bundled: Product):
    library, retriever, wrong = bundled.live.current().library, bundled.retriever(), []
    for item in library.items.values():
        found = [hit.passage.item for hit in retriever.find(f"{item.name}怎么办", top=5)]
        if found[0] != item.id:
            wrong.append((item.id, found))
    assert wrong == []


@pytest.mark.real_model
def test_every_alias_leads_to_its_item_or_is_asked_back(real_product: Product):
    """Or where the item itself sends whoever says so."""
    library, wrong = real_product.live.current().library, []
    for item in library.items.values():
        sends = {option.item for situation in item.situations for option in situation.options}
        for name in (item.name, *item.aliases):
            reply = real_product.assistant.ask(Question(f"{name}怎么办", f"alias-{item.id}-{name}"))
            offered = {option.value for option in reply.answer.options}
            led = reply.turn.item.id if reply.turn.item else None
            if led not in (item.id, *sends - {None}) and item.id not in offered:
                wrong.append((name, item.id, led, reply.answer.reason))
    assert wrong == []
