"""Tasks that stand and fall together. Used by `service` and `leading`."""

import asyncio
from collections.abc import Coroutine


async def run_together(*works: Coroutine[None, None, None]) -> None:
    """Run these beside each other until all have ended, or one with an error, which is raised; none is left behind."""
    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work)
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
