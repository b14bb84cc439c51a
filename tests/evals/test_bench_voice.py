"""The bench of the voice: what is compared, and where a loudspeaker would fall silent."""

import asyncio
from collections.abc import Awaitable, Callable

import numpy as np
import pytest
from websockets.asyncio.server import ServerConnection, serve

from evals.bench_hearing import Listened, by_character, by_sound, recalled, sentences
from evals.bench_terminal import Gap, NothingCame, Told, gaps, terminal
from evals.bench_voice import questions
from evals.heard_errors import Errors, plain
from evals.noises import noisy


def heard(sentence: str, raw: str, text: str) -> Listened:
    return Listened(sentence, "xiaoyi", raw, text, seconds=2.0, took_ms=100.0)


def test_digits_signs_and_traditional_characters_are_no_errors() -> None:
    assert plain("工本費是１０元，3個月。") == "工本费是十元三个月"
    assert plain("请拨打12333") == plain("请拨打一二三三三")


def test_a_tester_sees_wrong_characters_and_which_of_them_only_look_wrong() -> None:
    given = [heard("生育津贴怎么领", "生育今天怎么领", "生育津贴怎么领")]
    assert by_character(given, mended=False) == [Errors(2, 7)]
    assert by_character(given) == [Errors(0, 7)]
    assert by_sound([heard("公本费", "工本费", "工本费")]) == [Errors(0, 3)]


def test_a_term_counts_once_by_its_longest_name() -> None:
    given = [heard("新生儿落户", "新生儿落户", "新生儿落户"), heard("落户", "乐户", "乐户")]
    assert list(recalled(given, ["落户", "新生儿落户", "居住证"])) == [True, False]


def test_the_sentences_are_two_hundred_different_ones() -> None:
    assert len(set(sentences())) == len(sentences()) == 200


def test_questions_asked_aloud_are_each_about_another_item() -> None:
    asked = questions(27)
    assert len({row.item for row in asked}) == len(asked) == 27


def test_noise_is_as_loud_as_it_says() -> None:
    sound = np.full(16_000, 0.1, np.float32)
    noise = noisy(sound, 20, seed=1) - sound
    assert 20 * np.log10(0.1 / np.sqrt(np.mean(noise**2))) == pytest.approx(20, abs=0.2)


def test_silence_is_found_where_sound_came_later_than_it_was_needed() -> None:
    second = 48_000
    caption = {"type": "caption"}
    told = [
        Told(0.0, caption), Told(0.0, {}, second), Told(0.4, {}, second // 2),
        Told(2.0, caption), Told(2.0, {}, second), Told(3.25, {}, second), Told(4.0, {}, second),
    ]  # fmt: skip
    assert list(gaps(told, 24_000)) == [Gap(1, 0.5, before=True), Gap(1, 0.25, before=False)]


def test_a_terminal_hears_what_a_server_says_and_when() -> None:
    async def welcome(socket: ServerConnection) -> None:
        await socket.recv()
        await socket.send('{"type": "listening"}')
        sound = np.frombuffer(b"".join([bytes(await socket.recv(decode=False)) for _ in range(10)]), "<i2")
        await socket.send(f'{{"type": "heard", "text": "{np.abs(sound).max() > 16_000}"}}')
        await socket.send(b"\0" * 960)

    async def visit(url: str) -> None:
        async with terminal(url) as one:
            said = one.say(np.full(3200, 0.6, np.float32))
            assert said.last - said.first == pytest.approx(0.2)
            told = await one.until("heard", said.last)
            assert told.event["text"] == "True"
            assert (await one.until("sound", told.at)).sound == 960
            with pytest.raises(NothingCame):
                await one.until("answer", said.last, patience=0.05)

    asyncio.run(_visited(welcome, visit))


async def _visited(
    welcome: Callable[[ServerConnection], Awaitable[None]], visit: Callable[[str], Awaitable[None]]
) -> None:
    async with serve(welcome, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        await visit(f"http://127.0.0.1:{port}")
