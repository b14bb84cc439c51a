"""Contracts, registers, forms and certificates: sentences over lines, cells of two lines, several persons."""

import pytest

from preapproval.case import Line, Page
from preapproval.extract import extract
from preapproval.kinds import load_kinds
from tests.preapproval.page_lines import Placed, line, page

HIS, HERS = "11010519491231002X", "320499199808132188"


def values(of: Page, kind: str) -> dict[str, str]:
    return {value.name: value.value for value in extract(of, load_kinds()[kind])}


def many(of: Page, kind: str, name: str) -> list[str]:
    return [value.value for value in extract(of, load_kinds()[kind]) if value.name == name]


def sheet(*rows: Placed | Line) -> Page:
    return page(rows, size=(1000, 1400))


def test_a_lease_in_sentences_is_read_over_its_line_breaks():
    lease = sheet(
        line(300, 40, "房屋租赁合同", high=46),
        (60, 120, "甲方（出租方）：李小样　身份证号：" + HIS),
        (60, 170, "乙方（承租方）：王小样　身份证号：" + HERS),
        (60, 220, "一、甲方将位于江苏省常州市新北区样本路12号样本花"),
        (60, 260, "园3幢2单元501室的房屋出租给乙方居住使用。"),
        (60, 300, "二、租赁期限自二〇二五年十月六日起至二〇二七年十月"),
        (60, 340, "五日止，共二十四个月。"),
        (60, 380, "三、月租金为人民币（大写）壹仟捌佰元整（¥1,800.00元），押金3600元。"),
        (60, 900, "签订日期：2025年10月3日"),
    )
    assert values(lease, "lease") == {
        "landlord": "李小样", "landlord_number": HIS, "tenant": "王小样", "tenant_number": HERS,
        "address": "江苏省常州市新北区样本路12号样本花园3幢2单元501室", "start": "2025-10-06", "end": "2027-10-05",
        "rent": "1800.00", "deposit": "3600", "signed_on": "2025-10-03",
    }  # fmt: skip


def test_parties_side_by_side_keep_their_own_numbers():
    lease = sheet(
        (60, 120, "出租人：李小样"), (560, 120, "承租人：王小样"),
        (60, 170, "身份证号：" + HIS), (560, 170, "身份证号：" + HERS),
    )  # fmt: skip
    read = values(lease, "lease")
    assert (read["landlord_number"], read["tenant_number"]) == (HIS, HERS)


def test_a_rent_whose_figures_and_capitals_disagree_is_not_taken():
    assert "rent" not in values(sheet((60, 120, "月租金：人民币1800元（大写：壹仟玖佰元整）")), "lease")


def test_a_sentence_that_begins_with_a_party_names_nobody():
    terms = sheet((60, 120, "甲方应当按时交付房屋"), (60, 170, "乙方承租该房屋用于居住"))
    assert values(terms, "lease") == {}


def test_a_power_of_attorney_names_both_persons_the_matter_and_its_end():
    paper = sheet(
        line(300, 40, "授权委托书", high=46),
        (60, 120, "委托人：王小样　性别：女"), (60, 160, "身份证号码：" + HERS),
        (60, 200, "受托人：李小样"), (60, 240, "身份证号码：" + HIS),
        (60, 300, "委托事项：居住证申领"), (60, 340, "委托期限：自2026年5月30日至2026年7月31日"),
        (600, 800, "委托人（签字）："), (600, 850, "2026年5月30日"),
    )  # fmt: skip
    read = values(paper, "power-of-attorney")
    assert (read["principal"], read["principal_number"]) == ("王小样", HERS)
    assert (read["agent"], read["agent_number"]) == ("李小样", HIS)
    assert (read["matter"], read["valid_until"]) == ("居住证申领", "2026-07-31")


def test_an_agent_named_in_a_sentence_is_found():
    paper = sheet((60, 120, "本人王小样，兹委托李小样（身份证号" + HIS + "）代为办理居住证申领手续。"))
    read = values(paper, "power-of-attorney")
    assert (read["agent"], read["agent_number"], read["matter"]) == ("李小样", HIS, "居住证申领")


