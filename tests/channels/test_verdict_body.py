"""The documented shape of a verdict is the one that is printed."""

import json
from pathlib import Path

from channels.verdict_body import VerdictBody

SCHEMA = Path(__file__).parents[2] / "docs" / "verdict.schema.json"
CONTRACT = {"rule", "version", "status", "severity", "title", "detail", "citizen_text", "basis", "evidence", "action"}


def test_the_schema_in_the_docs_is_that_of_the_program():
    assert json.loads(SCHEMA.read_text("utf-8")) == VerdictBody.model_json_schema(mode="serialization")


def test_the_schema_holds_what_other_programs_rely_on():
    schema = json.loads(SCHEMA.read_text("utf-8"))
    parts = {name: set(part["properties"]) for name, part in schema["$defs"].items() if "properties" in part}
    relied_on = {"verdict", "findings", "checks_passed", "checks_not_applicable", "fields", "quality", "ruleset"}
    assert relied_on | {"engine", "took_ms"} <= set(schema["properties"])
    assert parts["Finding"] >= CONTRACT
    assert parts["Evidence"] >= {"file", "page", "quad", "quote"}
    assert parts["FieldBody"] >= {"material", "name", "value", "page", "quad", "method", "validated"}
    assert parts["RulesetRef"] == {"version", "sha256"}


def test_there_is_no_way_to_say_approved():
    schema = json.loads(SCHEMA.read_text("utf-8"))
    assert schema["properties"]["verdict"]["enum"] == ["ready", "correct_first", "ask_a_person"]
