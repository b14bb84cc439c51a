"""An answer as sound: sentences in order on one timeline, the first as soon as can be, cancellable."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from speech.engines.tone import Tone
from speech.reading import part, read_aloud
from speech.speak import COMMA_GAP_S, GAP_S, Speaker, SpokenSentence, timed, whole
from speech.synthesizer import Speech, SynthesisFailed, Synthesizer

ANSWER = "办理居住证，请带身份证和租房合同，五个工作日办结。\n窗口在一楼。咨询电话12345。"


def said(voice: Synthesizer, text: str, kept: tuple[str, ...] = ()) -> list[SpokenSentence]:
    async def all_of_it() -> list[SpokenSentence]:
        with ThreadPoolExecutor(1) as pool:
            speaker = Speaker(voice, pool, lambda sentence, _speed: sentence in kept)
            return [one async for one in speaker.say(read_aloud(text))]

    return asyncio.run(all_of_it())


def test_everything_is_said_in_order_on_one_timeline() -> None:
    spoken = said(Tone(), ANSWER)
    assert "".join(one.sentence for one in spoken) == ANSWER.replace("\n", "")
    at = 0.0
    for one in spoken:
        assert one.span[0] == pytest.approx(at * 1000, abs=2)
        at += one.seconds


def test_every_written_character_has_its_time() -> None:
    for one in said(Tone(), ANSWER):
        assert len(one.chars) == len(one.sentence)
        flat = [time for span in one.chars for time in span]
        assert flat == sorted(flat)
        assert one.span[0] <= flat[0]
        assert flat[-1] <= one.span[1]


def test_a_number_is_lit_while_its_words_are_heard() -> None:
    spoken = said(Tone(), "工本费是1250元整呢。")[0]
    sign = spoken.sentence.index("1")
    start, end = spoken.chars[sign][0], spoken.chars[sign + 3][1]
    assert end - start > 4 * 100


def test_the_first_sentence_that_must_be_made_begins_with_its_first_clause() -> None:
    assert [one.sentence for one in said(Tone(), ANSWER)][:2] == [
        "办理居住证，请带身份证和租房合同，",
        "五个工作日办结。",
    ]


def test_a_sentence_that_is_kept_is_said_whole() -> None:
    kept = tuple(reading.spoken for reading in read_aloud(ANSWER))
    assert said(Tone(), ANSWER, kept)[0].sentence == "办理居住证，请带身份证和租房合同，五个工作日办结。"


def test_parts_of_a_reading_hold_all_of_it() -> None:
    (reading,) = read_aloud("收费30元，5个工作日办结，可以邮寄到家。")
    first, rest = part(reading, 4, 20)
    assert (first.sentence + rest.sentence, first.spoken + rest.spoken) == (reading.sentence, reading.spoken)
    for one in (first, rest):
        assert len(one.places) == len(one.spoken)
        assert all(0 <= place < len(one.sentence) for place in one.places)
    assert part(reading, 40, 50) == (reading,)


def test_silence_is_shorter_after_a_comma() -> None:
    (reading,) = read_aloud("收费30元，5个工作日办结，可以邮寄到家。")
    first, rest = part(reading, 4, 20)
    voice = Tone()
    for one, gap in ((first, COMMA_GAP_S), (rest, GAP_S)):
        speech = voice.synthesize(one.spoken)
        assert timed(one, speech, 0).seconds == pytest.approx(speech.seconds + gap, abs=0.001)


def test_a_file_holds_what_a_conversation_would_hear() -> None:
    done: list[tuple[int, int]] = []
    spoken = whole(Tone(), read_aloud(ANSWER), progress=lambda now, of: done.append((now, of)))
    assert [one.sentence for one in spoken] == [reading.sentence for reading in read_aloud(ANSWER)]
    assert done[-1] == (len(spoken), len(spoken))
    assert spoken[1].span[0] == pytest.approx(spoken[0].seconds * 1000, abs=2)


class Counting(Tone):
    """Counts what it is asked for; the third sentence fails."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def synthesize(self, sentence: str, speed: float = 1.0) -> Speech:
        self.asked.append(sentence)
        if len(self.asked) == 3:
            raise SynthesisFailed("no sound")
        return super().synthesize(sentence, speed)


def test_only_the_next_sentence_is_prepared_and_leaving_drops_it() -> None:
    voice = Counting()

    async def leave_early() -> None:
        with ThreadPoolExecutor(1) as pool:
            async for _ in Speaker(voice, pool).say(read_aloud(ANSWER)):
                break

    asyncio.run(leave_early())
    assert len(voice.asked) <= 2


def test_what_was_said_before_the_voice_failed_stands() -> None:
    heard: list[str] = []

    async def until_it_fails() -> None:
        with ThreadPoolExecutor(1) as pool:
            async for one in Speaker(Counting(), pool).say(read_aloud(ANSWER)):
                heard.append(one.sentence)  # noqa: PERF401 - what comes before the failure is kept

    with pytest.raises(SynthesisFailed):
        asyncio.run(until_it_fails())
    assert len(heard) == 2
