"""A hall's desk for tests: an app with addresses that ask for roles, and browsers, each with cookies of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.testclient import TestClient

from channels.access import case_key, check_case_key, keep_case_key, new_case_key, require
from channels.access_failures import utc_now
from channels.app import create_app
from channels.settings import Settings
from channels.staff import ROLES, Accounts, StaffMember
from channels.staff_tables import failures, links, sessions, staff
from channels.staff_writing import insert_row, new_row
from preapproval.ledger import Ledger
from preapproval.sign_off_guards import SYSTEM

PASSWORD = "样本 长城 07 号门"
OTHER = "第二个 样本口令 22"
HALL = "样本区政务服务中心"
CASE_KEY, CASE_HASH = new_case_key()

asking = APIRouter(prefix="/test")
"""What the desk's own routes do: ask for a role, for anybody who is signed in, for the key of a case."""


def _ask(role: str) -> Callable[..., str]:
    def answer(member: Annotated[StaffMember, Depends(require(*role.split("+")))]) -> str:
        return member.login

    return answer


for wanted in (*sorted(ROLES), "clerk+senior"):
    asking.add_api_route(f"/{wanted}", _ask(wanted), methods=["GET", "POST"])


@asking.api_route("/cases/{case_id}", methods=["GET", "POST"])
def case(case_id: str, request: Request, key: Annotated[str | None, Depends(case_key)]) -> str:
    check_case_key(request, key, CASE_HASH if case_id == "known" else None)
    return case_id


@asking.get("/cookie")
def cookie(request: Request, response: Response) -> None:
    keep_case_key(request, response, "known", CASE_KEY)


def desk_app(given: Settings) -> FastAPI:
    app = create_app(given)
    app.include_router(asking)
    return app


def open_desk(folder: Path) -> Iterator[FastAPI]:
    """The app on an empty data folder, running."""
    given = Settings(data_dir=folder, embedder="hashing", vector_store="memory", speech=False, _env_file=None)  # type: ignore[call-arg]
    app = desk_app(given)
    with TestClient(app):
        yield app


def empty_of_staff(app: FastAPI) -> Iterator[sa.Engine]:
    """The database, without anybody before and after a test."""
    engine: sa.Engine = app.state.product.knowledge.engine
    yield engine
    with engine.begin() as connection:
        for table in (failures, links, sessions, staff):
            connection.execute(sa.delete(table))


def code_of(answer: Any, status: int) -> str:
    """The code of an error body that came with `status`."""
    assert answer.status_code == status, answer.text
    beside = {"case"} if answer.json()["code"] == "stale_version" else set()
    assert answer.json().keys() == {"code", "message", "request_id"} | beside
    return answer.json()["code"]


class Browser:
    """One browser at one address."""

    def __init__(self, app: FastAPI, address: str, origin: str = "http://testserver") -> None:
        self.http = TestClient(app, base_url=origin, client=(address, 50000), raise_server_exceptions=False)
        self.csrf = ""

    def sign_in(self, login: str, password: str = PASSWORD) -> Any:
        answer = self.http.post("/v1/desk/session", json={"login": login, "password": password})
        if answer.is_success:
            self.csrf = answer.json()["csrf"]
        return answer

    def send(self, method: str, path: str, **given: Any) -> Any:
        return self.http.request(method, path, headers={"x-csrf-token": self.csrf}, **given)

    @property
    def token(self) -> str | None:
        return self.http.cookies.get("xiaoxin_desk")


def account(app: FastAPI, login: str, *roles: str, organisation: str = HALL) -> StaffMember:
    """Somebody with the usual password."""
    engine = app.state.product.knowledge.engine
    row = new_row(login, f"样本 {login}", organisation, roles or ("clerk",), PASSWORD, utc_now())
    with Ledger(engine).entry(SYSTEM, "test.account") as write:
        insert_row(write.connection, row)
    return Accounts(engine).by_login(login)
