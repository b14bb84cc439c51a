"""Cards and licences as they are really laid out: glued labels, split labels, values over several lines."""

import pytest

from preapproval.case import Page, Quad, QualityFinding
from preapproval.extract import extract
from preapproval.kinds import load_kinds
from tests.preapproval.page_lines import back, front, line, page


def values(of: Page, kind: str) -> dict[str, str]:
    return {value.name: value.value for value in extract(of, load_kinds()[kind])}


IDENTITY = {
    "name": "王小样",
    "sex": "女",
    "ethnicity": "汉",
    "birth": "1998-08-13",
    "address": "江苏省常州市新北区样本路12号3幢2单元501室",
    "number": "320499199808132188",
}


def test_the_front_of_an_identity_card_is_read_whole():
    assert values(front(), "id-card") == IDENTITY


def test_labels_that_are_glued_to_their_values_are_parted_from_them():
    glued = page(
        [
            (60, 60, "姓名王小样"),
            (60, 130, "性别女民族汉"),
            (60, 200, "出生1998年8月13日"),
            (60, 280, "住址江苏省常州市新北区样本路"),
            (120, 320, "12号3幢2单元501室"),
            (60, 500, "公民身份号码320499199808132188"),
        ]
    )
    assert values(glued, "id-card") == IDENTITY


def test_a_value_is_cut_out_of_a_line_that_it_shares_with_its_label():
    name = next(value for value in extract(front(), load_kinds()["id-card"]) if value.name == "name")
    left, right = name.quad[0][0], name.quad[1][0]
    assert name.raw == "王小样"
    assert left > 60 + 2 * 30
    assert right - left == pytest.approx(3 * 30, abs=8)


def test_an_address_stops_before_the_number_although_its_label_is_lost():
    lost = page(
        [
            (60, 280, "住址"),
            (150, 280, "江苏省常州市新北区样本路"),
            (150, 320, "12号3幢"),
            (150, 360, "320499199808132188"),
        ]
    )
    assert values(lost, "id-card")["address"] == "江苏省常州市新北区样本路12号3幢"


def test_names_with_a_dot_and_letters_at_the_end_of_numbers_stay():
    read = values(front("买买提•艾力", "11010519491231002x"), "id-card")
    assert (read["name"], read["number"]) == ("买买提·艾力", "11010519491231002X")


def test_a_number_whose_check_character_is_wrong_is_kept_and_not_validated():
    number = next(
        value
        for value in extract(front(number="320499199808132189"), load_kinds()["id-card"])
        if value.name == "number"
    )
    assert (number.value, number.validated) == ("320499199808132189", False)


def test_a_letter_in_a_number_is_put_right_only_where_the_check_character_then_holds():
    right = next(
        value
        for value in extract(front(number="32O4991998O8132188"), load_kinds()["id-card"])
        if value.name == "number"
    )
    assert (right.value, right.validated) == ("320499199808132188", True)
    assert "number" not in values(front(number="32O4991998O8132189"), "id-card")


def test_an_old_number_of_fifteen_digits_is_kept_as_it_is():
    number = next(
        value for value in extract(front(number="320411800307123"), load_kinds()["id-card"]) if value.name == "number"
    )
    assert (number.value, number.validated) == ("320411800307123", False)


@pytest.mark.parametrize(
    ("written", "until"),
    [
        ("2016.05.01-2036.05.01", "2036-05-01"),
        ("2016.05.01-长期", "9999-12-31"),
        ("2016.05.01—2036.05.01", "2036-05-01"),
        ("20160501-20360501", "2036-05-01"),
    ],
)
def test_the_back_of_an_identity_card_says_until_when_it_holds(written: str, until: str):
    read = values(back(written), "id-card")
    assert read == {"authority": "常州市公安局新北分局", "valid_from": "2016-05-01", "valid_until": until}


def test_a_range_that_is_cut_off_gives_no_end():
    assert "valid_until" not in values(back("2016.05.01-2036.05"), "id-card")


