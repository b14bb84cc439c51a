"""Items and the checklists that visitors take home."""

import io
import re

import pytest
from docx import Document
from fastapi.testclient import TestClient

from channels.app import create_app

DOG = "/v1/items/dog-registration"


def test_the_items_of_the_handbook_are_listed(client: TestClient):
    listed = {item["id"]: item for item in client.get("/v1/items").json()}
    assert {"dog-registration", "guide-dog", "stall-food", "stall-goods", "fishing-boat"} <= listed.keys()
    assert listed["stall-food"] == {
        "id": "stall-food",
        "name": "临时摊位许可（食品）",
        "life_event": "经营发展",
        "audience": ["person"],
        "summary": "在指定区域摆摊卖食品的，办理临时摊位许可。",
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=狗证", {"dog-registration"}),
        ("q=摊位", {"stall-food", "stall-goods"}),
        ("life_event=经营发展", {"stall-food", "stall-goods"}),
        ("life_event=经营发展&q=小吃", {"stall-food"}),
        ("q=飞碟", set()),
    ],
)
def test_items_are_found_by_name_and_life_event(client: TestClient, query: str, found: set[str]):
    assert {item["id"] for item in client.get(f"/v1/items?{query}").json()} == found


def test_an_item_shows_every_field_with_names_filled_in(client: TestClient):
    item = client.get(DOG).json()
    assert item["name"] == "养犬登记"
    assert item["fee"]["charges"][0] == {"name": "登记费", "yuan": 30.0, "unit": "只", "when": {}, "note": None}
    assert item["materials"][0]["name"] == "居民身份证"
    assert item["places"][0]["address"] == "样本路1号"


def test_the_list_without_answers_names_what_is_certain_and_what_depends(client: TestClient):
    told = client.get(f"{DOG}/checklist").json()
    assert [(line["name"], line["original"], line["copies"]) for line in told["lines"]] == [
        ("居民身份证", 1, 1),
        ("狂犬病免疫证明", 1, 0),
        ("犬只照片", 2, 0),
    ]
    assert [(line["name"], line["depends_on"]) for line in told["by_situation"]] == [
        ("房屋租赁合同", ["租赁住房"]),
        ("邻居同意书", ["大型犬"]),
    ]
    assert [question["situation"] for question in told["open_questions"]] == ["home", "breed"]
    assert told["complete"] is False


def test_answers_make_the_list_exact(client: TestClient):
    told = client.get(f"{DOG}/checklist?home=rent&breed=big").json()
    assert [line["name"] for line in told["lines"]] == [
        "居民身份证", "狂犬病免疫证明", "犬只照片", "房屋租赁合同", "邻居同意书",
    ]  # fmt: skip
    assert (told["by_situation"], told["open_questions"], told["complete"]) == ([], [], True)
    assert told["notices"] == ["大型犬出门须戴嘴套"]
    assert [line["name"] for line in told["shared"]] == ["居民户口簿"]
    assert told["url"].endswith("/v1/items/dog-registration/checklist.html?home=rent&breed=big")


def test_an_answer_may_lead_to_another_item(client: TestClient):
    told = client.get(f"{DOG}/checklist?breed=banned").json()
    assert (told["item_instead"], told["lines"]) == ("dog-surrender", [])


@pytest.mark.parametrize("query", ["home=castle", "castle=own", "home=", "home=own&x=1"])
@pytest.mark.parametrize("form", ["", ".html", ".docx", ".svg"])
def test_an_answer_that_is_none_is_refused_by_name(client: TestClient, form: str, query: str):
    response = client.get(f"{DOG}/checklist{form}?{query}")
    assert (response.status_code, response.json()["code"]) == (422, "no_choice")
    assert "养犬登记" in response.json()["message"]


def test_the_page_to_print_names_every_material_and_its_source(client: TestClient):
    response = client.get(f"{DOG}/checklist.html?home=own&breed=small")
    assert response.headers["content-type"].startswith("text/html")
    for words in ("养犬登记", "居民身份证", "狂犬病免疫证明", "犬只照片", "不动产权证书", "购房合同", "居民户口簿"):
        assert words in response.text
    assert "房屋租赁合同" not in response.text
    assert "邻居同意书" not in response.text
    assert "样本区政务服务中心" in response.text
    assert not re.search(r"\{\{|\{%|None\b", response.text)


def test_a_name_with_markup_in_it_is_only_text(settings, handbook, ingest):
    file = handbook / "items/life/guide-dog.yaml"
    text = file.read_text("utf-8").replace("name: 导盲犬备案", "name: 导盲犬<script>alert(1)</script>备案")
    file.write_text(text, "utf-8")
    ingest(settings(), handbook)
    with TestClient(create_app(settings())) as opened:
        page = opened.get("/v1/items/guide-dog/checklist.html").text
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert(1)" not in opened.get("/mobile").text


def test_the_word_file_has_a_box_for_every_material(client: TestClient):
    response = client.get(f"{DOG}/checklist.docx?home=rent&breed=big")
    document = Document(io.BytesIO(response.content))
    lines = [paragraph.text for paragraph in document.paragraphs]
    boxes = [line for line in lines if line.startswith("☐ ")]
    assert [box.split("，")[0] for box in boxes] == [
        "☐ 居民身份证", "☐ 狂犬病免疫证明", "☐ 犬只照片", "☐ 房屋租赁合同", "☐ 邻居同意书", "☐ 居民户口簿",
    ]  # fmt: skip
    assert "☐ 居民身份证，原件1份，复印件1份" in lines
    assert any("000-12345" in line for line in lines)
    assert "《样本区养犬管理办法》第5条" in lines
    assert response.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")


def test_the_qr_code_is_a_picture(client: TestClient):
    response = client.get(f"{DOG}/checklist.svg?home=own")
    assert response.headers["content-type"] == "image/svg+xml"
    assert response.text.lstrip().startswith(("<?xml", "<svg"))


def test_the_address_that_phones_reach_may_be_set(hall):
    given = hall.settings.model_copy(update={"public_url": "https://hall.example/service/"})
    with TestClient(create_app(given)) as opened:
        url = opened.get(f"{DOG}/checklist?home=own").json()["url"]
    assert url == "https://hall.example/service/v1/items/dog-registration/checklist.html?home=own"


def test_the_next_step_of_an_answer_opens_its_checklist(client: TestClient):
    step = client.post("/v1/ask", json={"question": "导盲犬备案要带什么"}).json()["next_step"]
    assert step["kind"] == "checklist"
    address = f"/v1/items/{step['data']['item']}/checklist"
    assert client.get(address, params=step["data"]["choices"]).status_code == 200
