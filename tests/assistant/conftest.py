"""A visitor who talks with the test handbook's hall."""

from collections.abc import Callable
from typing import Any

import pytest

from assistant.ask import new_conversation
from assistant.turn import Question
from channels.wiring import Product

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(hall: Product) -> Ask:
    """One visitor's conversation: each call is the next thing that the visitor says."""
    conversation = new_conversation()

    def say(text: str, **how: Any) -> dict[str, Any]:
        return hall.assistant.ask(Question(text, conversation, **how)).as_dict()

    return say
