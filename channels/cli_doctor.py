"""`xiaoxin doctor`: what this machine has of what the product needs."""

from __future__ import annotations

import argparse
from typing import Any

from channels.settings import Settings
from knowledge.models import MODELS, check
from preapproval.models import MODELS as READING
from speech.engines.whisper_model import WHISPER
from speech.vad import SILERO


def add_commands(commands: Any) -> None:
    doctor = commands.add_parser("doctor", help="check the models that came with the packages")
    doctor.set_defaults(run=run_doctor)


def run_doctor(arguments: argparse.Namespace, settings: Settings) -> int:
    """Exit status 1 when a model is missing or is not the one that was measured."""
    del arguments, settings
    problems = 0
    for row in (*MODELS.values(), *READING.values(), SILERO, *WHISPER):
        problem = check(row)
        problems += problem is not None
        print(f"{row.name} ({row.requirement}, {row.licence}, from {row.upstream}): {problem or 'as measured'}")
        for file in row.files:
            print(f"  {file.path} sha256 {file.sha256}")
    return 1 if problems else 0
