"""Deletes conversation turns that may no longer be kept: at start-up, and once a day while the server runs."""

from __future__ import annotations

import asyncio
import logging

from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import SQLAlchemyError

from assistant.conversations import Conversations

DAY_S = 24 * 60 * 60

logger = logging.getLogger(__name__)


async def keep_no_longer(conversations: Conversations, days: int) -> None:
    """Runs until it is cancelled. A database that is away today is asked again tomorrow."""
    while True:
        try:
            wiped = await run_in_threadpool(conversations.wipe_older_than, days)
            logger.info("%d turns older than %d days deleted", wiped, days)
        except SQLAlchemyError:
            logger.exception("turns older than %d days could not be deleted", days)
        await asyncio.sleep(DAY_S)
