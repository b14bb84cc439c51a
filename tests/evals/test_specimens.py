"""Specimens: labels exact, numbers that prove themselves or do not as meant, the same seed the same picture."""

import hashlib
from datetime import date
from random import Random

import cv2
import numpy as np
import pypdfium2
import pytest
from PIL import Image

from evals.specimens.degrade import DEGRADATIONS, degrade
from evals.specimens.papers import VALUES, values_of
from evals.specimens.pdf import scan_pdf, text_pdf
from evals.specimens.people import REGION, broken, company, old_id_number, person
from evals.specimens.render import kinds, layout, render, sides
from evals.specimens.specimen import Quad, Specimen
from evals.specimens.story import story
from evals.specimens.written import capital_amount, runs
from knowledge.check_digits import valid_credit_code, valid_id_number, valid_luhn
from preapproval.kinds import load_kinds

EVERY_PAGE = [(kind, side) for kind in kinds() for side in sides(kind)]
SAME_PLACE = {"shadow", "defocus", "motion_blur", "glare", "jpeg", "noise", "grey_copy", "seal_over_text", "fold"}


def cut(specimen: Specimen, quad: Quad, size: tuple[int, int]) -> np.ndarray:
    """What stands in a quad, straightened, grey."""
    target = np.array([(0, 0), (size[0], 0), size, (0, size[1])], np.float32)
    matrix = cv2.getPerspectiveTransform(np.array(quad, np.float32), target)
    pixels = np.asarray(specimen.image.convert("L"))
    return cv2.warpPerspective(pixels, matrix, size).astype(float)


def size_of(quad: Quad) -> tuple[int, int]:
    return (max(2, round(quad[1][0] - quad[0][0])), max(2, round(quad[2][1] - quad[1][1])))


def unlike(specimen: Specimen, other: Specimen) -> Image.Image:
    return Image.fromarray(
        np.abs(np.asarray(specimen.image, int) - np.asarray(other.image, int)).max(axis=2).astype(np.uint8)
    )


# layouts and labels --------------------------------------------------------------------------------------------


def test_every_kind_that_is_recognised_has_a_specimen():
    assert set(load_kinds()) <= set(kinds())
    assert set(load_kinds()) == set(VALUES)


@pytest.mark.parametrize("kind", load_kinds())
def test_the_fields_of_a_kind_stand_on_its_specimen(kind: str):
    shown = {name.partition(".")[0] for side in sides(kind) for name in render(kind, side=side).fields}
    left_out = {field.name for field in load_kinds()[kind].fields} - shown
    assert left_out <= {"credit_code", "bank_card", "name", "valid_until", "code", "company"}, left_out
    assert shown or kind == "photo"


@pytest.mark.parametrize("kind", [kind for kind, one in load_kinds().items() if one.sides])
def test_sides_have_the_names_that_recognition_uses(kind: str):
    assert set(sides(kind)) == set(load_kinds()[kind].sides)


@pytest.mark.parametrize(("kind", "side"), EVERY_PAGE)
def test_a_label_is_exactly_where_its_value_stands(kind: str, side: str):
    """Without the value, the picture differs inside the value's boxes and, but for what flows after it, only there."""
    values = (
        values_of(kind, story(5)) if kind in VALUES else {"title": "样", "body": "样", "first": "甲", "second": "乙"}
    )
    whole = render(kind, values, side=side, seed=5)
    for name, label in whole.fields.items():
        assert label.value == values[name]
        for quad in label.pieces:
            inside = whole.image.crop(
                (round(quad[0][0]), round(quad[0][1]), round(quad[2][0]), round(quad[2][1]))
            ).convert("L")
            light, dark = np.percentile(np.asarray(inside), (95, 2))
            assert light - dark > 45, f"{name}: nothing is written there"


def test_ink_ends_where_the_label_ends():
    """A value alone on its line: all that changes with it lies in its box, to a pixel."""
    values = values_of("id-card", story(5))
    for name in ("name", "number", "address"):
        with_it, without = render("id-card", values, seed=5), render("id-card", values | {name: ""}, seed=5)
        ink = unlike(with_it, without).point([0] * 40 + [255] * 216).getbbox()
        quad = with_it.fields[name].quad
        assert ink is not None
        assert np.abs(np.array(ink) - np.array([*quad[0], *quad[2]])).max() <= 1.5, name


def test_a_value_that_is_not_there_has_no_label():
    specimen = render("id-card", {"name": "样本甲", "sex": "", "number": "1"})
    assert set(specimen.fields) == {"name", "number"}


def test_the_same_seed_draws_the_same_picture_and_another_seed_another():
    drawn = [hashlib.sha256(render("application-form", seed=seed).image.tobytes()).hexdigest() for seed in (7, 7, 8)]
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.parametrize(("kind", "side"), EVERY_PAGE)
def test_every_page_is_marked_as_a_sample_beside_its_values(kind: str, side: str):
    x, y, size = layout(kind)["pages"][side]["mark"]
    specimen = render(kind, None if kind in VALUES else {"title": "样"}, side=side)
    mark = specimen.image.crop((x - 2 * size, y - size, x + 2 * size, y + size))
    paint = np.abs(np.asarray(mark, float) - np.array([0x4F, 0x7F, 0xA8])).max(axis=2)
    assert (paint < 40).mean() > 0.02
    for label in specimen.fields.values():
        (left, top), (right, bottom) = label.quad[0], label.quad[2]
        assert not (left < x + 2 * size and right > x - 2 * size and top < y + size and bottom > y - size)


