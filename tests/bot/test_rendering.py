"""Drafts that are rendered in a process of their own: the same as those made here, and no process stays for good."""

import asyncio
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import pytest

from bot.rendering import LONGEST, Kept, Order, Rendered, Renderer, RenderingError, render
from core.meetings import Record
from handlers.drafts import describe_draft
from handlers.making import Made, render_draft
from reports.report import Changes
from storage.database import open_database
from storage.store import Store
from tests.bot.recorder import find_children, wait_until
from tests.bot.transcripts import TEMPLATES
from tests.handlers.chat import Chat

AT = datetime(2018, 5, 7, 18, tzinfo=UTC)
SLEEP = "__import__('time').sleep(60)"
# a bot that has an order rendered, says in which process, and may then give one that does this
BOT = """
import asyncio, pickle, sys
from bot.rendering import Renderer
from tests.bot.recorder import find_children
from tests.bot.test_rendering import do

async def run():
    order, renderer = pickle.load(sys.stdin.buffer), Renderer()
    await renderer.render(order)
    print(*find_children(), flush=True)
    for expression in sys.argv[1:]:
        await renderer.render(do(order, expression))
    await asyncio.Event().wait()

asyncio.run(run())
"""


@dataclass(frozen=True)
class Doing:
    """Formats that are what this expression gives in the child, when it reads the order."""

    expression: str

    def __reduce__(self) -> tuple[object, ...]:
        return eval, (self.expression,)


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


@pytest.fixture
def plain(record: Record) -> Order:
    return order_of(record, "md")


@dataclass(frozen=True)
class Held:
    """A record that goes along with the order, to the child as an object of a class that it makes itself."""

    record: Record
    earlier: Mapping[int, str]

    def __reduce__(self) -> tuple[object, ...]:
        held = "type('Held', (), {'load': lambda self, wanted: pair})()"
        return eval, (held, {"pair": (self.record, self.earlier)})

    def load(self, _: Sequence[str]) -> tuple[Record, Mapping[int, str]]:
        return self.record, self.earlier


def order_of(record: Record, *formats: str, earlier: Mapping[int, str] = MappingProxyType({})) -> Order:
    return Order(Held(record, dict(earlier)), TEMPLATES.folders, formats, "en", AT)


def do(order: Order, expression: str) -> Order:
    return replace(order, formats=Doing(expression))  # type: ignore[arg-type]


def is_gone(pid: int) -> bool:
    """Whether there is no such process, nor what is left of one that nobody waited for."""
    return not Path(f"/proc/{pid}").exists()


def is_over(pid: int) -> bool:
    """Whether it runs no more; an orphan may be left unwaited for by whoever got it."""
    return is_gone(pid) or not Path(f"/proc/{pid}/cmdline").read_bytes()


def test_a_draft_rendered_apart_is_the_same_as_here(record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    # a folder that would be taken for the package, if the child looked where the bot runs
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "__init__.py").touch()
    monkeypatch.chdir(tmp_path)
    formats = ("docx", "html", "md", "json")
    template = TEMPLATES.load("bapa40")
    made = asyncio.run(Renderer().render(order_of(record, *formats)))
    here = render_draft(record, template, formats, {}, AT)
    assert made == as_sent(here)
    assert made.numbers
    # and what is compared with an earlier draft
    wanted, earlier = ("md", "changes/3"), {3: made.kept}
    again = asyncio.run(Renderer().render(order_of(record, *wanted, earlier=earlier)))
    here = render_draft(record, template, wanted, earlier, AT)
    assert (again, here.report.changes) == (as_sent(here), Changes(3, "Changes since draft 3", ()))


def as_sent(made: Made) -> Rendered:
    return Rendered(made.files, made.numbers, made.kept, describe_draft(made.report, "en"))


def test_a_meeting_is_read_from_its_database_in_the_child(store: Store):
    chat = Chat(store, TEMPLATES)
    for text in ("/open Consultation", "#recommendation Costs", "#need Staff"):
        chat.say(text)
    with store.read() as work:
        [meeting] = work.list_meetings()
    order = replace(order_of(chat.record(), "md", "json"), source=Kept(store.url, meeting.id))
    made = asyncio.run(Renderer().render(order))
    assert made == render(order_of(chat.record(), "md", "json"))
    with store.work() as work:
        work.keep_draft(meeting.id, AT, made.numbers, made.files, made.kept)
    chat.say("#need Rooms")
    made = asyncio.run(Renderer().render(order))
    assert made.told[1] == "Since draft 1: 1 new."


