"""Versions of rule sets in SQL. What a version says never changes; its state does."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError

from preapproval.bind_rules import told
from preapproval.ledger import Ledger
from preapproval.publish import NotAllowed, State, Version, next_state
from preapproval.ruleset import EveryRules, Ruleset
from preapproval.ruleset_files import EVERY, UnreadableRuleset, canonical
from preapproval.sign_off_guards import Actor

metadata = sa.MetaData()

versions = sa.Table(
    "ruleset_version",
    metadata,
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
"""`item` is an item's id, or `every`. `replay` holds the differences that were seen before approval."""

Event = Literal["test", "approve", "publish", "retire"]


@dataclass(frozen=True)
class RulesetVersions:
    """Raises NotAllowed, with a sentence in Chinese, for a step that the lifecycle does not have.

    Every step is an entry of the ledger.
    """

    engine: sa.Engine
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.engine, self.now)

    def draft(self, content: Ruleset | EveryRules, by: Actor, author: str | None = None) -> Version:
        """Keep a new version. The same content is kept once. `author` is who wrote it, where that is another."""
        data, sha256 = canonical(content), content_sha256(content)
        item = content.item if isinstance(content, Ruleset) else EVERY
        row = {
            "id": str(uuid.uuid4()),
            "item": item,
            "version": f"{content.effective_from.isoformat()}-{sha256[:12]}",
            "sha256": sha256,
            "content": data,
            "state": "draft",
            "author": author or by.id,
            "effective_from": content.effective_from,
        }
        said = {"item": item, "ruleset": row["id"], "sha256": sha256} | ({"author": author} if author else {})
        try:
            with self.ledger.entry(by, "rules.draft", **said) as write:
                write.execute(sa.insert(versions), row | {"created_at": write.at})
        except IntegrityError as error:
            raise NotAllowed("already") from error
        return self.get(row["id"])

    def get(self, version_id: str) -> Version:
        with self.engine.connect() as connection:
            row = connection.execute(sa.select(versions).where(versions.c.id == version_id)).one_or_none()
        if row is None:
            raise NotAllowed("unknown_version")
        return _version(row)

    def of_item(self, item: str) -> tuple[Version, ...]:
        """Newest first."""
        wanted = sa.select(versions).where(versions.c.item == item).order_by(versions.c.created_at.desc())
        with self.engine.connect() as connection:
            return tuple(map(_version, connection.execute(wanted)))

    def every_version(self) -> tuple[Version, ...]:
        """Of all items, the newest first."""
        with self.engine.connect() as connection:
            return tuple(map(_version, connection.execute(sa.select(versions).order_by(versions.c.created_at.desc()))))

    def move(self, version_id: str, event: Event, by: Actor, **told: Any) -> Version:
        """One step of the lifecycle; `told` is what next_state asks for. Raises NotAllowed."""
        before = self.get(version_id)
        after = next_state(before, event, by.id, today=self.today(), **told)
        changes: dict[str, Any] = {"state": after}
        if event == "test":
            changes["replay"] = [one.as_dict() for one in told["replay"]]
        if event == "approve":
            changes["approved_by"] = by.id
        if event == "retire":
            changes["effective_to"] = self.today() - timedelta(days=1)
        unchanged = (versions.c.id == version_id, versions.c.state == before.state)
        said = {"item": before.item, "ruleset": before.id, "sha256": before.sha256}
        with self.ledger.entry(by, f"rules.{event}", **said) as write:
            if event == "publish":
                changes["published_at"] = write.at
            if not write.execute(sa.update(versions).where(*unchanged).values(changes)).rowcount:
                raise NotAllowed("wrong_state", state=self._state(write.connection, version_id), event=event)
        return self.get(version_id)

    def in_force(self, item: str, on: date) -> Ruleset | EveryRules | None:
        """The published rules of the newest effective date that is not after `on`; of two with one date, the last.

        What was retired later still tells what held on an earlier day.
        """
        wanted = (
            sa.select(versions.c.content)
            .where(versions.c.item == item, versions.c.published_at.is_not(None), versions.c.effective_from <= on)
            .where(sa.or_(versions.c.effective_to.is_(None), versions.c.effective_to >= on))
            .order_by(versions.c.effective_from.desc(), versions.c.published_at.desc())
            .limit(1)
        )
        with self.engine.connect() as connection:
            content = connection.execute(wanted).scalar()
        return None if content is None else ruleset_of(item, content)

    def today(self) -> date:
        """The hall's day, which is this machine's."""
        return self.now().astimezone().date()

    def _state(self, connection: sa.Connection, version_id: str) -> str | None:
        return connection.execute(sa.select(versions.c.state).where(versions.c.id == version_id)).scalar()


def ruleset_of(item: str, content: Mapping[str, Any]) -> Ruleset | EveryRules:
    """Raises UnreadableRuleset for content of another version of this program."""
    try:
        return EveryRules.model_validate(content) if item == EVERY else Ruleset.model_validate(content)
    except ValidationError as error:
        raise UnreadableRuleset("\n".join(one.message for one in told(error, ()))) from error


def content_sha256(content: Ruleset | EveryRules) -> str:
    return Version.sha256_of(canonical(content))


def _version(row: Any) -> Version:
    state: State = row.state
    return Version(
        id=row.id,
        item=row.item,
        version=row.version,
        sha256=row.sha256,
        content=row.content,
        state=state,
        author=row.author,
        approved_by=row.approved_by,
        created_at=row.created_at.replace(tzinfo=UTC),
        published_at=row.published_at.replace(tzinfo=UTC) if row.published_at else None,
        effective_from=row.effective_from,
        replay=None if row.replay is None else tuple(row.replay),
    )
