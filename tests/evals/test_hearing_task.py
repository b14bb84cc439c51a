"""Scoring of what is heard and read aloud: hand-made sentences get the marks and the rates that they deserve."""

import json
from pathlib import Path

import numpy as np
import pytest

from channels.wiring import Product
from evals.bench_figures import settings_in
from evals.booth import Booth
from evals.case import Case
from evals.heard_errors import Errors, plain, rate
from evals.noises import KINDS, NOISES, SPEECH_DBFS, WAYS, alone, as_heard, seed_of
from evals.sample import DEVELOPMENT, PARTS, TEST, load
from evals.sounds import VOICES
from evals.spoken_rows import HearingRow, SpeakingRow
from evals.tasks import hearing, speaking
from speech.audio import Samples, rms_dbfs


def said(sentence: str, **given: object) -> HearingRow:
    return HearingRow(id="h-1", category="life", note="样本", sentence=sentence, **given)  # pyright: ignore[reportArgumentType]


def read(text: str, spoken: str, *values: str) -> SpeakingRow:
    return SpeakingRow(id="s-1", category="dates", note="样本", text=text, spoken=spoken, values=values)


def voice() -> Samples:
    """A second of a hum that rises and falls, in place of somebody who speaks."""
    at = np.arange(16_000) / 16_000
    return (0.3 * np.sin(2 * np.pi * 200 * at) * np.abs(np.sin(2 * np.pi * 3 * at))).astype(np.float32)


# hearing -------------------------------------------------------------------------------------------------------


def test_digits_for_words_are_no_errors_and_every_mark_is_earned() -> None:
    row = said("居住证工本费要二十元吗？", terms=("居住证", "工本费"), values=("二十元",))
    case = hearing.case_of(row, "居住正工本费要20元吗", "居住证工本费要20元吗？")
    assert case.marks == {"few_errors": True, "text": True, "terms": True, "values": True}
    assert case.counts == {"of": 11, "raw_wrong": 1, "mended_wrong": 0, "sound_wrong": 0, "said": 2, "lacking": 0}


def test_a_term_and_an_amount_that_were_misheard_are_named() -> None:
    row = said("生育津贴能领三千元吗", terms=("生育津贴",), values=("三千元",))
    case = hearing.case_of(row, "生育今天能领三天元吗", "生育今天能领三天元吗")
    assert case.marks == {"few_errors": False, "text": False, "terms": False, "values": False}
    assert case.missed == ("-生育津贴", "-三千元")
    assert (case.counts["mended_wrong"], case.counts["sound_wrong"], case.counts["lacking"]) == (3, 2, 1)


def test_one_wrong_character_in_ten_is_still_understood() -> None:
    ten = hearing.case_of(said("我要办居住证明天来拿"), "", "我要办居住证明天来那")
    nine = hearing.case_of(said("我要办居住证今天拿"), "", "我要办居住证今天那")
    assert [ten.marks["few_errors"], nine.marks["few_errors"]] == [True, False]


@pytest.mark.parametrize(("heard", "right"), [("", True), ("。", True), ("谢谢大家", False)])
def test_words_out_of_noise_are_invented(heard: str, right: bool) -> None:
    case = hearing.case_of(said("", noise="hum"), heard, heard)
    assert (case.marks, case.kind) == ({"nothing_invented": right}, "alone hum")
    assert "of" not in case.counts


def test_conditions_are_told_by_noise_loudness_and_distance() -> None:
    rows = [said("好"), said("好", level=-30), said("好", noise="babble", snr=5), said("好", noise="hall")]
    assert [hearing.condition(row) for row in rows] == ["quiet", "quiet soft", "babble 5", "hall"]


def test_rates_stand_by_noise_with_the_loudest_last_and_leave_out_noise_alone() -> None:
    rows = [
        said("居住证", noise="white", snr=5), said("居住证", noise="white", snr=20), said("身份证"),
        said("", noise="white"),
    ]  # fmt: skip
    cases = [hearing.case_of(row, "居住", "居住") for row in rows]
    rates = hearing.figures(cases)["rates"]
    assert list(rates["noise"]) == ["quiet", "white 20", "white 5"]
    assert rates["noise"]["white 5"]["mended"]["rate"] == pytest.approx(1 / 3, abs=1e-6)
    assert rates["noise"]["quiet"]["mended"]["rate"] == 1
    assert rates["all"]["all"]["raw"]["rows"] == 3


def test_a_rate_is_over_all_characters_and_its_interval_is_the_same_twice() -> None:
    errors = [Errors(0, 10), Errors(5, 10), Errors(1, 20)]
    found = rate(errors)
    assert (found["wrong"], found["of"], found["rate"]) == (6, 40, 0.15)
    assert 0 <= found["low"] < 0.15 < found["high"] <= 0.5
    assert rate(errors) == found
    sure = rate([Errors(1, 10)] * 8)
    assert (sure["low"], sure["high"]) == (0.1, 0.1)


# reading aloud -------------------------------------------------------------------------------------------------


