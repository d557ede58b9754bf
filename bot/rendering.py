"""Rendering a draft in a process of its own: a big report holds up neither the event loop nor the worker's thread.

`drafting` calls `render_apart`, which starts this module as a child: an `Order` comes in on standard input, what was
made, or why nothing was, goes out on standard output.
"""

import asyncio
import pickle
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.errors import RapporteurError, TemplateError
from core.meetings import Record
from core.replies import DraftFile
from handlers.drafts import render_files
from reports.placement import place_numbered
from reports.report import Report
from reports.template_reader import TemplateCatalog
from storage.drafts import Numbers

# no report takes as long; what does hangs
LONGEST = 300.0


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be rendered: a record, in its template of these folders, in these formats."""

    record: Record
    folders: Mapping[str, Path]
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """The report, its files, and the numbers that notes have in them."""

    report: Report
    files: tuple[DraftFile, ...]
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class _Failed:
    """Why there is nothing; without a word of any note."""

    reason: str


class RenderingError(RapporteurError):
    """A draft could not be rendered. The text is for the log."""


async def render_apart(order: Order, *, longest: float = LONGEST) -> Rendered:
    """Render in a child process, which does not outlive this call; a `RenderingError` says what was wrong."""
    request = await asyncio.to_thread(pickle.dumps, order)
    # -P: the folder that the bot runs in may have a folder `reports` of its own
    command = (sys.executable, "-P", "-m", "bot.rendering")
    # a session of its own: Ctrl-C is for the bot, which ends the child itself
    child = await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True
    )
    try:
        async with asyncio.timeout(longest):
            answer, _ = await child.communicate(request)
    except TimeoutError:
        raise RenderingError(f"it took longer than {longest:g} s") from None
    finally:
        await _end(child)
    if child.returncode != 0:
        raise RenderingError(f"its process ended with {child.returncode}")
    made: Rendered | _Failed = await asyncio.to_thread(pickle.loads, answer)
    if isinstance(made, _Failed):
        raise RenderingError(made.reason)
    return made


async def _end(child: Process) -> None:
    if child.returncode is None:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()


def render(order: Order) -> Rendered:
    """Render here."""
    report, numbers = place_numbered(order.record, TemplateCatalog(order.folders).load(order.record.meeting.template))
    files = render_files(report, order.record.meeting.name, order.formats)
    return Rendered(report, tuple(files), numbers)


def answer_order() -> None:
    """What the child does."""
    # the bot decides when this ends, also where a service manager tells all its processes
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    made: Rendered | _Failed
    try:
        made = render(pickle.load(sys.stdin.buffer))  # noqa: S301 - the bot wrote it
    except TemplateError as error:
        made = _Failed(str(error))
    except Exception as error:
        # the text of others may quote a note
        made = _Failed(type(error).__name__)
    sys.stdout.buffer.write(pickle.dumps(made))


if __name__ == "__main__":
    # by its full name: what is pickled here is looked for there by the bot
    from bot.rendering import answer_order as answer

    answer()
