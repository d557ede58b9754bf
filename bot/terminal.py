"""`rapporteur run` without a token: the console platform, its worker and its sender in one loop."""

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from getpass import getuser

from bot.app import App
from bot.backoff import Pace, Trouble
from bot.clock import Clock
from bot.files import write_new_files
from bot.packaging import make_package
from bot.platforms.console import CHAT, PLATFORM, WORKSPACE, Console
from bot.worker import Worker
from core.errors import RapporteurError, UserError
from core.messages import in_time
from handlers.drafts import name_files, tell_changes
from handlers.making import make_draft
from handlers.packaging import PACKAGE

WELCOME = """Type messages; /help tells how. A line that ends with \\ goes on below.
To change what you typed: edit 3: new text, reply 3: #challenge, delete 3. Ctrl-D ends; nothing is lost."""


def run_console(app: App) -> None:
    """Read lines until they end; each is a message of the console's meeting, answered at once."""
    greeting = _open_meeting(app)
    console = Console(_name_author(), _list_ids(app))
    worker = Worker(app.store, app.templates, app.settings.defaults(), console)
    print(f"{greeting}\n{WELCOME}")
    # nothing ticks while a line is typed: what is due is done before the next
    clock = Clock(app, (), lambda: None, Trouble("database"), Pace())
    clock.plan_all()
    # what an earlier run took in but did not answer
    worker.take_all()
    clock.do_all()
    _send_replies(app, console)
    for text in _typed_messages(console, prompting=sys.stdin.isatty()):
        try:
            update = console.write_update(text, datetime.now(UTC))
        except UserError as error:
            print(f"  {error}")
            continue
        app.store.put_updates(console.source, [update])
        clock.do_all()
        worker.take_all()
        if said := console.confirm(text):
            print(said)
        _send_replies(app, console)
    print()


def _name_author() -> str:
    try:
        return getuser()
    except (KeyError, OSError):
        return "console"


def _open_meeting(app: App) -> str:
    """Go on with the console's open meeting, or make one ready."""
    with app.store.work() as work:
        meeting_id = work.meeting_of_chat(PLATFORM, WORKSPACE, CHAT)
        if meeting_id is not None and work.load_meeting(meeting_id).closed_at is None:
            return f"The meeting {work.load_meeting(meeting_id).name} goes on."
        defaults = app.settings.defaults()
        meeting_id = work.create_meeting(
            f"console-{datetime.now(UTC):%Y-%m-%d}",
            template=defaults.template,
            zone=defaults.zone,
            language=defaults.language,
            pinned={},
        )
        work.link_chat(PLATFORM, WORKSPACE, CHAT, meeting_id)
        meeting = work.load_meeting(meeting_id)
    return (
        f"The meeting {meeting.name} is ready; /open TITLE names it (template {meeting.template}, zone {meeting.zone})."
    )


def _list_ids(app: App) -> list[str]:
    """The ids of the messages that earlier runs took into the meeting, in the order of their time."""
    with app.store.read() as work:
        meeting_id = work.meeting_of_chat(PLATFORM, WORKSPACE, CHAT)
        messages = work.load_record(meeting_id).messages if meeting_id is not None else ()
    return [message.key.id for message in sorted(messages, key=lambda m: in_time(m.sent_at, m.key))]


def _typed_messages(console: Console, *, prompting: bool) -> Iterator[str]:
    """The messages that are typed, lines that end with a backslash joined to the next."""
    lines: list[str] = []
    while True:
        try:
            line = input(("… " if lines else f"{console.next_number}> ") if prompting else "")
        except EOFError:
            break
        lines.append(line.removesuffix("\\"))
        if not line.endswith("\\"):
            text, lines = "\n".join(lines), []
            if text.strip():
                yield text


def _send_replies(app: App, console: Console) -> None:
    """Send what the outbox holds for the console, in order; each is done once it is printed."""
    while True:
        with app.store.work() as work:
            replies = work.take_replies(PLATFORM, WORKSPACE, 100)
        for reply_id, reply, _ in replies:
            # what stands above cannot be changed any more
            if not reply.renews:
                console.show(reply, print)
            if reply.draft:
                try:
                    _write_draft(app, reply.draft)
                except RapporteurError as error:
                    print(f"  The draft could not be made: {error}")
            with app.store.work() as work:
                work.finish_reply(reply_id)
        if not replies:
            return


def _write_draft(app: App, formats: tuple[str, ...]) -> None:
    with app.store.read() as work:
        meeting_id = work.meeting_of_chat(PLATFORM, WORKSPACE, CHAT)
    if meeting_id is None:
        return
    told: Sequence[object]
    if formats[0] == PACKAGE:
        draft, told = make_package(app.store, app.templates, meeting_id, formats[1:], datetime.now(UTC))
    else:
        draft, report = make_draft(app.store, app.templates, meeting_id, formats, datetime.now(UTC))
        told = tell_changes(report)
    for path in write_new_files(name_files(draft), app.settings.drafts_dir):
        print(f"  Draft {draft.number}: {path}")
    for line in told:
        print(f"  {line}")
