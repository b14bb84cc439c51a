"""The bundled Whisper: what visitors say is heard, and what nobody said is not."""

import threading
from collections.abc import Callable

import numpy as np
import pytest

from speech.audio import Resampler, Samples, decode, to_pcm16, write_wav
from speech.engines.whisper import Whisper, is_loop, is_noise
from speech.engines.whisper_model import Decoded

Recorded = Callable[[str], Samples]


def quiet(seconds: float) -> Samples:
    return np.zeros(int(seconds * 16_000), np.float32)


def noisy(sound: Samples, decibels: float) -> Samples:
    """White noise so many decibels below the speech."""
    speech = sound[np.abs(sound) > 0.02]
    level = np.sqrt(np.mean(speech**2) / 10 ** (decibels / 10))
    return (sound + level * np.random.default_rng(1).standard_normal(len(sound))).astype(np.float32)


def crowd(recorded: Recorded) -> Samples:
    """Many voices at once."""
    names = ("question", "open", "rest", "stop")
    random = np.random.default_rng(5)
    voices = [np.roll(np.resize(recorded(names[number % 4]), 96_000), random.integers(96_000)) for number in range(16)]
    return (0.3 * np.sum(voices, axis=0) / np.abs(np.sum(voices, axis=0)).max()).astype(np.float32)


# real model ----------------------------------------------------------------------------------------------------


@pytest.mark.real_model
def test_a_question_at_the_counter_is_heard(whisper: Whisper, recorded: Recorded):
    heard = whisper.recognize(recorded("question"))
    assert "要带什么材料" in heard.text
    assert heard.reason is None
    assert heard.score is not None
    assert heard.score > -0.6


@pytest.mark.real_model
@pytest.mark.parametrize("level", [0.03, 8.0], ids=["far from the microphone", "much too loud"])
def test_a_question_is_heard_at_any_loudness(whisper: Whisper, recorded: Recorded, level: float):
    assert "什么材料" in whisper.recognize(np.clip(recorded("question") * level, -1, 1)).text


@pytest.mark.real_model
def test_a_question_over_the_telephone_is_heard(whisper: Whisper, recorded: Recorded):
    narrow = Resampler(16_000, 8_000)
    sound = np.concatenate([narrow.accept(recorded("question")), narrow.flush()])
    assert "什么材料" in whisper.recognize(decode(write_wav(sound, 8_000))).text


@pytest.mark.real_model
def test_a_question_in_a_noisy_hall_is_heard_in_part(whisper: Whisper, recorded: Recorded):
    assert "什么" in whisper.recognize(noisy(recorded("question"), 20)).text


@pytest.mark.real_model
def test_silence_around_a_question_changes_nothing(whisper: Whisper, recorded: Recorded):
    question = recorded("question")
    assert whisper.recognize(np.concatenate([quiet(8), question, quiet(8)])).text.rstrip("？。").endswith("什么材料")


@pytest.mark.real_model
@pytest.mark.parametrize("seconds", [0, 0.01, 5, 40])
def test_silence_is_not_made_into_words(whisper: Whisper, seconds: float):
    heard = whisper.recognize(quiet(seconds))
    assert (heard.text, heard.reason) == ("", "no_speech")


@pytest.mark.real_model
def test_a_crowd_is_not_made_into_words(whisper: Whisper, recorded: Recorded):
    heard = whisper.recognize(crowd(recorded))
    assert heard.text == ""
    assert heard.reason in ("noise", "loop", "no_speech")


@pytest.mark.real_model
def test_samples_at_a_wrong_rate_do_no_harm(whisper: Whisper, recorded: Recorded):
    fast = decode(to_pcm16(recorded("question")), rate=48_000)
    assert whisper.recognize(fast).reason == "no_speech"


@pytest.mark.real_model
def test_a_long_story_is_heard_to_its_end(whisper: Whisper, recorded: Recorded):
    parts = [recorded("story"), quiet(0.8), recorded("story_man"), quiet(0.8), recorded("question")]
    text = whisper.recognize(np.concatenate(parts)).text
    assert text.startswith("我是外地户口")
    assert text.count("孩子明年要上小学") == 2
    assert text.count("65岁") == 2
    assert "带什么材料" in text[-8:]


@pytest.mark.real_model
def test_words_come_while_somebody_speaks_and_are_put_right_at_the_end(whisper: Whisper, recorded: Recorded):
    stream = whisper.stream()
    question = recorded("question")
    partials: list[str] = []
    for start in range(0, len(question), 8_000):
        stream.accept(question[start : start + 8_000])
        partials.append(stream.partial())
    assert "什么材料" in partials[-1]
    assert 0 < len(partials[1]) < len(partials[-1])
    heard = stream.finish()
    assert heard.text == whisper.recognize(question).text
    stream.accept(quiet(0.4))
    assert stream.finish() == heard
    stream.close()


@pytest.mark.real_model
def test_two_visitors_at_once_are_heard_like_one_after_the_other(whisper: Whisper, recorded: Recorded):
    alone = {name: whisper.recognize(recorded(name)) for name in ("question", "open")}
    found = {}

    def hear(name: str) -> None:
        found[name] = whisper.recognize(recorded(name))

    visitors = [threading.Thread(target=hear, args=(name,)) for name in alone]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert found == alone


@pytest.mark.real_model
def test_what_is_written_is_simplified_and_has_full_width_punctuation(whisper: Whisper):
    assert whisper.written(" 營業執照 要多久, 才能辦下來?") == "营业执照要多久，才能办下来？"
    assert whisper.written("我的 e-mail 是 li@example.com, 3.5 元") == "我的e-mail是li@example.com, 3.5元"


# guards --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("的的的的的的", 3),
        ("谢谢大家谢谢大家谢谢大家谢谢大家谢谢大家", 6),
        ("我要办理居住证" * 12, 60),
        ("一个人在一秒钟里面绝对不可能说完这么长的一句话吧", 1),
    ],
)
def test_repetition_is_known_for_what_it_is(text: str, seconds: float):
    assert is_loop(text, seconds)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 1),
        ("好的好的好的", 2),
        ("一一二二三三四四", 3),
        ("办理居住证需要携带身份证原件和租房合同", 4),
        ("Hello, I would like to apply for a residence permit please", 3.5),
    ],
)
def test_ordinary_speech_is_not_taken_for_repetition(text: str, seconds: float):
    assert not is_loop(text, seconds)


def test_words_out_of_nothing_are_not_believed():
    assert is_noise(Decoded("你少认识我", -1.63, 0.84), 7.5)
    assert is_noise(Decoded("谢谢", -0.4, 0.8), 0.2)


def test_a_soft_or_unclear_answer_is_still_believed():
    assert not is_noise(Decoded("是的", -0.89, 0.57), 0.32)
    assert not is_noise(Decoded("是吧", -2.06, 0.10), 0.3)
    assert not is_noise(Decoded("是的", -0.5, 0.7), 0.4)