def test_one_child_renders_what_is_ordered_one_after_the_other_and_at_once(plain: Order):
    other = replace(plain, formats=("json", "html"))

    async def run() -> tuple[list[Rendered], list[list[int]]]:
        renderer = Renderer()
        made, children = [await renderer.render(plain)], [find_children()]
        made += await asyncio.gather(*map(renderer.render, (other, plain, other)))
        return made, [*children, find_children()]

    made, (before, after) = asyncio.run(run())
    assert made == [render(order) for order in (plain, other, plain, other)]
    assert (len(before), after, is_gone(before[0])) == (1, before, True)


def test_a_child_ends_when_it_is_idle_and_the_next_order_has_another(plain: Order):
    async def run() -> tuple[list[Rendered], list[list[int]]]:
        renderer = Renderer(idle=0.05)
        made, children = [await renderer.render(plain)], [find_children()]
        await wait_until(lambda: is_gone(children[0][0]))
        made.append(await renderer.render(plain))
        return made, [*children, find_children()]

    made, (before, after) = asyncio.run(run())
    assert made == [render(plain)] * 2
    assert (len(before), len(after), before != after) == (1, 1, True)


def test_a_child_does_not_idle_while_it_renders(plain: Order):
    async def run() -> tuple[list[int], list[int]]:
        renderer = Renderer(idle=0.3)
        await renderer.render(plain)
        before = find_children()
        await renderer.render(do(plain, "__import__('time').sleep(0.6) or ('md',)"))
        await renderer.render(plain)
        return before, find_children()

    before, after = asyncio.run(run())
    assert (len(before), after) == (1, before)


def test_a_child_renders_no_more_than_its_share(plain: Order):
    async def run() -> list[list[int]]:
        renderer, children = Renderer(most=2), []
        for _ in range(3):
            await renderer.render(plain)
            children.append(find_children())
        return children

    first, second, third = asyncio.run(run())
    assert (len(first), second, len(third), first != third) == (1, [], 1, True)


def test_a_closed_renderer_has_no_child_until_the_next_order(plain: Order):
    async def run() -> tuple[list[int], list[int], Rendered]:
        renderer = Renderer()
        await renderer.close()
        await renderer.render(plain)
        before = find_children()
        await renderer.close()
        return before, find_children(), await renderer.render(plain)

    before, after, made = asyncio.run(run())
    assert (len(before), after, made) == (1, [], render(plain))
    assert is_gone(before[0])


def test_a_broken_template_is_named_and_the_child_goes_on(plain: Order, tmp_path: Path):
    (tmp_path / "bapa40").mkdir()

    async def run() -> tuple[list[int], Rendered, list[int]]:
        renderer = Renderer()
        with pytest.raises(RenderingError, match="The template bapa40 cannot be used"):
            await renderer.render(replace(plain, folders={"bapa40": tmp_path / "bapa40"}))
        return find_children(), await renderer.render(plain), find_children()

    before, made, after = asyncio.run(run())
    assert (len(before), made, after) == (1, render(plain), before)


def test_an_unforeseen_fault_is_told_without_its_text(record: Record):
    broken = replace(record, notes=dict.fromkeys(record.notes, ("a secret",)))  # type: ignore[dict-item]
    with pytest.raises(RenderingError) as raised:
        asyncio.run(Renderer().render(order_of(broken, "md")))
    assert str(raised.value) == "AttributeError"


def test_a_child_that_is_killed_as_it_starts_is_an_error(plain: Order):
    async def kill() -> None:
        task = asyncio.create_task(Renderer().render(plain))
        await wait_until(find_children)
        os.kill(find_children()[0], signal.SIGKILL)
        await task

    with pytest.raises(RenderingError, match="its process ended with -9"):
        asyncio.run(kill())


