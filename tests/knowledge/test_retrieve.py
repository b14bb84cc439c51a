"""What a question finds in the test handbook, equal in every vector store."""

from collections.abc import Iterator
from dataclasses import astuple, replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from channels.settings import Settings
from channels.wiring import Knowledge, build_knowledge
from knowledge.ingest import gather
from knowledge.live import LiveLibrary
from knowledge.passage import Hit
from knowledge.retrieve import Retriever

HANDBOOK = Path(__file__).parent.parent / "handbook"
EAST = ("900100-east", "900100")
WEST = ("900100-west", "900100")


@pytest.fixture(scope="module", params=["memory", "chroma"])
def knowledge(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Knowledge]:
    data = tmp_path_factory.mktemp("data")
    given = Settings(data_dir=data, embedder="hashing", vector_store=request.param, _env_file=None)  # type: ignore[call-arg]
    built = build_knowledge(given)
    built.ingester.ingest(gather(HANDBOOK))
    yield built
    built.index.close()
    built.engine.dispose()


@pytest.fixture(scope="module")
def retriever(knowledge: Knowledge) -> Retriever:
    live = LiveLibrary(knowledge.store, knowledge.index, knowledge.embedder.fingerprint).current()
    return Retriever(live.library, knowledge.index, knowledge.embedder.query_vector, knowledge.fusion)


def items(hits: tuple[Hit, ...]) -> list[str | None]:
    """Items in the order of their best hit."""
    return list(dict.fromkeys(hit.passage.item for hit in hits))


@pytest.mark.parametrize(
    ("question", "item", "field"),
    [
        ("养犬登记要带什么材料", "dog-registration", "materials"),
        ("养犬登记要多少钱收费吗", "dog-registration", "fee"),
        ("养犬登记在哪里办去哪个窗口", "dog-registration", "places"),
        ("狗跑丢了要注销登记吗", "dog-registration", "faq[0]"),
        ("哪里可以给狗打疫苗", "dog-registration", "faq[1]"),
        ("导盲犬备案", "guide-dog", "summary"),
        ("百货摊位许可", "stall-goods", "summary"),
        ("观鸟证怎么办", None, "other_service"),
    ],
)
def test_the_passage_that_answers_comes_first(retriever: Retriever, question: str, item: str | None, field: str):
    hit = retriever.find(question)[0]
    assert (hit.passage.item, hit.passage.field) == (item, field)


@pytest.mark.parametrize("question", ["养全登记要带什么材料", "养犬登机"])
def test_a_misheard_word_is_found(retriever: Retriever, question: str):
    assert retriever.find(question)[0].passage.item == "dog-registration"


@pytest.mark.parametrize("question", ["养全登记", "yangquandengji", "yang quan deng ji"])
def test_by_sound_alone_a_word_is_found_however_it_is_written(retriever: Retriever, question: str):
    by_sound = retriever.parts(question)[2]
    assert retriever.library.passages[int(by_sound.argmax())].item == "dog-registration"


@pytest.mark.parametrize("question", ["养犬登记多少钱", "狗", "临时摊位许可", "导盲犬证在哪办"])
def test_the_parts_explain_the_score(retriever: Retriever, question: str):
    weights = retriever.fusion
    for hit in retriever.find(question, top=50):
        parts = hit.parts
        own = (
            weights.meaning * parts.meaning + weights.words * parts.words + weights.sound * parts.sound
            + weights.name * parts.name
        )  # fmt: skip
        told = (1 - weights.item) * own + weights.item * parts.item
        if parts.name >= weights.outright:
            told = max(own, told)
        else:
            told -= weights.lacking * parts.lacking
        assert hit.score == pytest.approx(told, abs=1e-5)
        assert all(0 <= part <= 1 for part in astuple(parts))
        assert 0 < hit.score <= 1