def test_a_reading_is_compared_without_marks_and_by_sound_when_heard_back() -> None:
    row = read("费用20元。", "费用二十元", "二十元")
    case = speaking.case_of(row, "费用，二十元。", "费用20元")
    assert case.marks == {"reading": True, "heard_back": True, "values": True}
    assert speaking.case_of(row, "费用二零元。", "费用20元").marks["reading"] is False


def test_homophones_are_heard_back_and_a_wrong_amount_is_not() -> None:
    row = read("补贴2000元，一次发清。", "补贴两千元，一次发清", "两千元")
    same = speaking.case_of(row, row.spoken, "补贴两千元，一次发青")
    wrong = speaking.case_of(row, row.spoken, "补贴两天元，一次发清")
    assert same.marks == {"reading": True, "heard_back": True, "values": True}
    assert (wrong.marks["values"], wrong.missed) == (False, ("-两千元",))


def test_rates_of_reading_stand_by_what_is_read() -> None:
    cases: list[Case] = [speaking.case_of(read("3年", "三年"), "三年", heard) for heard in ("三年", "山年", "")]
    assert speaking.figures(cases)["rates"]["category"]["dates"]["sound"]["wrong"] == 3


# noise ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", NOISES)
def test_noise_is_as_loud_as_the_row_says_and_the_same_twice(kind: str) -> None:
    clean = as_heard(voice(), "quiet", None, 0, 1)
    loud = as_heard(voice(), kind, 10, 0, 1, [voice()])
    assert rms_dbfs(loud - clean) == pytest.approx(SPEECH_DBFS - 10, abs=0.3)
    assert np.array_equal(loud, as_heard(voice(), kind, 10, 0, 1, [voice()]))
    assert not np.array_equal(loud, as_heard(voice(), kind, 10, 0, 2, [voice()]))


@pytest.mark.parametrize("kind", WAYS)
def test_walls_and_telephone_change_the_sound_and_keep_its_length(kind: str) -> None:
    clean, heard = as_heard(voice(), "quiet", None, 0, 1), as_heard(voice(), kind, None, 0, 1)
    assert abs(len(heard) - len(clean)) < 200
    size = min(len(heard), len(clean))
    assert not np.allclose(heard[:size], clean[:size], atol=0.01)
    assert np.isfinite(heard).all()


def test_a_speaker_far_away_is_softer_and_noise_alone_has_no_voice() -> None:
    near, far = (rms_dbfs(as_heard(voice(), "quiet", None, level, 1)) for level in (0, -30))
    assert near - far == pytest.approx(30, abs=0.5)
    assert rms_dbfs(alone("white", 1.0, -6, 1)) == pytest.approx(SPEECH_DBFS - 6, abs=0.1)


def test_a_noise_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no noise is called 'thunder'"):
        as_heard(voice(), "thunder", 10, 0, 1)
    with pytest.raises(ValueError, match="made of voices"):
        as_heard(voice(), "babble", 10, 0, 1)


# rows ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", PARTS)
def test_every_word_to_be_heard_stands_in_its_sentence(part: str) -> None:
    heard, spoken = load("hearing", PARTS[part]), load("speaking", PARTS[part])
    lost = [
        (row.id, word) for row in heard for word in (*row.terms, *row.values) if plain(word) not in plain(row.sentence)
    ]
    lost += [(row.id, value) for row in spoken for value in row.values if plain(value) not in plain(row.spoken)]
    assert lost == []


@pytest.mark.parametrize("part", PARTS)
def test_every_voice_and_every_noise_is_heard(part: str) -> None:
    rows = load("hearing", PARTS[part])
    assert {row.noise for row in rows if row.sentence} == set(KINDS)
    assert {row.noise for row in rows if not row.sentence} == set(NOISES)
    assert {row.voice for row in rows if row.sentence} == set(VOICES) == {row.voice for row in load("speaking")}
    assert len({seed_of(row.id) for row in rows}) == len(rows)


def test_the_two_parts_have_no_sentence_in_common() -> None:
    heard = [{row.sentence for row in load("hearing", folder)} - {""} for folder in (DEVELOPMENT, TEST)]
    spoken = [{row.text for row in load("speaking", folder)} for folder in (DEVELOPMENT, TEST)]
    assert not heard[0] & heard[1]
    assert not spoken[0] & spoken[1]


# the real ears -------------------------------------------------------------------------------------------------


@pytest.mark.real_model
def test_a_row_is_said_and_heard_by_the_bundled_models(hall: Product, tmp_path: Path) -> None:
    booth = Booth(settings_in(tmp_path, speech_threads=2), hall.live)
    row = said("老年卡在哪里办？", terms=("老年卡",))
    try:
        sound = booth.sound_of(row, row.sentence)
        again = booth.sound_of(row, row.sentence)
        case = hearing.case_of(row, *booth.hear(sound))
        made = booth.made_with()
    finally:
        booth.close()
    assert np.array_equal(sound, again)
    assert case.marks["terms"]
    assert made["heard_by"] == "whisper-base"
    assert json.dumps(made)
    assert len(made["speech_models"]) >= 9
