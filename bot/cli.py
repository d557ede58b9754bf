"""The command line. Each command imports what it needs when it runs, so that `--help` starts quickly."""

import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from core.errors import RapporteurError, SettingError, StoreError, UserError

if TYPE_CHECKING:
    from bot.app import App
    from bot.platforms import Platform
    from bot.replay import Replay
    from reports.report import Report
    from storage.store import Store, Work

OK, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130
ALL_FORMATS = "docx,pdf,html,md,json"
_WIDEST = 10_000

app = typer.Typer(
    name="rapporteur",
    help="Files tagged meeting notes into a reporting template.",
    epilog="Example: rapporteur demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
slack_app = typer.Typer(help="Set up Slack.", no_args_is_help=True)
app.add_typer(slack_app, name="slack", epilog="Example: rapporteur slack manifest")
templates_app = typer.Typer(help="List the templates, or check one.", invoke_without_command=True)
app.add_typer(templates_app, name="templates", epilog="Example: rapporteur templates check my-templates/igf")

Formats = Annotated[str, typer.Option("--format", metavar="FORMAT,…", help="docx, html, md, json, pdf")]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the files.")]
Submission = Annotated[
    bool, typer.Option("--submission", help="As it is sent in: no checklist, no lists to decide, no provenance.")
]
Database = Annotated[
    str | None, typer.Option("--database", metavar="URL", help="Database; DATABASE_URL where left out.")
]
MeetingName = Annotated[
    str | None, typer.Argument(metavar="[MEETING]", help="Its name; may be left out where there is only one.")
]


def main() -> NoReturn:
    """The program `rapporteur`: what goes wrong is one line on standard error, and the exit code tells."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # a character that the locale lacks stops nothing
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        # outside standalone mode an exit is no exception, but the value
        code = app(standalone_mode=False)
    except typer.Abort:
        sys.exit(INTERRUPTED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except (UserError, SettingError) as error:
        _complain(str(error))
        sys.exit(MISUSED)
    except RapporteurError as error:
        _complain(str(error))
        sys.exit(FAILED)
    except BrokenPipeError:
        # the reader of our output has gone; there is nobody left to tell
        sys.stderr.close()
        sys.exit(FAILED)
    except Exception as error:
        show = getattr(error, "show", None)  # click's own usage errors
        if show is None:
            raise
        show()
        sys.exit(getattr(error, "exit_code", MISUSED))
    sys.exit(code or OK)


def _complain(text: str) -> None:
    typer.echo(f"rapporteur: {text}", err=True)


def _build(database: str | None) -> "App":
    from bot.app import build_app
    from bot.logs import start_logging

    built = build_app(database)
    start_logging(built.settings.log_level)
    return built


def _meeting_id(work: "Work", name: str | None) -> int:
    """The meeting of this name, or the only one there is."""
    meetings = work.list_meetings()
    names = {meeting.name: meeting.id for meeting in meetings}
    titled = [meeting.id for meeting in meetings if name and meeting.title.casefold() == name.casefold()]
    if name not in names and len(titled) == 1:
        return titled[0]
    if name is None and len(names) == 1:
        return next(iter(names.values()))
    if name in names:
        return names[name]
    if not names:
        raise UserError("There is no meeting in this database yet. `rapporteur run` or `rapporteur replay` makes one.")
    wrong = f"There is no meeting {name!r}." if name else "Say which meeting."
    raise UserError(f"{wrong} Meetings: {', '.join(names)}.")


def _split_formats(formats: str) -> list[str]:
    from reports.formats import load_format

    chosen = list(dict.fromkeys(load_format(name).NAME for name in formats.split(",") if name.strip()))
    if not chosen:
        raise UserError("Name at least one format: --format docx,html,md,json,pdf")
    return chosen


def _split_outputs(outputs: str) -> list[str]:
    chosen = list(dict.fromkeys(name.strip().lower() for name in outputs.split(",") if name.strip()))
    if not chosen:
        raise UserError("Name at least one output: --output report,summary")
    return chosen


@app.command(epilog="Example: rapporteur replay notes.jsonl --template hlpf --format docx,md --out report")
def replay(  # noqa: PLR0913, PLR0917  one argument an option
    transcript: Annotated[Path, typer.Argument(metavar="TRANSCRIPT", help="JSON lines; - reads standard input.")],
    template: Annotated[str | None, typer.Option(metavar="NAME", help="Template of the report.")] = None,
    timezone: Annotated[str | None, typer.Option(metavar="ZONE", help="IANA time zone of the meeting.")] = None,
    formats: Formats = ALL_FORMATS,
    out: Out = Path(),
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="Keep the meeting in this database; in memory where left out.")
    ] = None,
    submission: Submission = False,
    progress: Annotated[bool, typer.Option("--progress", help="Show a progress bar also off a terminal.")] = False,
) -> None:
    """Make the report of a transcript; the same transcript again changes nothing."""
    from bot.files import write_files
    from handlers.drafts import render_files

    chosen = _split_formats(formats)
    options = {key: value for key, value in {"template": template, "zone": timezone}.items() if value}
    parts = _build(database or "sqlite://")
    replayed = _replay(parts, transcript, options, progress=progress)
    report = _place(parts, replayed.meeting_id)
    name = "transcript" if str(transcript) == "-" else transcript.stem
    for path in write_files(render_files(report, _file_name(name), chosen, submission=submission), out):
        typer.echo(path)


def _file_name(name: str) -> str:
    from handlers.meetings import make_name

    return make_name(name)


def _replay(parts: "App", transcript: Path, options: dict[str, str], *, progress: bool) -> "Replay":
    """Replay a file with a progress bar where somebody looks; bad lines are told on standard error."""
    from rich.console import Console
    from rich.progress import Progress

    from bot.replay import replay_lines

    name = "transcript" if str(transcript) == "-" else transcript.stem
    shown = progress or sys.stderr.isatty()
    lines = _read_lines(transcript)
    with Progress(console=Console(stderr=True), disable=not shown, transient=True) as bar:
        task = bar.add_task("Taking lines", total=len(lines))
        replayed = replay_lines(
            lines,
            (parts.store, parts.templates, parts.settings.defaults()),
            name,
            options,
            lambda taken: bar.update(task, completed=taken),
        )
    for bad in replayed.bad_lines:
        _complain(f"{transcript}: line {bad.number} was left out: {bad.reason}")
    for message_id, why in replayed.refused:
        _complain(f"{transcript}: the command of message {message_id} was not done: {why}")
    return replayed


def _read_lines(transcript: Path) -> list[str]:
    try:
        raw = sys.stdin.buffer.read() if str(transcript) == "-" else transcript.read_bytes()
    except OSError as error:
        raise UserError(f"{transcript} cannot be read: {error.strerror}.") from None
    # only line feeds end a line: JSON may hold the other line separators
    return raw.decode("utf-8", "replace").split("\n")


def _place(parts: "App", meeting_id: int) -> "Report":
    from bot.replay import load_record
    from reports.placement import place

    record = load_record(parts.store, meeting_id)
    if not record.messages:
        raise UserError("The transcript holds no message that can be used.")
    return place(record, parts.templates.load(record.meeting.template))


@app.command(epilog="Example: rapporteur draft pre-hlpf --format docx --out report")
def draft(  # noqa: PLR0913, PLR0917  one argument an option
    meeting: MeetingName = None,
    formats: Formats = "docx",
    out: Out = Path(),
    outputs: Annotated[
        str,
        typer.Option("--output", metavar="NAME,…", help="report, summary, or the template's own outputs."),
    ] = "report",
    submission: Submission = False,
    changes_since: Annotated[
        int | None,
        typer.Option(
            "--changes-since",
            metavar="N",
            min=1,
            help="Also a Word file with tracked changes since draft N.",
        ),
    ] = None,
    database: Database = None,
) -> None:
    """Make the next numbered draft of a meeting."""
    from datetime import UTC, datetime

    from bot.files import write_new_files
    from handlers.drafts import CHANGES, name_files, tell_changes
    from handlers.making import make_draft
    from reports.outputs import name_file

    wanted = [name_file(output, of) for output in _split_outputs(outputs) for of in _split_formats(formats)]
    if changes_since is not None:
        wanted.append(f"{CHANGES}/{changes_since}")
    parts = _build(database)
    with parts.store.read() as work:
        meeting_id = _meeting_id(work, meeting)
    now = datetime.now(UTC)
    made, report = make_draft(parts.store, parts.templates, meeting_id, wanted, now, submission=submission)
    for path in write_new_files(name_files(made), out):
        typer.echo(path)
    # standard output holds paths alone, for whoever reads them by a program
    for told in tell_changes(report):
        typer.echo(told, err=True)


@app.command(epilog="Example: rapporteur package pre-hlpf --format docx,pdf --out report")
def package(
    meeting: MeetingName = None, formats: Formats = "docx,pdf", out: Out = Path(), database: Database = None
) -> None:
    """Make the next draft as one zip file of all that is sent in: documents, participants, photographs with it."""
    import asyncio
    from datetime import UTC, datetime

    from bot.app import build_platforms
    from bot.fetching import fetch_at_once
    from bot.files import write_new_files
    from bot.packaging import make_package
    from handlers.drafts import name_files

    chosen = _split_formats(formats)
    parts = _build(database)
    with parts.store.read() as work:
        meeting_id = _meeting_id(work, meeting)
    now = datetime.now(UTC)
    platforms = build_platforms(parts.settings, parts.templates)
    for problem in asyncio.run(fetch_at_once(parts.store, platforms, meeting_id, now)):
        _complain(f"a file cannot be had: {problem}")
    made, remarks = make_package(parts.store, parts.templates, meeting_id, chosen, now)
    for path in write_new_files(name_files(made), out):
        typer.echo(path)
    for remark in remarks:
        _complain(str(remark))


@app.command(epilog="Example: rapporteur meetings")
def meetings(database: Database = None) -> None:
    """List the meetings."""
    from rich.console import Console
    from rich.table import Table

    parts = _build(database)
    table = Table("Name", "Title", "Template", "Zone", "State", "Notes", box=None)
    with parts.store.read() as work:
        for meeting in work.list_meetings():
            state = "closed" if meeting.closed_at else "open"
            count = str(work.count_notes(meeting.id))
            table.add_row(meeting.name, meeting.title, meeting.template, meeting.zone, state, count)
    # as wide as it comes out: a name that is cut could not be typed again
    Console(width=_WIDEST).print(table)


@app.command(epilog="Example: rapporteur export pre-hlpf > pre-hlpf.jsonl")
def export(meeting: MeetingName = None, database: Database = None) -> None:
    """Write a meeting as a transcript to standard output; what is off the record is not in it."""
    from bot.platforms.transcript import write_transcript
    from bot.replay import load_record

    parts = _build(database)
    with parts.store.read() as work:
        meeting_id = _meeting_id(work, meeting)
    record = load_record(parts.store, meeting_id)
    for line in write_transcript(record):
        # a transcript is UTF-8, whatever the locale
        typer.echo(line.encode())


@app.command(epilog="Example: rapporteur files pre-hlpf --out photographs")
def files(meeting: MeetingName = None, out: Out = Path(), database: Database = None) -> None:
    """Fetch the photographs, voice notes and files of a meeting from the chat where they were posted."""
    import asyncio

    from bot.app import build_platforms
    from bot.attachments import fetch_attachments
    from bot.files import write_files
    from bot.replay import load_record

    parts = _build(database)
    with parts.store.read() as work:
        meeting_id = _meeting_id(work, meeting)
    record = load_record(parts.store, meeting_id)

    async def fetch() -> bool:
        platforms = build_platforms(parts.settings, parts.templates)
        missing = False
        try:
            async for found in fetch_attachments(record, platforms):
                if isinstance(found, str):
                    _complain(found)
                    missing = True
                else:
                    typer.echo(write_files([found], out)[0])
        finally:
            for platform in platforms:
                await platform.close()
        return missing

    if asyncio.run(fetch()):
        raise typer.Exit(FAILED)


@app.command(epilog="Example: rapporteur purge pre-hlpf")
def purge(
    meeting: Annotated[str, typer.Argument(metavar="MEETING", help="Its name.")],
    yes: Annotated[bool, typer.Option("--yes", help="Remove it; else it is only told what would go.")] = False,
    database: Database = None,
) -> None:
    """Remove a closed meeting with every text, name and file of it; without --yes only tell what would go."""
    from bot.purging import tell_purge, tell_trial

    parts = _build(database)
    with parts.store.work() as work:
        meeting_id = _meeting_id(work, meeting)
        name = work.load_meeting(meeting_id).name
        purged = work.purge_meeting(meeting_id) if yes else work.count_meeting(meeting_id)
    tell = tell_purge if yes else tell_trial
    for line in tell(name, purged, parts.settings.keep_updates_days):
        typer.echo(line)
    if yes:
        _erase_traces(parts.store)


def _erase_traces(store: "Store") -> None:
    try:
        store.erase_traces()
    except StoreError as error:
        raise StoreError(
            f"What was removed may still be found in the database's file. {error} "
            "Then have SQLite write it anew: sqlite3 FILE VACUUM"
        ) from None


@app.command(epilog="Example: rapporteur demo --out report")
def demo(out: Out = Path("demo-report"), submission: Submission = False) -> None:
    """Replay the pre-HLPF meeting of 9 July 2017 and write its draft report."""
    from bot.demonstration import run_demo
    from bot.logs import start_logging

    start_logging("error")
    for line in run_demo(out, submission=submission):
        typer.echo(line)


@app.command(epilog="Example: rapporteur run")
def run() -> None:
    """Run the bot on the chat services that have a token; without any, as a meeting in this terminal."""
    from bot.app import build_platforms
    from bot.terminal import run_console

    parts = _build(None)
    platforms = build_platforms(parts.settings, parts.templates)
    if platforms:
        _serve(parts, platforms)
    else:
        run_console(parts)


def _serve(parts: "App", platforms: "list[Platform]") -> None:
    """Run the service until it is told to stop; who has not claimed the bot yet is told how."""
    import asyncio

    from bot.service import run_service
    from handlers.access import offer_claim

    guard = parts.settings.guard()
    with parts.store.work() as work:
        code = offer_claim(work, guard)
    if code:
        typer.echo(f"Nobody runs this bot yet. Send it: /claim {code}")
    asyncio.run(run_service(parts, platforms, guard))


@app.command(epilog="Example: rapporteur doctor")
def doctor(database: Database = None) -> None:
    """Say what is wrong with settings, database and templates, and what to do."""
    from bot.doctor import examine

    findings = list(examine(database))
    for finding in findings:
        typer.echo(f"{'ok ' if finding.good else 'BAD'}  {finding.what}")
    if not all(finding.good for finding in findings):
        raise typer.Exit(FAILED)


@templates_app.callback()
def list_templates(context: typer.Context) -> None:
    """List the templates, or check one."""
    if context.invoked_subcommand is not None:
        return
    from bot.settings import read_settings
    from reports.template import say
    from reports.template_reader import load_templates

    catalog = load_templates(read_settings().templates_dir)
    for template_id in catalog.ids():
        typer.echo(f"{template_id:12} {say(catalog.load(template_id).title, 'en')}")


@templates_app.command(epilog="Example: rapporteur templates check my-templates/igf")
def check(folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A template's folder.")]) -> None:
    """Check a template of your own; every problem is a line."""
    from reports.template_reader import check_template

    problems = check_template(folder)
    for problem in problems:
        typer.echo(problem)
    if problems:
        raise typer.Exit(FAILED)
    typer.echo(f"{folder}: nothing is wrong.")


@slack_app.command(epilog="Example: rapporteur slack manifest > slack-manifest.json")
def manifest(
    url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The web server's public address, if Slack is to call it."),
    ] = None,
) -> None:
    """Print the manifest of a Slack app, to be pasted where a new app is made."""
    from bot.platforms.slack.manifest import format_manifest, make_manifest
    from bot.settings import read_settings
    from handlers.dispatch import COMMANDS

    typer.echo(format_manifest(make_manifest(COMMANDS, read_settings().slack_command, http_url=url)), nl=False)