def test_words_spread_over_the_passages_of_an_item_speak_for_it(retriever: Retriever):
    story = "养犬登记和临时摊位许可在哪里申请"
    hits = retriever.find(story, top=500)
    lacking = {hit.passage.item: hit.parts.lacking for hit in hits}
    assert min(lacking.values()) == 0.0 < max(lacking.values())
    without = Retriever(retriever.library, retriever.index, retriever.encode, replace(retriever.fusion, lacking=0.0))
    before = {hit.passage.id: hit.score for hit in without.find(story, top=500)}
    for hit in hits:
        if hit.passage.id in before and hit.parts.name < retriever.fusion.outright:
            fallen = before[hit.passage.id] - hit.score
            assert fallen == pytest.approx(retriever.fusion.lacking * hit.parts.lacking, abs=1e-5)


def test_an_item_out_of_reach_sets_no_measure_for_words(retriever: Retriever):
    everywhere = retriever.find("样本镇临时摊位怎么申请", top=50)
    hidden = Retriever(
        retriever.library, retriever.index, retriever.encode, retriever.fusion, frozenset({everywhere[0].passage.entry})
    ).find("样本镇临时摊位怎么申请", top=50)
    assert min(hit.parts.lacking for hit in hidden) == 0.0


def test_the_passages_of_one_item_stand_for_each_other(retriever: Retriever):
    hits = [hit for hit in retriever.find("狗跑丢了要注销登记吗", top=50) if hit.passage.item == "dog-registration"]
    assert len(hits) > 3
    assert len({hit.parts.item for hit in hits}) == 1
    alone = replace(retriever.fusion, item=0.0)
    own = Retriever(retriever.library, retriever.index, retriever.encode, alone).find("狗跑丢了要注销登记吗", top=50)
    best = sorted((hit.score for hit in own if hit.passage.item == "dog-registration"), reverse=True)[:3]
    assert hits[0].parts.item == pytest.approx(sum(best) / 3, abs=1e-5)


def test_hits_come_best_first_and_no_more_than_asked_for(retriever: Retriever):
    hits = retriever.find("养犬登记要带什么材料", top=7)
    assert len(hits) == 7
    assert all(one.score >= other.score for one, other in pairwise(hits))
    assert retriever.find("养犬登记要带什么材料", top=1) == hits[:1]
    assert len(retriever.find("养犬登记", top=10_000)) <= len(retriever.library.passages)


@pytest.mark.parametrize("name", ["信鸽饲养许可", "共享菜园认领"])
def test_what_is_not_in_force_today_is_not_found(retriever: Retriever, name: str):
    assert name not in {hit.passage.title for hit in retriever.find(name, top=100)}


def test_each_day_has_its_own_answers(retriever: Retriever):
    assert retriever.find("信鸽饲养许可", at=date(2019, 12, 31))[0].passage.item == "pigeon-permit"
    assert "pigeon-permit" not in items(retriever.find("信鸽饲养许可", at=date(2020, 1, 1), top=100))
    assert retriever.find("共享菜园认领", at=date(2999, 1, 1))[0].passage.item == "garden-claim"
    assert "dog-registration" not in items(retriever.find("养犬登记", at=date(2020, 2, 29), top=100))
    assert retriever.find("养犬登记", at=date(2020, 3, 1))[0].passage.item == "dog-registration"


def test_what_holds_in_one_town_is_found_from_there_only(retriever: Retriever):
    assert retriever.find("小渔船登记", regions=EAST)[0].passage.item == "fishing-boat"
    assert "fishing-boat" not in items(retriever.find("小渔船登记", regions=WEST, top=100))
    assert "fishing-boat" not in items(retriever.find("小渔船登记", top=100))
    assert retriever.find("养犬登记", regions=WEST)[0].passage.item == "dog-registration"


@pytest.mark.parametrize("question", ["狗", "a", "1", "？", "🐶", "的"])
def test_a_question_of_one_character_is_no_error(retriever: Retriever, question: str):
    assert all(hit.score > 0 for hit in retriever.find(question))