def test_a_register_page_gives_its_member_and_the_first_page_its_household():
    first = page([(60, 60, "户别 非农业家庭户"), (500, 60, "户主姓名 王大样"), (60, 120, "户号 003201234"),
        (60, 180, "住址 江苏省常州市新北区样本路12号")])  # fmt: skip
    assert values(first, "household-register") == {
        "household_number": "003201234", "head": "王大样", "household_type": "非农业家庭户",
        "address": "江苏省常州市新北区样本路12号",
    }  # fmt: skip
    member = page([
        (60, 60, "姓名 王小样"), (500, 60, "户主或与户主关系 长女"), (60, 120, "曾用名"), (500, 120, "性别 女"),
        (60, 180, "出生日期 1998年8月13日"), (60, 240, "公民身份证件编号 " + HERS),
    ])  # fmt: skip
    assert values(member, "household-register") == {
        "member_name": "王小样", "relation": "长女", "sex": "女", "birth": "1998-08-13", "number": HERS,
    }  # fmt: skip


def test_every_owner_of_a_property_is_named():
    paper = page([
        (60, 60, "苏（2019）常州市不动产权第 2313077 号"), (60, 120, "权利人"), (300, 120, "王小样、李小样"),
        (60, 200, "坐落"), (300, 182, "江苏省常州市新北区样本路12号"), (300, 218, "3幢2单元501室"),
        (60, 260, "不动产单元号"), (300, 260, "320499 917656 GB29215 F86968727"),
        (60, 320, "面积"), (300, 320, "房屋建筑面积：122.24㎡"),
        (60, 380, "使用期限"), (300, 380, "国有建设用地使用权2013年02月27日起2083年02月26日止"),
    ])  # fmt: skip
    assert many(paper, "property-certificate", "owner") == ["王小样", "李小样"]
    read = values(paper, "property-certificate")
    assert read["number"] == "苏（2019）常州市不动产权第2313077号"
    assert read["address"] == "江苏省常州市新北区样本路12号3幢2单元501室"
    assert read["unit_number"] == "320499917656GB29215F86968727"
    assert (read["area"], read["term_end"]) == ("122.24", "2083-02-26")


def test_what_is_written_by_hand_says_so_and_only_a_check_character_validates_it():
    form = sheet(
        (60, 120, "姓名"), line(240, 115, "王小样", high=38, hand=True),
        (60, 200, "公民身份号码"), line(300, 195, HERS, high=38, hand=True),
        (60, 280, "申请日期"), line(240, 275, "2026年3月5日", high=38, hand=True),
    )  # fmt: skip
    read = {value.name: value for value in extract(form, load_kinds()["application-form"])}
    assert all(read[name].handwritten for name in ("name", "number", "signed_on"))
    assert (read["number"].validated, read["name"].validated, read["signed_on"].validated) == (True, False, False)


def test_an_address_in_a_cell_of_two_lines_is_read_whole_and_leaves_the_next_cell_alone():
    form = sheet(
        (60, 120, "姓名"), (240, 120, "王小样"),
        (60, 220, "现住址"), (240, 202, "江苏省常州市新北区样本路12号"), (240, 238, "3幢2单元501室"),
        (60, 330, "联系电话"), (240, 330, "15431041125"), (520, 330, "邮编"), (620, 330, "213000"),
    )  # fmt: skip
    read = values(form, "application-form")
    assert read == {"name": "王小样", "address": "江苏省常州市新北区样本路12号3幢2单元501室", "phone": "15431041125"}


def test_a_matter_that_names_the_identity_card_is_read_whole():
    form = sheet((60, 120, "身份证号码"), (240, 120, HERS), (60, 200, "申请事项"), (240, 200, "居民身份证换领"))
    assert values(form, "application-form") == {"number": HERS, "item": "居民身份证换领"}


