"""Comparing names, companies and addresses as an officer would, and never failing what reading may have done."""

import pytest

from preapproval.addresses import parse_address
from preapproval.compare import same_address, same_company, same_name

HOME = "江苏省常州市新北区样本路12号3幢2单元501室"


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (HOME, "match"),
        ("江苏省常州市新北区样本路１２号３幢２单元５０１室", "match"),
        ("江苏省 常州市新北区样本路12号 3幢2单元501室", "match"),
        ("常州市新北区样本路12号3-2-501", "match"),
        ("新北区样本路12号3幢2单元501室", "match"),
        ("江苏省常州市新北区龙虎塘街道样本路12号3幢2单元501室", "match"),
        ("江蘇省常州市新北區樣本路12號3幢2單元501室", "match"),
        ("样本路12号3幢2单元501室", "unclear"),
        ("江苏省常州市新北区样本路12号", "unclear"),
        ("江苏省常州市新北区样木路12号3幢2单元501室", "unclear"),
        ("江苏省常州市新北区样本路13号3幢2单元501室", "differs"),
        ("江苏省常州市新北区样本路12号3幢2单元502室", "differs"),
        ("江苏省常州市武进区样本路12号3幢2单元501室", "differs"),
        ("江苏省常州市新北区乙样街12号3幢2单元501室", "differs"),
        ("", "unclear"),
    ],
)  # fmt: skip
def test_an_address_is_compared_part_by_part_with_its_numbers_exact(other: str, expected: str):
    assert same_address(HOME, other) == expected
    assert same_address(other, HOME) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("江苏省常州市溧阳市样本镇样本村3组12号", "江苏省溧阳市样本镇样本村三组12号", "match"),
        ("江苏省常州市溧阳市样本镇样本村3组12号", "江苏省常州市新北区样本镇样本村3组12号", "differs"),
        ("常州市新北区样本路8号A座1203", "常州市新北区样本路8号B座1203", "differs"),
        ("北京市朝阳区样本路十二号", "北京朝阳区样本路12号", "match"),
    ],
)
def test_cities_below_cities_and_chinese_numerals_are_understood(one: str, other: str, expected: str):
    assert same_address(one, other) == expected


def test_an_address_falls_into_its_parts():
    address = parse_address("江苏省常州市新北区三井街道样本路12号样本花园3幢2单元501室")
    assert (address.province, address.city, address.district, address.town) == ("江苏", "常州", "新北", "三井")
    assert address.names == ("样本路", "样本花园")
    assert address.numbers == ("12", "3", "2", "501")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("王小样", "王小样", "match"),
        ("王 小 样", "王小样", "match"),
        ("買買提•艾力", "买买提·艾力", "match"),
        ("买买提.艾力", "买买提艾力", "match"),
        ("黃小样", "黄小样", "match"),
        ("王建国", "王建军", "differs"),
        ("王小样", "李小样", "differs"),
        ("王*样", "王小样", "unclear"),
        ("买买提·艾", "买买提·艾力", "unclear"),
        ("李己", "李已", "unclear"),
        ("", "王小样", "unclear"),
    ],
)
def test_a_name_is_the_same_whatever_its_dots_and_variants(one: str, other: str, expected: str):
    assert same_name(one, other) == expected
    assert same_name(other, one) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("常州样本（新北）商贸有限公司", "常州样本(新北)商贸有限公司", "match"),
        ("常州样本新北商贸有限公司", "常州样本(新北)商贸有限公司", "unclear"),
        ("常州样本商贸有限公", "常州样本商贸有限公司", "unclear"),
        ("常州样本商贸有限公司", "常州乙样餐饮有限公司", "differs"),
        ("样本小店", "范例小铺", "differs"),
    ],
)
def test_a_company_that_differs_by_what_reading_loses_is_unclear(one: str, other: str, expected: str):
    assert same_company(one, other) == expected
