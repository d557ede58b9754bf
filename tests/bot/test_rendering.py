"""Drafts that are rendered in a process of their own: the same as those made here, and no process stays behind."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bot.rendering import Order, Rendered, RenderingError, render_apart
from core.meetings import Record
from handlers.drafts import render_files
from reports.placement import place_numbered
from storage.database import open_database
from storage.store import Store
from tests.bot.recorder import find_children, wait_until
from tests.bot.transcripts import TEMPLATES
from tests.handlers.chat import Chat


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    chat = Chat.on(tmp_path)
    for text in (
        "/open Réunion",
        "#session II: Means",
        "#recommendation Costs – 建议 🙂",
        "#need Staff",
        "#xyzzy what",
    ):
        chat.say(text)
    yield chat.record()
    chat.store.close()


def test_a_draft_rendered_apart_is_the_same_as_here(record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    # a folder that would be taken for the package, if the child looked where the bot runs
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "__init__.py").touch()
    monkeypatch.chdir(tmp_path)
    formats = ("docx", "html", "md", "json")
    report, numbers = place_numbered(record, TEMPLATES.load("bapa40"))
    made = asyncio.run(render_apart(Order(record, TEMPLATES.folders, formats)))
    assert made == Rendered(report, tuple(render_files(report, record.meeting.name, formats)), numbers)
    assert numbers


def test_a_broken_template_is_named(record: Record, tmp_path: Path):
    (tmp_path / "bapa40").mkdir()
    with pytest.raises(RenderingError, match="The template bapa40 cannot be used"):
        asyncio.run(render_apart(Order(record, {"bapa40": tmp_path / "bapa40"}, ("md",))))


def test_an_unforeseen_fault_is_told_without_its_text(record: Record):
    broken = replace(record, notes=dict.fromkeys(record.notes, ("a secret",)))  # type: ignore[dict-item]
    with pytest.raises(RenderingError) as raised:
        asyncio.run(render_apart(Order(broken, TEMPLATES.folders, ("md",))))
    assert str(raised.value) == "AttributeError"


def test_a_child_that_is_killed_is_an_error(record: Record):
    async def kill() -> None:
        task = asyncio.create_task(render_apart(Order(record, TEMPLATES.folders, ("docx",))))
        await wait_until(find_children)
        os.kill(find_children()[0], signal.SIGKILL)
        await task

    with pytest.raises(RenderingError, match="its process ended with -9"):
        asyncio.run(kill())


def test_a_child_that_takes_too_long_is_killed(record: Record):
    async def hurry() -> list[int]:
        with pytest.raises(RenderingError, match=r"it took longer than 0\.05 s"):
            await render_apart(Order(record, TEMPLATES.folders, ("docx",)), longest=0.05)
        return find_children()

    assert asyncio.run(hurry()) == []


def test_a_child_does_not_outlive_a_cancelled_call(record: Record):
    async def cancel() -> tuple[list[int], list[int]]:
        task = asyncio.create_task(render_apart(Order(record, TEMPLATES.folders, ("docx",))))
        await wait_until(find_children)
        before = find_children()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        return before, find_children()

    before, after = asyncio.run(cancel())
    assert (len(before), after) == (1, [])


def test_a_big_record_goes_through(tmp_path: Path):
    store = Store(open_database(f"sqlite:///{tmp_path}/big.db"))
    chat = Chat(store, TEMPLATES)
    for text in ("/open Consultation", *("#need " + "Staff " * 1000 + str(n) for n in range(60))):
        chat.say(text)
    made = asyncio.run(render_apart(Order(chat.record(), TEMPLATES.folders, ("md",))))
    store.close()
    assert made.files[0].content.count(b"Staff Staff ") > 60
