"""`xiaoxin listen`, `speak` and `prepare-speech`."""

from __future__ import annotations

import argparse
import json
from functools import partial
from pathlib import Path
from typing import Any

from channels.cli_output import BadInput, print_json, product, progress_bar
from channels.prepare_speech import all_speeds, sentences_ahead
from channels.settings import Settings
from channels.speech import recognized, sentence_body
from channels.speech_parts import Words, build_hearing, build_voice
from channels.voice_file import voice_file
from knowledge.ingest import Progress
from speech.audio import UnreadableAudio
from speech.endpoint import PROFILES
from speech.reading import read_aloud
from speech.speak import whole
from speech.synthesizer import SynthesisFailed

SPEEDS = (0.5, 1.5)


def add_commands(commands: Any) -> None:
    listen = commands.add_parser("listen", help="the words of a recording")
    listen.add_argument("file", type=Path, help="wav, webm, ogg, mp3, m4a or amr")
    listen.add_argument("--json", action="store_true")
    listen.set_defaults(run=run_listen)
    speak = commands.add_parser("speak", help="a text as a WAV file")
    speak.add_argument("text")
    speak.add_argument("--out", type=Path, required=True, metavar="FILE.wav")
    speak.add_argument("--visemes", type=Path, metavar="FILE.json", help="captions and mouth shapes with their times")
    speak.add_argument("--profile", choices=PROFILES, default="standard", help="whose pace; elder is slower")
    speak.set_defaults(run=run_speak)
    ahead = commands.add_parser("prepare-speech", help="synthesize openers, fixed replies and lead-ins ahead")
    ahead.set_defaults(run=run_prepare)


def run_listen(arguments: argparse.Namespace, settings: Settings) -> int:
    data = arguments.file.read_bytes()
    with product(settings) as built:
        recognizer = build_hearing(settings, built.live)
        words = Words(built.live, settings.data_dir / "speech")
        try:
            body = recognized(recognizer, words.mend, data, longest_s=600.0)
        except UnreadableAudio as problem:
            raise BadInput(f"{arguments.file} gives no sound: {problem}") from problem
    if arguments.json:
        print_json(body.model_dump())
    else:
        print(body.text or f"（{body.reason or 'no_speech'}）")
    return 0 if body.text else 1


def run_speak(arguments: argparse.Namespace, settings: Settings) -> int:
    readings = [one for one in read_aloud(arguments.text) if one.spoken]
    if not readings:
        raise BadInput("there is nothing in this text that can be read aloud")
    _, voice, _ = build_voice(settings)
    try:
        with progress_bar("speaking") as progress:
            said = whole(voice, readings, PROFILES[arguments.profile].speed, progress if len(readings) > 3 else None)
    except SynthesisFailed as failed:
        raise BadInput(str(failed)) from failed
    arguments.out.write_bytes(voice_file(said, settings.producer))
    if arguments.visemes:
        timeline = [sentence_body(one).model_dump() for one in said]
        arguments.visemes.write_text(json.dumps(timeline, ensure_ascii=False), "utf-8")
    return 0


def run_prepare(arguments: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001
    _, _, clips = build_voice(settings)
    with product(settings) as built, progress_bar("speech") as progress:
        sentences, speeds = sentences_ahead(built.live.current().library, built.replies), all_speeds()
        whole = len(sentences) * len(speeds)
        new = 0
        for turn, speed in enumerate(speeds):
            new += clips.prepare(sentences, partial(_part, progress, turn * len(sentences), whole), speed)
    print(f"{new} sentences synthesized, {whole - new} were kept already or failed")
    return 0


def _part(progress: Progress, before: int, whole: int, done: int, _of: int) -> None:
    progress(before + done, whole)