def test_forms_are_filled_in_by_hand():
    assert all(label.hand for label in render("application-form").fields.values())
    assert not any(label.hand for label in render("id-card").fields.values())


@pytest.mark.parametrize(("kind", "mark"), [("business-licence", "seal"), ("photo", "face"), ("lease", "signature")])
def test_what_is_left_out_is_gone(kind: str, mark: str):
    side = sides(kind)[-1]
    assert mark in {one.kind for one in render(kind, side=side).marks}
    assert mark not in {one.kind for one in render(kind, side=side, leave_out=[mark]).marks}


# numbers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(40))
def test_numbers_prove_themselves_and_belong_to_no_place(seed: int):
    one, business = person(seed), company(seed, operator="样本")
    assert valid_id_number(one.number)
    assert one.number.startswith(REGION)
    assert one.number[6:14] == f"{one.birth:%Y%m%d}"
    assert (int(one.number[16]) % 2 == 1) == (one.sex == "男")
    assert valid_credit_code(business.credit_code)
    assert not valid_credit_code(broken(business.credit_code))
    assert valid_luhn(one.bank_card)


def test_a_person_can_be_asked_for_with_an_age_a_last_character_or_a_minority_name():
    assert person(1, age=15).age(date(2026, 6, 1)) == 15
    assert person(1, ending="X").number.endswith("X")
    assert valid_id_number(person(1, ending="X").number)
    assert "·" in person(1, minority=True).name
    assert old_id_number("320499199001012343") == "320499900101234"


def test_amounts_are_written_in_capitals():
    assert capital_amount("2600") == "贰仟陆佰元整"
    assert capital_amount("3005") == "叁仟零伍元整"
    assert capital_amount("50000") == "伍万元整"
    assert capital_amount("120300") == "壹拾贰万零叁佰元整"


def test_dates_are_written_as_the_layout_asks():
    written = "".join(text for text, _ in runs("{a:cn}|{a:dots}|{b:dots}", {"a": "2026-03-05", "b": "9999-12-31"}))
    assert written == "2026年3月5日|2026.03.05|长期"


# degradations --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DEGRADATIONS)
def test_labels_move_with_the_picture(name: str):
    """The number cut out of the spoiled picture still looks like the number cut out of the clean one."""
    clean = render("id-card", seed=4)
    spoiled = degrade(clean, name, 1, seed=2)
    quad = clean.fields["number"].quad
    size = size_of(quad)
    one, other = cut(clean, quad, size), cut(spoiled, spoiled.fields["number"].quad, size)
    if name in SAME_PLACE:
        assert spoiled.fields == clean.fields
    likeness = np.corrcoef(cv2.GaussianBlur(one, (0, 0), 2).ravel(), cv2.GaussianBlur(other, (0, 0), 2).ravel())[0, 1]
    assert likeness > (
        0.35 if name in ("motion_blur", "seal_over_text", "phone", "low_resolution", "shadow") else 0.85
    ), likeness


@pytest.mark.parametrize("name", DEGRADATIONS)
def test_a_degradation_changes_the_picture_the_same_way_each_time(name: str):
    clean = render("id-card", seed=4)
    first, again = degrade(clean, name, 1, seed=2), degrade(clean, name, 1, seed=2)
    assert first.image.tobytes() == again.image.tobytes() != clean.image.tobytes()
    assert first.degraded[-1]
    assert first.fields.keys() == clean.fields.keys()


def test_low_resolution_is_640_pixels_wide():
    assert max(degrade(render("lease"), "low_resolution").image.size) == 640


# PDF -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lease() -> list[Specimen]:
    return [render("lease", side=side, seed=3) for side in sides("lease")]


def test_a_text_pdf_says_what_the_pages_say(lease: list[Specimen]):
    document = pypdfium2.PdfDocument(text_pdf(lease))
    text = "".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "")
    assert len(document) == 3
    for page in lease:
        assert all(label.value in text for name, label in page.fields.items() if name in ("tenant", "tenant_number"))
    assert lease[0].fields["address"].value in text


def test_a_scan_has_pages_and_no_text(lease: list[Specimen]):
    document = pypdfium2.PdfDocument(scan_pdf(lease))
    assert len(document) == 3
    assert not any(page.get_textpage().get_text_range().strip() for page in document)


def test_a_pdf_is_the_same_twice(lease: list[Specimen]):
    assert scan_pdf(lease[:1]) == scan_pdf(lease[:1])
    assert text_pdf(lease[:1]) == text_pdf(lease[:1])


def test_the_seed_of_a_story_makes_its_people():
    assert story(1) == story(1) != story(2)
    assert story(1).rng("x").random() == story(1).rng("x").random() != Random(1).random()
