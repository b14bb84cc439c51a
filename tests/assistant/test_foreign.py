"""Questions in English, Japanese and German, asked through the whole product."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from assistant.compose_facts import FactsComposer
from assistant.steps.verify import unfounded
from assistant.turn import Answer, Draft, Question, Turn
from channels import wiring
from channels.settings import Settings
from knowledge.facet_words import facets_asked
from knowledge.foreign_places import foreign_elsewhere
from knowledge.item import FACETS, Facet
from knowledge.passage import Citation, Passage

SETS = yaml.safe_load(Path(__file__).with_name("foreign_questions.yaml").read_text(encoding="utf-8"))
ANSWERED = [(language, *row) for language, rows in SETS["answered"].items() for row in rows]
UNSEEN = [(language, *row) for language, rows in SETS["unseen"].items() for row in rows]
OUTSIDE = [(language, text) for language, texts in SETS["outside"].items() for text in texts]
LANGUAGES = ("en", "ja", "de")


def _product(folder: Path, embedder: str) -> Iterator[wiring.Product]:
    settings = Settings(data_dir=folder, embedder=embedder, vector_store="memory", _env_file=None)  # pyright: ignore
    knowledge = wiring.build_knowledge(settings)
    wiring.ingest_bundled(knowledge)
    knowledge.engine.dispose()
    product = wiring.build(settings)
    yield product
    product.close()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[wiring.Product]:
    yield from _product(tmp_path_factory.mktemp("plain"), "hashing")


@pytest.fixture
def product(real_product: wiring.Product) -> wiring.Product:
    return real_product


def _ask(
    product: wiring.Product, text: str, conversation: str = "", language: str | None = None
) -> tuple[Turn, Answer]:
    reply = product.assistant.ask(Question(text, conversation or text, language=language))
    return reply.turn, reply.answer


@pytest.mark.real_model
@pytest.mark.parametrize(("language", "text", "item", "facet"), ANSWERED)
def test_a_foreigner_gets_the_facts_of_the_right_item(
    product: wiring.Product, language: str, text: str, item: str, facet: Facet
) -> None:
    turn, answer = _ask(product, text)
    assert (turn.language, answer.status, turn.item and turn.item.id) == (language, "answered", item)
    assert turn.facets == (facet,)


@pytest.mark.real_model
@pytest.mark.parametrize("language", LANGUAGES)
def test_nine_in_ten_of_other_questions_are_answered_exactly(product: wiring.Product, language: str) -> None:
    rows = [row[1:] for row in UNSEEN if row[0] == language]
    missed = []
    for text, item, facet in rows:
        turn, answer = _ask(product, text)
        if (answer.status, turn.item and turn.item.id, turn.facets) != ("answered", item, (facet,)):
            missed.append(text)
    assert len(missed) <= len(rows) / 10, missed


@pytest.mark.real_model
@pytest.mark.parametrize(("language", "text"), OUTSIDE)
def test_what_the_handbook_does_not_hold_is_not_answered(product: wiring.Product, language: str, text: str) -> None:
    turn, answer = _ask(product, text)
    assert turn.language == language
    assert answer.status in ("no_basis", "refused")


@pytest.mark.real_model
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_suggested_question_is_answered_when_it_is_asked(product: wiring.Product, language: str) -> None:
    for item in product.live.current().library.items.values():
        _, answer = _ask(product, item.name_in(language), language=language)
        for suggestion in answer.suggestions:
            turn, second = _ask(product, suggestion)
            assert (second.status, turn.item and turn.item.id, turn.language) == ("answered", item.id, language)


@pytest.mark.real_model
@pytest.mark.parametrize(
    ("first", "second", "item", "facet"),
    [
        ("How do I apply for a residence permit?", "And how long does it take?", "residence-permit", "time"),
        ("How do I renew my passport?", "What does the passport cost?", "passport-renewal", "fee"),
        ("パスポートの更新はどうすればいいですか", "手数料はいくらですか", "passport-renewal", "fee"),
        ("Wie kann ich meinen Reisepass erneuern?", "Und was kostet das?", "passport-renewal", "fee"),
        ("How do I renew my passport?", "How long does marriage registration take?", "marriage-registration", "time"),
    ],
)
def test_a_follow_up_asks_of_the_item_in_hand(
    product: wiring.Product, first: str, second: str, item: str, facet: Facet
) -> None:
    conversation = f"follow-up {first} {second}"
    _ask(product, first, conversation)
    turn, answer = _ask(product, second, conversation)
    assert (answer.status, turn.item and turn.item.id, turn.facets) == ("answered", item, (facet,))


@pytest.mark.real_model
def test_a_choice_between_items_is_offered_and_taken_in_the_language(product: wiring.Product) -> None:
    _, answer = _ask(product, "How do I get a licence?", "choice")
    assert answer.status == "clarify"
    assert all(option.label.isascii() for option in answer.options)
    turn, _ = _ask(product, "the second one", "choice")
    assert turn.language == "en"
    assert turn.item is not None
    assert turn.item.id == answer.options[1].value


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_of_every_item_is_told_with_the_numbers_of_its_source(plain: wiring.Product, language: str) -> None:
    library = plain.live.current().library
    composer = FactsComposer(plain.live.current)
    for item in library.items.values():
        for facet in FACETS:
            if library.facet_passage(item.id, facet) is None:
                continue
            draft = composer.draft(Turn(Question("", ""), language=language, item=item, facets=(facet,)))
            assert draft is not None
            assert unfounded(draft, library.hall.hotline, "", language) == ()
            assert draft.text.startswith(f"【{item.translations[language]} · {item.name}】")  # pyright: ignore
            assert draft.speech


def test_a_time_limit_is_told_in_the_words_of_the_language(plain: wiring.Product) -> None:
    composer, item = FactsComposer(plain.live.current), plain.live.current().library.items["residence-permit"]
    told = {
        "en": "15 days (from the day of acceptance)",
        "ja": "15日（受理の日から）",
        "de": "15 Tage (ab Annahme des Antrags)",
    }
    for language, words in told.items():
        draft = composer.draft(Turn(Question("", ""), language=language, item=item, facets=("time",)))
        assert draft is not None
        assert words in draft.text


def test_a_number_without_a_source_is_found_in_any_language() -> None:
    passage = Passage(title="居住证申领", text="法定办结时限：自受理之日起15日", source="items/residence-permit.yaml")
    draft = replace(_draft(passage), text="It takes 20 days.")
    assert [amount.value for amount in unfounded(draft, "12345", "", "en")] == [20]
    assert unfounded(_draft(passage), "12345", "", "en") == ()


def _draft(passage: Passage) -> Draft:
    return Draft(text="It takes 15 days.", speech="", citations=(Citation.of(passage, passage.text),))


@pytest.mark.parametrize(
    ("language", "text", "facets"),
    [
        ("en", "Which documents do I need and how much does it cost?", ("materials", "fee")),
        ("en", "How long is it valid?", ("result",)),
        ("ja", "どこでいつもらえますか", ("place", "time")),
        ("de", "Was kostet das und wie lange dauert es?", ("fee", "time")),
        ("de", "Ich möchte heiraten", ()),
    ],
)
def test_the_facets_of_a_foreign_question(language: str, text: str, facets: tuple[Facet, ...]) -> None:
    assert facets_asked(text, language) == facets


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("How do I get a residence permit in Shanghai?", "Shanghai"),
        ("I am from Shanghai. How do I get a residence permit?", None),
        ("Ich wohne in Berlin", "Berlin"),
        ("上海で居住証を申請するには", "上海"),
        ("Is this valid in Changzhou or only in Beijing?", None),
    ],
)
def test_a_question_about_another_city_is_told_apart(text: str, place: str | None) -> None:
    assert foreign_elsewhere(text) == place


@pytest.mark.parametrize(
    ("text", "reason"),
    [("Hello!", "greeting"), ("Vielen Dank", "thanks"), ("こんにちは", "greeting"), ("Who are you?", "who_are_you")],
)
def test_small_talk_is_returned_in_the_language(plain: wiring.Product, text: str, reason: str) -> None:
    _, answer = _ask(plain, text)
    assert (answer.status, answer.reason) == ("small_talk", reason)
    assert "您" not in answer.text
