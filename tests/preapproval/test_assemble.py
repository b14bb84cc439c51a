"""Pages become materials: sides of one card together, cards of two persons apart, contracts whole."""

from preapproval.assemble import assemble
from preapproval.case import Line, Page
from tests.preapproval.page_lines import Placed, back, front, line, page, read

SECOND = "11010519491231002X"
LEASE: list[Placed | Line] = [
    line(300, 40, "房屋租赁合同", high=46),
    (60, 120, "出租方（甲方）：李小样"), (60, 170, "承租方（乙方）：王小样"),
    (60, 220, "身份证号码：320499199808132188"),
    (60, 270, "租赁期限自2025年10月6日起至2027年10月5日止。"), (400, 900, "第1页 共2页"),
]  # fmt: skip
CARRIED_ON: list[Placed | Line] = [
    (60, 120, "任何一方违反约定的，应当向对方支付违约金。"), (60, 170, "本页以下无正文。"), (400, 900, "第2页 共2页"),
]  # fmt: skip


def lease(*parts: list[Placed | Line], file: str) -> tuple[Page, ...]:
    return tuple(page(lines, size=(1000, 1400), file=file, number=at) for at, lines in enumerate(parts, 1))


def test_front_and_back_of_one_card_are_one_material():
    (card,) = assemble([read(front()), read(back())])
    assert (card.id, card.kind, card.sides) == ("m1", "id-card", ("front", "back"))
    assert [ref.file[0] for ref in card.pages] == ["a", "b"]
    assert {value.name for value in card.fields} >= {"name", "number", "authority", "valid_until"}


def test_both_sides_on_one_sheet_are_one_material_too():
    (card,) = assemble([read(front(file="a", part=1), back(file="a", part=2))])
    assert card.sides == ("front", "back")


def test_cards_of_two_persons_stay_apart_with_the_back_that_follows_each():
    cards = assemble([
        read(front(file="a")), read(back("2016.05.01-2036.05.01", file="b")),
        read(front("李小样", SECOND, file="c")), read(back("2020.01.01-长期", file="d")),
    ])  # fmt: skip
    assert [[ref.file[0] for ref in card.pages] for card in cards] == [["a", "b"], ["c", "d"]]
    assert [next(v.value for v in card.fields if v.name == "valid_until") for card in cards] == [
        "2036-05-01",
        "9999-12-31",
    ]


def test_two_fronts_and_then_two_backs_pair_in_their_order():
    cards = assemble([
        read(front(file="a")), read(front("李小样", SECOND, file="b")), read(back(file="c")),
        read(back("2020.01.01-长期", file="d")),
    ])  # fmt: skip
    assert [[ref.file[0] for ref in card.pages] for card in cards] == [["a", "c"], ["b", "d"]]


def test_two_fronts_are_two_materials_and_a_back_belongs_to_the_one_before_it():
    cards = assemble([read(front(file="a")), read(front("李小样", SECOND, file="b")), read(back(file="c"))])
    assert [card.sides for card in cards] == [("front",), ("front", "back")]


def test_a_card_handed_in_twice_whose_back_came_once_has_it_both_times():
    own, again = assemble([read(front(file="a")), read(back(file="b")), read(front(file="c"))])
    assert [[ref.file[0] for ref in card.pages] for card in (own, again)] == [["a", "b"], ["c", "b"]]
    assert again.sides == ("front", "back")
    assert "valid_until" in {value.name for value in again.fields}


def test_the_back_of_another_persons_card_is_not_borrowed():
    _, other = assemble([read(front(file="a")), read(back(file="b")), read(front("李小样", SECOND, file="c"))])
    assert other.sides == ("front",)


def test_a_page_of_a_contract_that_says_nothing_of_itself_belongs_to_the_contract():
    (contract,) = assemble([read(*lease(LEASE, CARRIED_ON, file="a"))])
    assert (contract.kind, len(contract.pages)) == ("lease", 2)
    assert {v.name: v.value for v in contract.fields}["end"] == "2027-10-05"


def test_pages_photographed_one_by_one_are_joined_by_their_footers():
    (contract,) = assemble([read(*lease(LEASE, file="a")), read(*lease(CARRIED_ON, file="b"))])
    assert len(contract.pages) == 2


def test_a_picture_without_a_face_is_the_photo_that_it_was_handed_in_as():
    (empty,) = assemble([read(page([(300, 480, "样本")], size=(400, 500)), slot="photo")])
    assert (empty.kind, empty.slot) == ("photo", "photo")


def test_a_text_is_no_photo_whatever_it_was_handed_in_as():
    (text,) = assemble([read(page([(60, 60, "兹有本单位职工一名，工作认真，特此说明")]), slot="photo")])
    assert text.kind == "unknown"


def test_a_strange_page_on_its_own_stays_unknown():
    strange = page([(60, 60, "样本路12号"), (60, 120, "2026年3月5日")], file="b")
    materials = assemble([read(front()), read(strange)])
    assert [(one.id, one.kind) for one in materials] == [("m1", "id-card"), ("m2", "unknown")]


def test_two_contracts_are_two_materials():
    other = [
        line(300, 40, "房屋租赁合同", high=46),
        (60, 120, "出租方：李小样"),
        (60, 170, "承租方：周小样"),
        (60, 220, "租金"),
    ]
    assert len(assemble([read(*lease(LEASE, file="a")), read(*lease(other, file="b"))])) == 2


def test_the_requirement_that_was_named_decides_only_what_is_doubtful():
    unclear = page(
        [(60, 60, "租赁期限一年，租金按月支付"), (60, 110, "甲方"), (60, 160, "乙方"), (60, 210, "劳动报酬")], file="c"
    )
    (doubtful,) = assemble([read(unclear, slot="lease")])
    assert (doubtful.kind, doubtful.slot) == ("lease", "lease")
    (sure,) = assemble([read(front(), slot="lease")])
    assert (sure.kind, sure.slot) == ("id-card", "lease")


def test_files_that_could_not_be_read_give_no_material():
    empty = read(front()).model_copy(update={"pages": (), "problem": "unreadable"})
    assert assemble([empty]) == ()


def test_a_title_page_in_a_file_of_its_own_belongs_to_the_page_with_the_entries():
    title = page([line(300, 100, "结婚证", high=70), (300, 400, "中华人民共和国民政部监制")], file="a")
    entries = page([
        (60, 60, "持证人 王小样"), (60, 110, "登记日期 2020年5月20日"), (60, 160, "结婚证字号 J320499-2020-000001"),
        (60, 220, "姓名 王小样"), (60, 270, "身份证件号 320499199808132188"), (60, 320, "婚姻登记员"),
    ], file="b")  # fmt: skip
    (certificate,) = assemble([read(title), read(entries)])
    assert (certificate.kind, len(certificate.pages)) == ("marriage-certificate", 2)
