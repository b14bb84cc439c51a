"""The voice socket: a scripted ear, a voice of tones, and real speech for the microphone."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from voice_terminal import SAMPLES, START, Terminal

from channels.wiring import Product

Talk = Callable[..., Any]
SHAPES = {"sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "I", "O", "U"}


def test_a_question_is_heard_answered_and_spoken(talk: Talk) -> None:
    with talk("养犬登记要带什么材料") as client:
        client.send(**START)
        ready = client.until("ready")
        assert ready["duplex"] == "full"
        assert "人工智能" in ready["label"]
        client.speak("question")
        heard = client.until("heard")
        assert heard["text"] == "养犬登记要带什么材料"
        answer = client.until("answer")
        assert answer["item"]["name"] == "养犬登记"
        start = client.until("speech_start")
        assert (start["format"], start["rate"]) == ("pcm16", 24000)
        caption = client.until("caption")
        assert len(caption["chars"]) == len(caption["sentence"])
        shapes = client.until("visemes")["at_ms"]
        assert {shape for _, shape in shapes} <= SHAPES
        assert len(client.until_sound()) > 0
        order = [kind for kind in client.kinds() if kind in ("hearing", "heard", "answer", "speech_start", "caption")]
        assert order == ["hearing", "heard", "answer", "speech_start", "caption"]


def test_the_first_thing_said_tells_that_a_machine_speaks_and_nothing_later_does(talk: Talk) -> None:
    with talk() as client:
        client.send(**START)
        client.send(type="text", text="你好")
        first = client.until("caption")["sentence"] + client.until("caption")["sentence"]
        assert "人工智能" in first
        client.send(type="text", text="养犬登记多少钱")
        client.until("speech_end", reason="cancelled")
        client.until("answer")
        assert "人工智能" not in client.until("caption")["sentence"]


def test_everything_said_is_heard_out_and_then_the_terminal_listens(talk: Talk) -> None:
    with talk() as client:
        client.send(**START)
        client.send(type="text", text="谢谢")
        epoch = client.until("speech_start")["epoch"]
        assert client.until("speech_end") == {"type": "speech_end", "epoch": epoch, "reason": "done"}
        assert client.next() == {"type": "expression", "name": "idle"}
        assert client.next() == {"type": "listening"}
        captions = [one for one in client.told if isinstance(one, dict) and one["type"] == "caption"]
        assert [one["start_ms"] for one in captions] == sorted(one["start_ms"] for one in captions)
        sound = sum(len(one) for one in client.told if isinstance(one, bytes)) / 2 / 24
        assert sound == pytest.approx(captions[-1]["end_ms"] + 180, abs=30)


def test_cancel_silences_at_once_and_nothing_of_the_epoch_follows(talk: Talk) -> None:
    with talk() as client:
        client.send(**START)
        client.send(type="text", text="养犬登记要带什么材料")
        epoch = client.until("speech_start")["epoch"]
        client.until_sound()
        client.send(type="cancel")
        ended = client.until("speech_end")
        assert ended == {"type": "speech_end", "epoch": epoch, "reason": "cancelled"}
        client.until("listening")
        client.send(type="text", text="你好")
        assert client.until("speech_start")["epoch"] > epoch
        after = client.told[client.told.index(ended) + 1 : -1]
        assert not [one for one in after if isinstance(one, bytes) or one.get("epoch") == epoch]


def test_new_speech_interrupts(talk: Talk) -> None:
    with talk("养犬登记多少钱", "养犬登记在哪里办") as client:
        client.send(**START)
        client.speak("question")
        client.until_sound()
        client.speak("rest")
        ended = client.until("speech_end")
        assert ended["reason"] == "cancelled"
        assert client.until("heard")["text"] == "养犬登记在哪里办"
        assert client.until("answer")["facets"] == ["place"]
        assert client.until("speech_start")["epoch"] > ended["epoch"]


def test_a_nod_in_words_does_not_interrupt(talk: Talk) -> None:
    with talk("养犬登记多少钱", "对对") as client:
        client.send(**START)
        client.speak("question")
        client.until_sound()
        client.speak("stop")
        assert client.until("heard")["reason"] == "backchannel"
        assert "speech_end" not in client.kinds()
        client.until_sound()


def test_being_told_to_stop_she_stops_and_says_nothing(talk: Talk) -> None:
    with talk("养犬登记多少钱", "停一下") as client:
        client.send(**START)
        client.speak("question")
        client.until_sound()
        client.speak("stop")
        client.until("speech_end", reason="cancelled")
        assert client.until("heard")["text"] == "停一下"
        client.until("listening")
        assert client.kinds().count("answer") == 1


def test_in_half_duplex_the_microphone_is_not_heard_while_she_speaks(talk: Talk) -> None:
    with talk("养犬登记多少钱", "养犬登记在哪里办") as client:
        client.send(**START, duplex="half")
        client.speak("question")
        client.until_sound()
        client.speak("rest")
        client.send(type="cancel")
        client.until("listening")
        assert client.kinds().count("heard") == 1


def test_in_a_crowd_the_button_ends_the_sentence(talk: Talk) -> None:
    with talk("养犬登记多少钱") as client:
        client.send(**START, profile="crowd")
        client.speak("question", silence_ms=2000)
        client.send(type="end")
        assert client.until("heard")["text"] == "养犬登记多少钱"
        assert "answer" not in client.kinds()
        client.until("answer")


def test_a_recording_that_is_sent_whole_is_answered(talk: Talk) -> None:
    with talk("养犬登记多少钱") as client:
        client.send(**START, format="ogg")
        data = (SAMPLES / "question.ogg").read_bytes()
        client.socket.send_bytes(data[:3000])
        client.socket.send_bytes(data[3000:])
        client.send(type="end")
        assert client.until("heard")["text"] == "养犬登记多少钱"
        assert client.until("answer")["item"]["name"] == "养犬登记"


def test_personal_numbers_are_masked_on_the_way_back(talk: Talk) -> None:
    with talk("我的手机号是一三九一二三四五六七八养犬登记多少钱") as client:
        client.send(**START)
        client.speak("question")
        heard = client.until("heard")
        assert "一三九一二三四五六七八" not in heard["text"] + heard["raw"]
        client.until("answer")
        assert "一二三四五六七八" not in json.dumps(
            [one for one in client.told if isinstance(one, dict)], ensure_ascii=False
        )


def test_speaking_slower_lasts_and_says_it_again(talk: Talk) -> None:
    def fee_told(client: Terminal) -> int:
        """How long the sentence with the fee takes, in milliseconds."""
        while "30元" not in (caption := client.until("caption"))["sentence"]:
            pass
        return caption["end_ms"] - caption["start_ms"]

    with talk() as client:
        client.send(**START)
        client.send(type="text", text="养犬登记多少钱")
        at_first = fee_told(client)
        client.send(type="text", text="说慢一点")
        assert fee_told(client) > at_first * 1.05


def test_louder_is_told_to_the_terminal(talk: Talk) -> None:
    with talk() as client:
        client.send(**START)
        client.send(type="text", text="大声点")
        assert client.until("volume")["step"] == 1


def test_an_option_is_understood_by_its_sound(talk: Talk) -> None:
    with talk("地二个") as client:
        client.send(**START)
        client.send(type="text", text="养犬登记要带什么材料", speak=False)
        options = client.until("answer")["options"]
        assert options
        client.until("listening")
        client.speak("stop")
        assert client.until("heard")["text"] == options[1]["label"]


def test_what_was_not_understood_twice_is_said(talk: Talk) -> None:
    with talk("好的") as client:
        client.send(**START)
        client.speak("question")
        client.until_sound()
        client.send(type="cancel")
        for _ in range(2):
            client.until("listening")
            client.speak("question")
            assert client.until("heard", text="")["reason"] == "no_speech"
        while "没有听清楚" not in client.until("caption")["sentence"]:
            pass


def test_leaving_wipes_the_conversation(talk: Talk, hall: Product) -> None:
    with talk() as client:
        client.send(**START)
        conversation = client.until("ready")["conversation_id"]
        client.send(type="text", text="养犬登记多少钱", speak=False)
        client.until("answer")
        client.send(type="leave")
        assert client.until("ready")["conversation_id"] != conversation
        assert hall.conversations.history(conversation) == ()


def test_a_silent_visitor_is_asked_and_then_forgotten(talk: Talk, hall: Product) -> None:
    with talk(idle_s=0.4) as client:
        client.send(**START)
        conversation = client.until("ready")["conversation_id"]
        client.send(type="text", text="养犬登记多少钱", speak=False)
        client.until("answer")
        client.until("idle", stage="warning")
        client.until("idle", stage="goodbye")
        client.until("ready")
        assert hall.conversations.history(conversation) == ()


def test_a_terminal_that_lost_its_line_goes_on_with_its_conversation(talk: Talk) -> None:
    with talk() as client:
        client.send(**START)
        conversation = client.until("ready")["conversation_id"]
        client.send(type="text", text="养犬登记多少钱", speak=False)
        client.until("answer")
    with talk() as client:
        client.send(**START, conversation_id=conversation)
        client.send(type="text", text="在哪里办", speak=False)
        assert client.until("answer")["item"]["name"] == "养犬登记"


def test_an_answer_that_was_on_its_way_when_the_visitor_left_is_wiped_too(talk: Talk, hall: Product) -> None:
    with talk() as client:
        client.send(**START)
        conversation = client.until("ready")["conversation_id"]
        client.send(type="text", text="养犬登记多少钱", speak=False)
        client.send(type="leave")
        assert client.until("ready")["conversation_id"] != conversation
        client.send(type="text", text="养犬登记在哪里办", speak=False)
        client.until("answer")
        for _ in range(100):
            if hall.conversations.history(conversation) == ():
                break
            time.sleep(0.02)
        assert hall.conversations.history(conversation) == ()


def test_a_goodbye_that_would_silence_her_is_answered_when_she_is_silent(talk: Talk) -> None:
    with talk("没事了") as client:
        client.send(**START)
        client.speak("stop")
        assert client.until("answer")["reason"] == "small_talk.goodbye"