@pytest.mark.parametrize(
    ("expression", "longest", "reason"),
    [
        ("__import__('os')._exit(3)", LONGEST, "its process ended with 3"),
        ("__import__('os').kill(__import__('os').getpid(), 9)", LONGEST, "its process ended with -9"),
        ("__import__('os').write(0, bytes(8))", LONGEST, "its answer cannot be read: EOFError"),
        (SLEEP, 0.5, "it took longer than 0.5 s"),
    ],
)
def test_an_order_that_the_child_does_not_survive_is_an_error_and_the_next_has_another(
    plain: Order, expression: str, longest: float, reason: str
):
    async def run() -> tuple[list[str], list[int], list[int], Rendered]:
        renderer = Renderer()
        await renderer.render(plain)
        before, renderer.longest = find_children(), longest
        with pytest.raises(RenderingError) as raised:
            await renderer.render(do(plain, expression))
        after, renderer.longest = find_children(), LONGEST
        return [str(raised.value)], before, after, await renderer.render(plain)

    told, before, after, made = asyncio.run(run())
    assert (told, after, made) == ([reason], [], render(plain))
    assert [is_gone(pid) for pid in before] == [True]


def test_a_child_that_died_while_it_was_idle_is_no_error(plain: Order):
    async def run() -> tuple[list[int], Rendered, list[int]]:
        renderer = Renderer()
        await renderer.render(plain)
        before = find_children()
        os.kill(before[0], signal.SIGKILL)
        # at once: the loop has not heard of it
        return before, await renderer.render(plain), find_children()

    before, made, after = asyncio.run(run())
    assert (len(before), made, len(after), before != after) == (1, render(plain), 1, True)
    assert is_gone(before[0])


def test_a_child_is_not_ended_by_a_service_manager(plain: Order):
    async def run() -> tuple[list[int], Rendered, list[int]]:
        renderer = Renderer()
        await renderer.render(plain)
        before = find_children()
        os.kill(before[0], signal.SIGTERM)
        return before, await renderer.render(plain), find_children()

    before, made, after = asyncio.run(run())
    assert (len(before), made, after) == (1, render(plain), before)


def test_what_the_child_prints_is_no_answer(plain: Order):
    printing = do(plain, "print('a line', flush=True) or ('md',)")
    assert asyncio.run(Renderer().render(printing)) == render(plain)


def test_a_child_that_takes_too_long_to_start_is_killed(plain: Order):
    async def hurry() -> list[int]:
        with pytest.raises(RenderingError, match=r"it took longer than 0\.05 s"):
            await Renderer(longest=0.05).render(plain)
        return find_children()

    assert asyncio.run(hurry()) == []


def test_a_child_does_not_outlive_a_cancelled_order(plain: Order, tmp_path: Path):
    async def cancel(renderer: Renderer, order: Order, when: Callable[[], object]) -> tuple[list[int], list[int]]:
        task = asyncio.create_task(renderer.render(order))
        await wait_until(when)
        before = find_children()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        return before, find_children()

    async def run() -> tuple[list[tuple[list[int], list[int]]], Rendered]:
        renderer, begun = Renderer(), tmp_path / "begun"
        starting = await cancel(renderer, plain, find_children)
        hanging = do(plain, f"open({str(begun)!r}, 'w').close() or {SLEEP}")
        return [starting, await cancel(renderer, hanging, begun.exists)], await renderer.render(plain)

    cancelled, made = asyncio.run(run())
    assert ([(len(before), after) for before, after in cancelled], made) == ([(1, []), (1, [])], render(plain))


@pytest.mark.parametrize("busy", [False, True])
def test_a_child_ends_when_its_bot_is_killed(plain: Order, tmp_path: Path, busy: bool):
    begun = tmp_path / "begun"
    command = [sys.executable, "-c", BOT, *([f"open({str(begun)!r}, 'w').close() or {SLEEP}"] if busy else [])]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as bot:
        assert bot.stdin is not None
        assert bot.stdout is not None
        # from the file that `record` was made in
        kept = Kept(f"sqlite:///{tmp_path}/chat.db", plain.source.load(())[0].meeting.id)
        bot.stdin.write(pickle.dumps(replace(plain, source=kept)))
        bot.stdin.close()
        child = int(bot.stdout.readline())
        if busy:
            asyncio.run(wait_until(begun.exists))
        before = is_over(child)
        bot.kill()
    asyncio.run(wait_until(lambda: is_over(child)))
    assert not before


def test_a_big_record_goes_through(tmp_path: Path):
    store = Store(open_database(f"sqlite:///{tmp_path}/big.db"))
    chat = Chat(store, TEMPLATES)
    for text in ("/open Consultation", *("#need " + "Staff " * 1000 + str(n) for n in range(60))):
        chat.say(text)
    order = order_of(chat.record(), "md")
    made = asyncio.run(Renderer().render(order))
    store.close()
    assert made == render(order)
    assert made.files[0].content.count(b"Staff Staff ") > 60
