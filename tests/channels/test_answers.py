"""Sampled answers over HTTP: editors judge, others read figures, and everybody keeps to their own organisation."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from desk_door import Browser, account, code_of
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.answer_labels import AnswerLabels
from assistant.answer_sample import gone, labels, samples
from channels.app import create_app
from channels.settings import Settings
from channels.staff_tables import failures, links, sessions, staff
from preapproval.ledger import Ledger

HALL = Path(__file__).parent.parent / "handbook"
ANSWERS = "/v1/desk/answers"
ID_NUMBER = "110101199003070011"
Sit = Callable[..., Browser]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, ingest: Any) -> Iterator[FastAPI]:
    values: dict[str, Any] = {"embedder": "hashing", "vector_store": "memory", "speech": False, "_env_file": None}
    given = Settings(data_dir=tmp_path_factory.mktemp("answers"), answer_sample=1.0, **values)
    ingest(given, HALL)
    app = create_app(given)
    with TestClient(app):
        yield app


@pytest.fixture
def engine(app: FastAPI) -> Iterator[sa.Engine]:
    engine: sa.Engine = app.state.product.knowledge.engine
    yield engine
    with engine.begin() as connection:
        for table in (labels, samples, gone, failures, links, sessions, staff):
            connection.execute(sa.delete(table))


@pytest.fixture
def sit(app: FastAPI, engine: sa.Engine) -> Sit:
    """Somebody of the hall at a desk of their own."""

    def signed_in(login: str, *roles: str, organisation: str | None = None) -> Browser:
        account(app, login, *roles, organisation=organisation or app.state.product.live.current().library.hall.name)
        browser = Browser(app, f"10.8.0.{len(login)}")
        assert browser.sign_in(login).is_success
        return browser

    return signed_in


@pytest.fixture
def li(sit: Sit) -> Browser:
    return sit("li", "editor")


@pytest.fixture
def wang(sit: Sit) -> Browser:
    return sit("wang", "editor")


def asked(app: FastAPI, text: str = "养犬登记多少钱", *, second: bool = False, **more: Any) -> str:
    """What a visitor asked; the id of its row."""
    turn = TestClient(app).post("/v1/ask", json={"question": text, **more}).json()["turn_id"]
    with app.state.product.knowledge.engine.begin() as connection:
        mine = samples.c.turn_id == turn
        connection.execute(sa.update(samples).where(mine).values(second=second))
        return connection.execute(sa.select(samples.c.id).where(mine)).scalar_one()


def judge(browser: Browser, row: str, label: str = "right", **more: Any) -> Any:
    return browser.send("POST", f"{ANSWERS}/{row}/label", json={"label": label, **more})


def listed(browser: Browser, state: str = "waiting") -> list[str]:
    return [one["id"] for one in browser.http.get(f"{ANSWERS}?state={state}").json()["answers"]]


def test_an_editor_sees_what_waits_judges_it_and_finds_it_among_the_judged(app: FastAPI, li: Browser):
    row = asked(app, "养犬登记要多久", conversation_id="one", terminal="kiosk-1")
    (seen,) = li.http.get(ANSWERS).json()["answers"]
    assert (seen["question"], seen["item"]["id"], seen["terminal"]) == ("养犬登记要多久", "dog-registration", "kiosk")
    assert "3个工作日" in seen["answer"]
    assert (seen["waiting"], seen["mine"], seen["others"]) == (True, None, [])
    after = judge(li, row, "partly", should_say="还要说从哪天起算", note="样本备注").json()
    assert after["mine"]["label"] == "partly"
    assert (after["mine"]["should_say"], after["mine"]["note"]) == ("还要说从哪天起算", "样本备注")
    assert (listed(li), listed(li, "judged")) == ([], [row])
    assert li.http.get(ANSWERS).json()["waiting"] == 0
    assert li.http.get(f"{ANSWERS}/{row}").json() == after


def test_of_what_is_wrong_the_right_item_is_kept_and_must_exist(app: FastAPI, li: Browser):
    row = asked(app)
    assert code_of(judge(li, row, "wrong", right_item="no-such-item"), 404) == "no_item"
    assert judge(li, row, "wrong", right_item="guide-dog").json()["mine"]["right_item"]["id"] == "guide-dog"
    assert code_of(judge(li, row, "right", right_item="guide-dog"), 422) == "bad_request"


def test_of_two_editors_the_second_is_told_what_the_first_said(app: FastAPI, li: Browser, wang: Browser):
    row = asked(app)
    assert judge(li, row, "wrong").is_success
    answer = judge(wang, row, "right")
    assert code_of(answer, 409) == "already_judged"
    assert answer.json()["message"] == "样本 li已经把这条标为“错”，您的标注没有保存。"
    shown = wang.http.get(f"{ANSWERS}/{row}").json()
    assert [(one["label"], one["who"]) for one in shown["others"]] == [("wrong", "样本 li")]
    assert judge(li, row, "partly").json()["mine"]["label"] == "partly", "one's own label can be changed"


def test_of_a_row_for_two_the_second_editor_judges_blind(app: FastAPI, li: Browser, wang: Browser, sit: Sit):
    row = asked(app, second=True)
    judge(li, row, "wrong")
    shown = wang.http.get(f"{ANSWERS}/{row}").json()
    assert (shown["waiting"], shown["others"]) == (True, [])
    after = judge(wang, row, "right").json()
    assert [one["label"] for one in after["others"]] == ["wrong"]
    assert code_of(judge(sit("zhaoqian", "editor"), row), 409) == "already_judged"
    told = li.http.get(f"{ANSWERS}/figures").json()
    assert told["agreement"] == {"pairs": 1, "same": 0, "kappa": 0}
    assert told["overall"]["shares"]["wrong"]["share"] == 1, "the first label counts"


@pytest.mark.parametrize(("role", "reads"), [("senior", True), ("auditor", True), ("clerk", False), ("admin", False)])
def test_only_editors_read_what_visitors_said(app: FastAPI, sit: Sit, role: str, reads: bool):
    row, other = asked(app), sit("qita", role)
    assert code_of(other.http.get(ANSWERS), 403) == "not_allowed"
    assert code_of(other.http.get(f"{ANSWERS}/{row}"), 403) == "not_allowed"
    assert code_of(judge(other, row), 403) == "not_allowed"
    figures = other.http.get(f"{ANSWERS}/figures")
    assert figures.status_code == (200 if reads else 403)
    assert "养犬登记多少钱" not in figures.text
    assert code_of(Browser(app, "10.9.9.9").http.get(ANSWERS), 401) == "not_signed_in"


def test_another_organisation_finds_nothing(app: FastAPI, li: Browser, sit: Sit):
    row, stranger = asked(app), sit("stranger", "editor", organisation="另一个样本单位")
    assert listed(stranger) == []
    assert code_of(stranger.http.get(f"{ANSWERS}/{row}"), 404) == "no_answer"
    assert code_of(judge(stranger, row), 404) == "no_answer"
    assert stranger.http.get(f"{ANSWERS}/figures").json()["overall"]["sampled"] == 0
    auditor = sit("auditor", "auditor", organisation="另一个样本单位")
    assert auditor.http.get(f"{ANSWERS}/figures").json()["overall"]["sampled"] == 1
    assert listed(li) == [row]


def test_nothing_is_judged_without_the_token_of_the_page(app: FastAPI, li: Browser):
    row = asked(app)
    assert code_of(li.http.post(f"{ANSWERS}/{row}/label", json={"label": "right"}), 403) == "bad_csrf"
    assert listed(li) == [row]


def test_what_was_not_answered_cannot_be_one_that_should_have_been_refused(app: FastAPI, li: Browser):
    row = asked(app, "月球上能办护照吗")
    assert li.http.get(f"{ANSWERS}/{row}").json()["was_answered"] is False
    assert code_of(judge(li, row, "should_have_refused"), 422) == "was_not_answered"
    assert judge(li, row, "right").is_success


def test_an_editor_deletes_what_tells_who_asked_though_it_was_judged(
    app: FastAPI, engine: sa.Engine, li: Browser, sit: Sit
):
    row, other = asked(app), asked(app)
    judge(li, row, "right")
    stranger = sit("stranger", "editor", organisation="另一个样本单位")
    assert code_of(stranger.send("DELETE", f"{ANSWERS}/{row}"), 404) == "no_answer"
    assert code_of(sit("kezhang", "senior").send("DELETE", f"{ANSWERS}/{row}"), 403) == "not_allowed"
    assert code_of(li.http.delete(f"{ANSWERS}/{row}"), 403) == "bad_csrf"
    assert li.send("DELETE", f"{ANSWERS}/{row}").status_code == 204
    assert code_of(li.send("DELETE", f"{ANSWERS}/{row}"), 404) == "no_answer"
    assert (listed(li), listed(li, "judged")) == ([other], [])
    told = li.http.get(f"{ANSWERS}/figures").json()["overall"]
    assert (told["sampled"], told["gone"], told["judged"]) == (2, 1, 0)
    assert next(one["action"] for one in Ledger(engine).entries() if row in one["details"]) == "answers.deleted"


@pytest.mark.parametrize("where", ["note", "should_say"])
def test_personal_numbers_are_not_taken_and_those_of_offices_are(
    app: FastAPI, engine: sa.Engine, li: Browser, where: str
):
    row = asked(app)
    refused = judge(li, row, "wrong", **{where: f"当事人身份证{ID_NUMBER}"})
    assert code_of(refused, 422) == "personal_in_note"
    assert AnswerLabels(engine).get(row, None).judgements == ()
    assert judge(li, row, "wrong", **{where: "应当说电话0519-85125800"}).is_success


@pytest.mark.parametrize(
    "body", [{"label": "fine"}, {}, {"label": "right", "score": 5}, {"label": "wrong", "note": "a" * 501}]
)
def test_what_is_no_label_is_refused(app: FastAPI, li: Browser, body: dict[str, Any]):
    row = asked(app)
    assert code_of(li.send("POST", f"{ANSWERS}/{row}/label", json=body), 422) == "bad_request"


def test_what_went_away_with_its_conversation_is_told(app: FastAPI, li: Browser):
    row = asked(app, conversation_id="leaving")
    assert TestClient(app).delete("/v1/conversations/leaving").status_code == 204
    assert listed(li) == []
    assert code_of(judge(li, row), 404) == "no_answer"
    told = li.http.get(f"{ANSWERS}/figures").json()["overall"]
    assert (told["sampled"], told["gone"], told["judged"], told["shares"]) == (1, 1, 0, None)


def test_a_label_is_an_entry_of_the_ledger_and_a_refusal_is_none(
    app: FastAPI, engine: sa.Engine, li: Browser, wang: Browser
):
    row = asked(app)
    judge(li, row, "wrong", note="样本备注")
    judge(wang, row, "right")
    mine = [one for one in Ledger(engine).entries() if one["action"] == "answers.label" and row in one["details"]]
    assert len(mine) == 1
    assert '"label":"wrong"' in mine[0]["details"]
    assert "样本备注" not in mine[0]["details"]


def test_figures_stand_by_week_terminal_life_event_and_item(app: FastAPI, engine: sa.Engine, li: Browser):
    dog, stall = asked(app), asked(app, "早餐摊要办什么证", terminal="mobile-1")
    away = asked(app, "导盲犬怎么备案", terminal="kiosk-1")
    with engine.begin() as connection:
        last_week = date.today() - timedelta(days=7)
        connection.execute(sa.update(samples).where(samples.c.id == stall).values(day=last_week))
    judge(li, dog, "right")
    judge(li, away, "should_have_refused")
    told = li.http.get(f"{ANSWERS}/figures?weeks=2").json()
    assert [one["judged"] for one in told["by_week"]] == [0, 2]
    assert {one["name"]: one["judged"] for one in told["by_terminal"]} == {"网页": 1, "手机": 0, "自助机": 1}
    assert {one["key"] for one in told["by_event"]} >= {"生活"}
    names = {one["key"]: one["name"] for one in told["by_item"]}
    assert names["dog-registration"] == "养犬登记"
    (life,) = [one for one in told["by_item"] if one["key"] == "dog-registration"]
    assert life["shares"]["right"] == {"share": 1, "low": pytest.approx(0.2065, abs=1e-4), "high": 1}
    assert li.http.get(f"{ANSWERS}/figures?weeks=1").json()["overall"]["sampled"] == 2
    assert code_of(li.http.get(f"{ANSWERS}/figures?weeks=0"), 422) == "bad_request"
