"""Cases of the pre-review, what officers say to them, versions of rule sets, staff, and the audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

KNOWN_STATE = (
    "state IN ('draft', 'submitted', 'reviewing', 'review_failed', 'awaiting_clerk', 'correction_requested', "
    "'acceptance_drafted', 'refusal_drafted', 'not_accepted', 'accepted', 'accepted_with_gap', 'gap_passed', "
    "'deemed_accepted', 'examining', 'special_procedure', 'awaiting_final', 'granted', 'not_granted', 'closed', "
    "'delivered', 'archived', 'withdrawn', 'ended')"
)
TWO_PERSONS = (
    "NOT (state IN ('granted', 'not_accepted', 'not_granted')) "
    "OR (proposed_by IS NOT NULL AND signed_by IS NOT NULL AND proposed_by <> signed_by)"
)
TABLES = (
    "ruleset_version", "staff", "staff_session", "staff_link", "access_failure", "review_case", "review_event",
    "review_file", "review_reading", "review_verdict", "review_outcome", "review_opened", "review_decision",
    "review_added", "review_correction", "review_notice", "review_series", "audit_entry", "audit_anchor",
)  # fmt: skip
"""In the order in which they refer to each other."""
KEPT = ("UPDATE", "DELETE")


def upgrade() -> None:
    _rulesets()
    _staff()
    _cases()
    _handed_in()
    _verdicts()
    _officers()
    _notices()
    _audit()
    _append_only()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entry_is_kept()")


def _append_only() -> None:
    """Entries are neither changed nor deleted, whoever asks."""
    if op.get_bind().dialect.name == "sqlite":
        for what in KEPT:
            op.execute(
                f"CREATE TRIGGER audit_entry_no_{what.lower()} BEFORE {what} ON audit_entry "
                "BEGIN SELECT RAISE(ABORT, 'the audit is only appended to'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit is only appended to'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_kept()"
    )


def _rulesets() -> None:
    op.create_table(
        "ruleset_version",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("item", sa.String(128), nullable=False, index=True),
        sa.Column("version", sa.String(32), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("state", sa.String(16), nullable=False, index=True),
        sa.Column("author", sa.String(64), nullable=False),
        sa.Column("approved_by", sa.String(64)),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("published_at", sa.DateTime),
        sa.Column("effective_from", sa.Date, nullable=False),
        sa.Column("effective_to", sa.Date),
        sa.Column("replay", sa.JSON),
        sa.UniqueConstraint("item", "sha256", name="uq_ruleset_version_item_sha256"),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> author", name="ck_ruleset_version_second_person"),
    )


def _staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("login", sa.String(64), nullable=False, unique=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("organisation", sa.String(128), nullable=False),
        sa.Column("roles", sa.String(64), nullable=False),
        sa.Column("password_hash", sa.String(255)),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("password_changed_at", sa.DateTime),
    )
    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("staff_id", sa.String(32), sa.ForeignKey("staff.id"), nullable=False, index=True),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("last_seen_at", sa.DateTime, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False, index=True),
    )
    op.create_table(
        "staff_link",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("staff_id", sa.String(32), sa.ForeignKey("staff.id"), index=True),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False),
        sa.Column("used_at", sa.DateTime),
    )
    op.create_table(
        "access_failure",
        sa.Column("key", sa.String(80), primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("last_at", sa.DateTime, nullable=False, index=True),
    )


def _cases() -> None:
    op.create_table(
        "review_case",
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
        sa.CheckConstraint(TWO_PERSONS, name="ck_review_case_two_persons"),
        sa.CheckConstraint(KNOWN_STATE, name="ck_review_case_state"),
    )


def _handed_in() -> None:
    op.create_table(
        "review_event",
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
    op.create_table(
        "review_file",
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


def _verdicts() -> None:
    op.create_table(
        "review_reading",
        sa.Column("case_id", sa.String(36), sa.ForeignKey("review_case.id"), primary_key=True),
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("engine", sa.String(64), primary_key=True),
        sa.Column("reading", sa.LargeBinary, nullable=False),
        sa.Column("pictures", sa.JSON, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "review_verdict",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("case_id", sa.String(36), sa.ForeignKey("review_case.id"), nullable=False, index=True),
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
    op.create_table(
        "review_outcome",
        sa.Column("verdict_id", sa.String(36), sa.ForeignKey("review_verdict.id"), primary_key=True),
        sa.Column("finding", sa.String(260), primary_key=True),
        sa.Column("rule", sa.String(128), nullable=False, index=True),
        sa.Column("outcome", sa.String(16), nullable=False),
    )


def _officers() -> None:
    op.create_table(
        "review_opened",
        sa.Column("case_id", sa.String(36), sa.ForeignKey("review_case.id"), primary_key=True),
        sa.Column("round", sa.Integer, primary_key=True),
        sa.Column("finding", sa.String(260), primary_key=True),
        sa.Column("officer", sa.String(64), primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "review_decision",
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
    op.create_table(
        "review_added",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("case_id", sa.String(36), sa.ForeignKey("review_case.id"), nullable=False, index=True),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("rule", sa.String(128), nullable=False),
        sa.Column("slot", sa.String(128)),
        sa.Column("matched", sa.String(260)),
        sa.Column("blind", sa.Boolean, nullable=False),
        sa.Column("words", sa.LargeBinary),
        sa.Column("officer", sa.String(64), nullable=False, index=True),
        sa.Column("at", sa.DateTime, nullable=False),
    )


def _notices() -> None:
    op.create_table(
        "review_correction",
        sa.Column("case_id", sa.String(36), sa.ForeignKey("review_case.id"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("field", sa.String(64), nullable=False),
        sa.Column("words", sa.LargeBinary),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "review_notice",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("case_id", sa.String(36), sa.ForeignKey("review_case.id"), nullable=False, index=True),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("number", sa.String(64), nullable=False, unique=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("refs", sa.JSON, nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("read_at", sa.DateTime),
    )
    op.create_table(
        "review_series",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )


def _audit() -> None:
    op.create_table(
        "audit_entry",
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
    op.create_table(
        "audit_anchor",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