def test_a_company_licence_in_landscape_is_read_with_its_columns_apart():
    licence = page(
        [
            line(400, 60, "营业执照", high=70),
            (430, 150, "（副 本）"),
            (60, 60, "统一社会信用代码"),
            (60, 100, "91320499MAQER9C86F"),
            (80, 240, "名"), (180, 240, "称"), (240, 240, "常州样本（新北）商贸有限公司"),
            (80, 290, "类 型"), (240, 290, "有限责任公司(自然人独资)"),
            (80, 340, "法定代表人"), (240, 340, "王小样"),
            (80, 390, "经营范围"), (240, 390, "许可项目：食品销售；一般项目：日用百"),
            (240, 425, "货销售（依法须经批准的项目，经批准"), (240, 460, "后方可开展经营活动）"),
            (900, 240, "注册资本"), (1060, 240, "壹佰万元整"),
            (900, 290, "成立日期"), (1060, 290, "2020年03月05日"),
            (900, 340, "营业期限"), (1060, 340, "2020年03月05日至长期"),
            (900, 390, "住 所"), (1060, 390, "江苏省常州市新北区样本路"), (1060, 425, "12号A座1203室"),
            (900, 600, "登记机关"),
            (1060, 700, "2020 年 03 月 05 日"),
        ],
        size=(1500, 900),
    )  # fmt: skip
    assert values(licence, "business-licence") == {
        "credit_code": "91320499MAQER9C86F",
        "name": "常州样本（新北）商贸有限公司",
        "type": "有限责任公司（自然人独资）",
        "operator": "王小样",
        "scope": "许可项目：食品销售；一般项目：日用百货销售（依法须经批准的项目，经批准后方可开展经营活动）",
        "capital": "1000000",
        "registered_on": "2020-03-05",
        "valid_until": "9999-12-31",
        "address": "江苏省常州市新北区样本路12号A座1203室",
        "issued_on": "2020-03-05",
    }


def test_a_driving_licence_is_read_between_its_english_labels():
    licence = page(
        [
            (250, 40, "中华人民共和国机动车驾驶证"),
            (200, 80, "Driving License of the People's Republic of China"),
            (120, 140, "证号 320499199808132188"),
            (60, 200, "姓名 Name"), (240, 200, "王小样"), (420, 200, "性别 Sex 女"),
            (640, 200, "国籍 Nationality 中国"),
            (60, 260, "住址"), (60, 295, "Address"), (160, 260, "江苏省常州市新北区样本路12号"),
            (300, 350, "出生日期"), (440, 350, "1998-08-13"),
            (300, 400, "初次领证日期"), (500, 400, "2019-09-15"),
            (300, 450, "准驾车型"), (440, 450, "C1E"),
            (60, 510, "有效期限"), (200, 510, "2019-09-15 至 2029-09-15"),
        ]
    )  # fmt: skip
    assert values(licence, "driving-licence") == {
        "number": "320499199808132188", "name": "王小样", "sex": "女", "nationality": "中国",
        "address": "江苏省常州市新北区样本路12号", "birth": "1998-08-13", "issued_on": "2019-09-15", "class": "C1E",
        "valid_from": "2019-09-15", "valid_until": "2029-09-15",
    }  # fmt: skip


def spoilt(problem: str, of: Page, quad: Quad | None = None) -> Page:
    found = QualityFinding.model_validate({"problem": problem, "retake": True, "measure": 1.0, "quad": quad})
    return of.model_copy(update={"quality": (found,)})


def test_under_glare_only_what_proves_itself_is_kept():
    glare = ((200, 270), (500, 270), (500, 360), (200, 360))
    assert values(spoilt("glare", front(), glare), "id-card") == {
        name: value for name, value in IDENTITY.items() if name != "address"
    }
    blurred = values(spoilt("motion_blur", front()), "id-card")
    assert {"name", "address"}.isdisjoint(blurred)
    assert blurred["number"] == IDENTITY["number"]


def test_a_line_with_a_hole_in_it_is_no_address():
    holed = page([(60, 280, "住址 江苏省常"), (500, 280, "松岚街1号"), (60, 500, "公民身份号码 320499199808132188")])
    assert "address" not in values(holed, "id-card")
