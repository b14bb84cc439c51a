"""The settings of a chat model: wrong ones are named, and without one nothing is loaded."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from assistant.chat_model import UnusableModel
from channels.chat_models import chat_calls
from channels.settings import Settings


@pytest.mark.parametrize("model", ["nobody:some-model", "openai:some-model"])
def test_a_model_that_cannot_be_built_is_named(model: str) -> None:
    """An unknown provider; OpenAI itself without a key."""
    with pytest.raises(UnusableModel, match=model):
        chat_calls(Settings(_env_file=None, model=model))  # type: ignore[call-arg]


@pytest.mark.parametrize("given", [{"model_extra_body": "{thinking"}, {"model_extra_body": "[1]"}, {"model": "gpt"}])
def test_a_wrong_setting_is_named(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as problem:
        Settings(_env_file=None, **given)  # type: ignore[call-arg]
    assert problem.value.errors()[0]["loc"] == tuple(given)


def test_without_a_model_nothing_of_langchains_providers_is_loaded(tmp_path: Path) -> None:
    given = f"data_dir=Path({str(tmp_path)!r}), embedder='hashing', vector_store='memory', _env_file=None"
    program = (
        "import sys; from pathlib import Path\n"
        "from channels.settings import Settings; from channels.wiring import build\n"
        f"build(Settings({given}))\n"
        "print([name for name in ('langchain_openai', 'openai', 'langchain') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