@pytest.mark.parametrize("question", ["", "   ", "\n\t"])
def test_no_question_finds_nothing(retriever: Retriever, question: str):
    assert retriever.find(question) == ()


def test_an_empty_handbook_finds_nothing(settings):
    knowledge = build_knowledge(settings())
    live = LiveLibrary(knowledge.store, knowledge.index, knowledge.embedder.fingerprint).current()
    retriever = Retriever(live.library, knowledge.index, knowledge.embedder.query_vector, knowledge.fusion)
    assert retriever.find("养犬登记") == ()
    assert retriever.name_scores("养犬登记") == {}


def test_a_handbook_too_large_for_memory_asks_the_vector_store_and_finds_the_same(
    knowledge: Knowledge, retriever: Retriever
):
    asked = Retriever(replace(retriever.library, matrix=None), knowledge.index, retriever.encode, retriever.fusion)
    for question in ("养犬登记要带什么材料", "狗跑丢了要注销登记吗", "导盲犬备案"):
        near, told = asked.find(question, top=5), retriever.find(question, top=5)
        assert [hit.passage.id for hit in near] == [hit.passage.id for hit in told]
        assert [hit.score for hit in near] == pytest.approx([hit.score for hit in told], abs=1e-4)


def test_memory_and_chroma_give_the_same_hits(settings, handbook):
    found = []
    for store in ("memory", "chroma"):
        knowledge = build_knowledge(settings(vector_store=store))
        knowledge.ingester.ingest(gather(handbook))
        live = LiveLibrary(knowledge.store, knowledge.index, knowledge.embedder.fingerprint).current()
        retriever = Retriever(live.library, knowledge.index, knowledge.embedder.query_vector, knowledge.fusion)
        found.append({q: retriever.find(q, top=10) for q in ("养犬登记要带什么材料", "摊位许可", "观鸟证", "狗")})
        knowledge.index.close()
        knowledge.engine.dispose()
    for question, hits in found[0].items():
        assert [hit.passage for hit in hits] == [hit.passage for hit in found[1][question]]
        assert np.allclose([hit.score for hit in hits], [hit.score for hit in found[1][question]], atol=1e-5)


def test_the_rule_of_the_nearest_region_stands_before_the_general_one(settings, handbook: Path):
    general = (handbook / "items/life/guide-dog.yaml").read_text("utf-8")
    for place, fee in (("east", 3), ("west", 4)):
        own = general.replace("id: guide-dog", f"id: guide-dog-{place}\nregion: 900100-{place}")
        own = own.replace("fee: {free: true", f"fee: {{free: false, charges: [{{name: 工本费, yuan: {fee}}}]")
        (handbook / f"items/life/guide-dog-{place}.yaml").write_text(own, "utf-8")
    knowledge = build_knowledge(settings())
    knowledge.ingester.ingest(gather(handbook))
    live = LiveLibrary(knowledge.store, knowledge.index, knowledge.embedder.fingerprint).current()
    retriever = Retriever(live.library, knowledge.index, knowledge.embedder.query_vector, knowledge.fusion)
    for regions, only in (
        (EAST, "guide-dog-east"),
        (("900100-west-mill", *WEST), "guide-dog-west"),
        (("900100",), "guide-dog"),
        ((), "guide-dog"),
    ):
        found = items(retriever.find("导盲犬备案多少钱", regions=regions, top=100))
        assert {item for item in found if item and item.startswith("guide-dog")} == {only}
    knowledge.engine.dispose()


def test_an_item_that_is_named_and_does_not_hold_is_told_apart_from_one_that_is_not_there(retriever: Retriever):
    assert retriever.out_of_reach("信鸽饲养许可怎么办") == "pigeon-permit"
    assert retriever.out_of_reach("小渔船登记怎么办", regions=WEST) == "fishing-boat"
    assert retriever.out_of_reach("小渔船登记怎么办", regions=EAST) is None
    assert retriever.out_of_reach("养犬登记怎么办") is None
    assert retriever.out_of_reach("火星签证怎么办") is None
