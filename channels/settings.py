"""Every setting, read once from the environment (`XIAOXIN_…`) or an .env file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, Json, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Embedded defaults: SQLite, embedded Chroma, bundled models, no chat model."""

    model_config = SettingsConfigDict(env_prefix="XIAOXIN_", env_file=".env", extra="ignore")

    data_dir: Path = Field(Path("data"), description="Where everything that is kept is kept")
    host: str = Field("127.0.0.1", description="Address that `serve` listens on")
    port: int = Field(8000, ge=0, le=65535, description="Port that `serve` listens on")
    public_url: str | None = Field(None, description="Address that visitors' phones reach, for QR codes")
    database_url: str | None = Field(None, description="SQLAlchemy URL; SQLite in the data folder by default")
    vector_store: Literal["chroma", "memory"] = Field("chroma", description="Where vectors are searched and kept")
    chroma_url: str | None = Field(None, description="Chroma server; embedded in the data folder by default")
    embedder: str = Field("e5", description="`e5`, `e5:q4`, `sentence-transformers:NAME`, `openai:MODEL`, `hashing`")
    embedder_base_url: str | None = Field(None, description="OpenAI-compatible endpoint of the embedder")
    embedder_api_key: SecretStr | None = Field(None, description="Key of that endpoint")
    threads: int = Field(2, ge=1, description="Threads of the embedding model")
    weight_meaning: float | None = Field(None, ge=0, le=1, description="Retrieval weight of meaning (dense vectors)")
    weight_words: float | None = Field(None, ge=0, le=1, description="Retrieval weight of words (BM25)")
    weight_sound: float | None = Field(None, ge=0, le=1, description="Retrieval weight of sound (pinyin)")
    weight_name: float | None = Field(None, ge=0, le=1, description="Retrieval weight of item names and aliases")
    answer_threshold: float | None = Field(None, ge=0, le=1, description="Score from which a hit is answered")
    model: str | None = Field(
        None,
        pattern=r"^([a-z_]+:.+)?$",
        description="Chat model as `provider:name`, e.g. `openai:deepseek-v4-flash`; none by default",
    )
    model_base_url: str | None = Field(None, description="OpenAI-compatible endpoint of the chat model")
    model_api_key: SecretStr | None = Field(None, description="Key of that endpoint")
    model_deadline_s: float = Field(8.0, gt=0, description="Seconds a chat model may take before the facts answer")
    model_extra_body: Json[dict[str, Any]] = Field(
        "{}", validate_default=True, description='JSON object sent along, e.g. `{"thinking": {"type": "disabled"}}`'
    )
    model_failures: int = Field(5, ge=1, description="Failures in a row after which the chat model is left alone")
    model_rest_s: float = Field(30.0, gt=0, description="Seconds for which it is then left alone")
    speech: bool = Field(True, description="Listen and speak; without it pages work by touch and typing")
    recognizer: str = Field(
        "auto",
        pattern=r"^(auto|whisper|(vosk|sherpa-onnx|scripted):.+)$",
        description="`auto` (a Vosk model in the data folder's `models`, else Whisper), `whisper`, `vosk:FOLDER`, "
        "`sherpa-onnx:FOLDER`, `scripted:FILE`",
    )
    vosk_phrases: bool = Field(False, description="Hold Vosk to the names, aliases and questions of the handbook")
    voice: str = Field("xiaoyi", description="Voice pack: a name of `speech/voices`, or the path of a YAML file")
    edge_url: str | None = Field(None, description="Relay of the edge-tts service, for voices of the engine `edge`")
    speech_threads: int = Field(2, ge=1, description="Threads of recognition, and of synthesis")
    prepare_speech: bool = Field(True, description="Synthesize openers and lead-ins ahead while nobody is talking")
    voice_sockets: int = Field(64, ge=1, description="Conversations by voice at once; others are asked to try later")
    idle_s: float = Field(45.0, gt=0, description="Silence in seconds before a visitor is asked; later all is wiped")
    producer: str = Field(
        "xiaoxin",
        pattern=r"^[!#-\[\]-~]+$",
        description="Code of who runs the service, e.g. its credit code: stands in the AI label of sound files",
    )
    wyoming_uri: str | None = Field(
        None, pattern=r"^(tcp|unix)://.+$", description="Wyoming server for other terminals, e.g. `tcp://0.0.0.0:10300`"
    )
    max_audio_bytes: int = Field(16_777_216, ge=1024, description="Largest recording accepted")
    ocr: str = Field(
        "rapidocr",
        pattern=r"^(rapidocr(:tiny)?|scripted(:.+)?)$",
        description="Reads pictures: `rapidocr`, `rapidocr:tiny` (three times faster), `scripted`, `scripted:FILE`",
    )
    ocr_workers: int = Field(2, ge=0, le=64, description="Processes that read what is handed in; 0 reads in the server")
    max_file_bytes: int = Field(20_971_520, ge=1024, description="Largest file that may be handed in with a case")
    max_uploads_bytes: int = Field(
        268_435_456, ge=1024, description="Memory for files that all visitors together hand in at the same time"
    )
    vault_keys: Path | None = Field(
        None, description="Folder of the keys that seal cases; `keys` in the data folder by default"
    )
    holidays: Path | None = Field(None, description="YAML of public holidays beyond the bundled years")
    authority_code: str = Field("政务", min_length=1, max_length=20, description="机关代字 in the numbers of notices")
    draft_days: int = Field(30, ge=1, description="Days after which a case that was never submitted is deleted")
    case_days: int = Field(365, ge=1, description="Days that files and personal data of a closed case are kept")
    blind_sample: float = Field(
        0.04, ge=0, le=1, description="Share of cases that clerks review before seeing findings"
    )
    retention_days: int = Field(180, ge=1, description="Days that conversation turns are kept")
    answer_sample: float = Field(
        0.02,
        ge=0,
        le=1,
        description="Share of answers that staff are asked to judge; "
        "those that ask back or do not answer four times as often",
    )
    max_body_bytes: int = Field(65536, ge=1024, description="Largest request body accepted")
    log_level: str = Field("INFO", pattern=r"(?i)^(debug|info|warning|error|critical)$", description="Python log level")
