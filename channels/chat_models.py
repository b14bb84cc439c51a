"""The chat model of the settings, through LangChain. Import only where one is set: LangChain takes its time."""

from __future__ import annotations

from typing import Any

from langchain.chat_models import init_chat_model
from openai import APIConnectionError

from assistant.chat_model import ChatCalls, UnusableModel
from channels.settings import Settings
from knowledge.breaker import Breaker

OPEN_ENDPOINT_KEY = "none"
"""Sent to an endpoint that asks for no key, so that no key of the environment goes to a stranger."""


def chat_calls(settings: Settings) -> ChatCalls:
    """Raises UnusableModel. Connects to nothing."""
    assert settings.model
    provider = settings.model.partition(":")[0]
    key = settings.model_api_key.get_secret_value() if settings.model_api_key else None
    if provider == "openai" and settings.model_base_url and not key:
        key = OPEN_ENDPOINT_KEY
    given: dict[str, Any] = {
        "base_url": settings.model_base_url,
        "api_key": key,
        "extra_body": settings.model_extra_body or None,
    }
    try:
        model = init_chat_model(
            settings.model,
            temperature=0,
            timeout=settings.model_deadline_s,
            max_retries=0,
            **{name: value for name, value in given.items() if value},
        )
    except Exception as error:  # each provider complains in its own way, of a key, a package, a name
        raise UnusableModel(f"the chat model {settings.model} cannot be used: {error}") from error
    breaker = Breaker(settings.model_failures, settings.model_rest_s)
    return ChatCalls(
        model, settings.model, deadline_s=settings.model_deadline_s, breaker=breaker, retry_on=(APIConnectionError,)
    )
