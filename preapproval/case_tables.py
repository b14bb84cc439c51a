"""The tables of cases and of the audit. What is personal lies sealed in columns of bytes; times are UTC."""

from __future__ import annotations

import sqlalchemy as sa

from preapproval.sign_off import REVIEWED_TWICE, STATES

metadata = sa.MetaData()


def _one_of(column: str, values: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


KNOWN_STATE = _one_of("state", STATES)
TWO_PERSONS = (
    f"NOT ({_one_of('state', tuple(sorted(REVIEWED_TWICE)))}) "
    "OR (proposed_by IS NOT NULL AND signed_by IS NOT NULL AND proposed_by <> signed_by)"
)
"""终审 is not 初审, to the database too."""


def _case() -> sa.Column[str]:
    return sa.Column("case_id", sa.String(36), sa.ForeignKey("review_case.id"), nullable=False, index=True)


cases = sa.Table(
    "review_case",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("number", sa.String(32), unique=True),
    sa.Column("item", sa.String(128), nullable=False, index=True),
    sa.Column("organisation", sa.String(128), nullable=False, index=True),
    sa.Column("region", sa.String(64)),
    sa.Column("state", sa.String(24), nullable=False, index=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("filing_round", sa.Integer, nullable=False),
    sa.Column("choices", sa.JSON, nullable=False),
    sa.Column("applicant", sa.LargeBinary),
    sa.Column("blind", sa.String(64), index=True),
    sa.Column("key_hash", sa.String(64), unique=True),
    sa.Column("submit_token", sa.String(64)),
    sa.Column("ruleset_version", sa.String(64)),
    sa.Column("ruleset_sha256", sa.String(64)),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("received_at", sa.DateTime, index=True),
    sa.Column("changed_at", sa.DateTime, nullable=False, index=True),
    sa.Column("claimed_by", sa.String(64)),
    sa.Column("claim_until", sa.DateTime),
    sa.Column("first_by", sa.JSON, nullable=False),
    sa.Column("proposed", sa.String(8)),
    sa.Column("proposed_by", sa.String(64)),
    sa.Column("signed_by", sa.String(64)),
    sa.Column("correction_approved_by", sa.String(64)),
    sa.Column("gap_until", sa.Date),
    sa.Column("extended", sa.Boolean, nullable=False),
    sa.Column("blind_sample", sa.Boolean, nullable=False),
    sa.Column("blind_listed", sa.Boolean, nullable=False),
    sa.Column("legal_hold", sa.Boolean, nullable=False),
    sa.Column("at_rest_since", sa.DateTime, index=True),
    sa.Column("erased_at", sa.DateTime),
    sa.CheckConstraint(KNOWN_STATE, name="ck_review_case_state"),
    sa.CheckConstraint(TWO_PERSONS, name="ck_review_case_two_persons"),
)

turns = sa.Table(
    "review_turn",
    metadata,
    sa.Column("case_id", sa.String(36), sa.ForeignKey("review_case.id"), primary_key=True),
    sa.Column("runner", sa.String(36)),
    sa.Column("until", sa.DateTime),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("due_at", sa.DateTime),
)
"""Which process reviews a case, until when it is taken to live, and when a failed pre-review is tried again."""

events = sa.Table(
    "review_event",
    metadata,
    sa.Column("case_id", sa.String(36), sa.ForeignKey("review_case.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("event", sa.String(32), nullable=False),
    sa.Column("from_state", sa.String(24), nullable=False),
    sa.Column("to_state", sa.String(24), nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("actor", sa.String(64), nullable=False),
    sa.Column("acting_for", sa.String(64)),
    sa.Column("until", sa.Date),
    sa.Column("procedure", sa.String(16)),
    sa.Column("reason", sa.LargeBinary),
    sa.Column("told", sa.LargeBinary),
)
"""`told`: the findings that a correction notice asks for."""

case_files = sa.Table(
    "review_file",
    metadata,
    sa.Column("case_id", sa.String(36), sa.ForeignKey("review_case.id"), primary_key=True),
    sa.Column("round", sa.Integer, primary_key=True),
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("name", sa.LargeBinary),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("media_type", sa.String(64)),
    sa.Column("slot", sa.String(128)),
    sa.Column("ref", sa.String(64), nullable=False),
    sa.Column("added_at", sa.DateTime, nullable=False),
)
"""A round lists all of its files; those of earlier rounds stay. `ref` finds the bytes in the file vault."""

readings = sa.Table(
    "review_reading",
    metadata,
    sa.Column("case_id", sa.String(36), sa.ForeignKey("review_case.id"), primary_key=True),
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("engine", sa.String(64), primary_key=True),
    sa.Column("reading", sa.LargeBinary, nullable=False),
    sa.Column("pictures", sa.JSON, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)
"""`pictures`: `page.part` -> ref of its upright picture. `engine` is a SHA-256 of its name."""

verdicts = sa.Table(
    "review_verdict",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    _case(),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("ruleset_version", sa.String(64), nullable=False),
    sa.Column("ruleset_sha256", sa.String(64), nullable=False),
    sa.Column("engine_sha256", sa.String(64), nullable=False),
    sa.Column("inputs_key", sa.String(64), nullable=False),
    sa.Column("verdict", sa.LargeBinary),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("late", sa.Boolean, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.UniqueConstraint(
        "case_id", "round", "ruleset_sha256", "engine_sha256", "inputs_key", name="uq_review_verdict_run"
    ),
)
"""Keyed by what went in, so that one run is kept once; `late` ones came for a round that was over."""

outcomes = sa.Table(
    "review_outcome",
    metadata,
    sa.Column("verdict_id", sa.String(36), sa.ForeignKey("review_verdict.id"), primary_key=True),
    sa.Column("finding", sa.String(260), primary_key=True),
    sa.Column("rule", sa.String(128), nullable=False, index=True),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("severity", sa.String(8)),
)
"""What each check said, without values: statistics that outlive the case's personal data."""

opened = sa.Table(
    "review_opened",
    metadata,
    sa.Column("case_id", sa.String(36), sa.ForeignKey("review_case.id"), primary_key=True),
    sa.Column("round", sa.Integer, primary_key=True),
    sa.Column("finding", sa.String(260), primary_key=True),
    sa.Column("officer", sa.String(64), primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False),
)

decisions = sa.Table(
    "review_decision",
    metadata,
    sa.Column("case_id", sa.String(36), sa.ForeignKey("review_case.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("finding", sa.String(260), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(32)),
    sa.Column("repeat_reason", sa.String(32)),
    sa.Column("words", sa.LargeBinary),
    sa.Column("officer", sa.String(64), nullable=False, index=True),
    sa.Column("at", sa.DateTime, nullable=False),
)

additions = sa.Table(
    "review_added",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    _case(),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("rule", sa.String(128), nullable=False),
    sa.Column("slot", sa.String(128)),
    sa.Column("matched", sa.String(260)),
    sa.Column("blind", sa.Boolean, nullable=False),
    sa.Column("words", sa.LargeBinary),
    sa.Column("officer", sa.String(64), nullable=False, index=True),
    sa.Column("at", sa.DateTime, nullable=False),
)
"""What officers found. `matched`: of a blind one, the machine's finding that is the same."""

corrections = sa.Table(
    "review_correction",
    metadata,
    sa.Column("case_id", sa.String(36), sa.ForeignKey("review_case.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("field", sa.String(64), nullable=False),
    sa.Column("words", sa.LargeBinary),
    sa.Column("officer", sa.String(64), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)

notices = sa.Table(
    "review_notice",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    _case(),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("number", sa.String(64), nullable=False, unique=True),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("refs", sa.JSON, nullable=False),
    sa.Column("officer", sa.String(64), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("read_at", sa.DateTime),
)
"""`refs`: format -> where the bytes are in the file vault."""

series = sa.Table(
    "review_series",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)
"""Running numbers of applications and notices, without gaps."""

audit = sa.Table(
    "audit_entry",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("actor", sa.String(64), nullable=False, index=True),
    sa.Column("role", sa.String(64), nullable=False),
    sa.Column("action", sa.String(48), nullable=False, index=True),
    sa.Column("case_id", sa.String(36), index=True),
    sa.Column("details", sa.Text, nullable=False),
    sa.Column("prev_hash", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)
"""Only ever appended to; triggers of the migration hold it."""

anchors = sa.Table(
    "audit_anchor",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)
"""The end of the chain, once a day; the copy outside the database shows a tail that was cut."""