def test_an_empty_cell_does_not_take_what_stands_in_the_next_one():
    form = sheet((60, 120, "姓名"), (400, 120, "性别"), (520, 120, "女"), (60, 180, "联系电话"),
        (60, 240, "住址"), (240, 240, "江苏省常州市新北区样本路12号"))  # fmt: skip
    assert values(form, "application-form") == {"address": "江苏省常州市新北区样本路12号"}


@pytest.mark.parametrize(
    ("written", "number", "level"),
    [("32049919980813218843", "32049919980813218843", "三级"),
    ("32049919980813218843B1", "32049919980813218843B1", "叁级")],
)  # fmt: skip
def test_the_number_of_a_disability_certificate_holds_the_identity_number(written: str, number: str, level: str):
    paper = page([(60, 60, "残疾人证号 " + written), (60, 120, "残疾类别 肢体"), (60, 180, "残疾等级 " + level)])
    read = values(paper, "disability-certificate")
    assert (read["number"], read["level"], read["category"]) == (number, "三级", "肢体")


def test_an_invoice_keeps_buyer_and_seller_apart():
    paper = page([
        (60, 60, "发票号码：26322000000975489760"), (600, 60, "开票日期：2026年05月05日"),
        (60, 150, "名称：王小样"), (600, 150, "名称：常州样本物业有限公司"), (60, 400, "价税合计（大写） 伍仟壹佰元整"),
        (600, 400, "（小写）¥5,100.00"),
    ])  # fmt: skip
    assert values(paper, "invoice") == {
        "number": "26322000000975489760", "issued_on": "2026-05-05", "amount": "5100.00", "buyer": "王小样",
        "seller": "常州样本物业有限公司",
    }  # fmt: skip


def attorney(*rows: Placed) -> Page:
    return sheet(
        line(435, 148, "授权委托书", high=62),
        (148, 327, "委托人：李月娥"),
        (148, 557, "受托人：萧书瑶"),
        (209, 787, "委托人因工作原因不能亲自到窗口办理，现委托上列受托人代为办"),
        *rows,
        (148, 1250, "签署日期：2026年5月30日"),
    )


def matter(*rows: Placed) -> str | None:
    return values(attorney(*rows), "power-of-attorney").get("matter")


def test_what_glare_left_of_a_neighbouring_label_is_no_value():
    assert matter((148, 840, "理下列事项。"), (148, 925, "委托事项："), (148, 998, "委托权限：代为提交")) is None
    assert matter((148, 840, "理下列事项"), (148, 925, "委托事"), (148, 992, "委托权"), (860, 992, "证件。")) is None
    assert matter((148, 840, "理"), (148, 925, "委托事"), (148, 992, "委托权"), (860, 992, "证件。")) is None
    assert matter((148, 840, "理下列事项。"), (148, 925, "委托事项："), (370, 965, "托权限：代为提交材料")) is None


def test_a_matter_that_is_there_is_read():
    assert (
        matter((148, 840, "理下列事项。"), (148, 925, "委托事项：居住证申领"), (148, 998, "委托权限：代为"))
        == "居住证申领"
    )
    assert matter((148, 840, "理居住证申领手续。")) == "居住证申领"


def test_a_value_that_holds_another_label_with_its_colon_is_dropped():
    form = sheet(line(300, 60, "授权委托书", high=62), (148, 200, "委托事项：代交材料电话：0519-85000000"))
    assert "matter" not in values(form, "power-of-attorney")


@pytest.mark.parametrize(("twice", "read"), [(True, "92320499MANQ834U71"), (False, None)])
def test_a_wrong_credit_code_away_from_its_label_is_read_where_two_looks_agree(twice: bool, read: str | None):
    code = line(131, 297, "92320499MANQ834U71").model_copy(update={"twice": twice})
    licence = sheet(
        (131, 200, "统一社会信用代码"), (700, 210, "了解更多登记、"), line(400, 230, "营业执照", high=60),
        (700, 250, "备案、许可、监"), code, (131, 400, "名称 新北区春江青禾超市"),
    )  # fmt: skip
    assert values(licence, "business-licence").get("credit_code") == read
