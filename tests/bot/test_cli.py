"""The command line as people meet it: files, exit codes, and messages on standard error."""

import json
import sqlite3
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.cli import FAILED, MISUSED, OK
from tests.bot.program import Program, run
from tests.bot.transcripts import line

NOTES = [
    line("/open Talks\nzone: Africa/Nairobi", 0),
    line("#recommendation Share data", 1),
    line("/draft", 2),
    line("#session II: Means", 3),
    line("#topic Costs", 4, platform="slack", chat="hall"),
    line("#offrecord The minister resigns", 5),
    line("#need Staff", 6),
    line("#need More staff", 7, edit_of="6"),
]


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A transcript in the folder where the program runs."""
    path = tmp_path / "Talks of May.jsonl"
    path.write_text("\n".join(NOTES) + "\n", "utf-8")
    return path


def names_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


# --- replay --------------------------------------------------------------------------------------------------------


def test_replay_writes_exactly_the_files_that_were_asked_for(program: Program, tmp_path: Path, notes: Path):
    code, output, errors = program.run(tmp_path, "replay", notes.name, "--format", "json,md,json", "--out", "a/b")
    assert (code, output, errors) == (OK, "a/b/talks-of-may.json\na/b/talks-of-may.md\n", "")
    assert names_in(tmp_path) == [notes.name, "a/b/talks-of-may.json", "a/b/talks-of-may.md"]
    code, output, errors = program.run(
        tmp_path, "replay", "-", "--template", "HLPF", "--timezone", "utc", typed="\n".join(NOTES)
    )
    assert (code, errors) == (OK, "")
    assert output.split() == [f"transcript.{suffix}" for suffix in ("docx", "pdf", "html", "md", "json")]
    made = json.loads((tmp_path / "transcript.json").read_bytes())
    assert (made["template"], made["meeting"]["zone"]) == ("hlpf", "UTC")


def test_replay_tells_bad_lines_and_uses_the_others(program: Program, tmp_path: Path):
    path = tmp_path / "t.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(["no", "", *NOTES, '{"ts": 1}', "no"]).encode() + b"\n\xff\xfe\n")
    code, output, errors = program.run(tmp_path, "replay", path.name, "--format", "json")
    assert (code, output) == (OK, "t.json\n")
    assert errors.splitlines() == [
        "rapporteur: t.jsonl: line 1 was left out: it is not valid JSON",
        "rapporteur: t.jsonl: line 11 was left out: platform, chat, author, message_id, text is missing",
        "rapporteur: t.jsonl: line 12 was left out: it is not valid JSON",
        "rapporteur: t.jsonl: line 13 was left out: it is not valid JSON",
    ]
    assert [note["text"] for note in json.loads((tmp_path / "t.json").read_bytes())["parts"]["E.needs"]] == [
        "More staff"
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("missing.jsonl",), MISUSED, "rapporteur: missing.jsonl cannot be read: No such file or directory.\n"),
        ((".",), MISUSED, "rapporteur: . cannot be read: Is a directory.\n"),
        (
            ("{notes}", "--timezone", "Adis Abeba"),
            MISUSED,
            "rapporteur: There is no time zone 'Adis Abeba'. Near: Africa/Addis_Ababa.\n",
        ),
        (
            ("{notes}", "--format", "docx,odt"),
            MISUSED,
            "rapporteur: There is no format 'odt'. Formats: docx, html, md, markdown, json, pdf.\n",
        ),
        (
            ("{notes}", "--template", "bapa"),
            MISUSED,
            'rapporteur: There is no template "bapa"; did you mean bapa40? '
            "Templates are addressee, bapa40, fssd, hlpf, igf, whs.\n",
        ),
        (
            ("{notes}", "--out", "{notes}"),
            MISUSED,
            "rapporteur: The folder {notes} cannot be written to: File exists. Name another one.\n",
        ),
        (
            ("{notes}", "--database", "sqlite:///no/folder.db"),
            FAILED,
            "rapporteur: The database no/folder.db cannot be opened: there is no folder no. "
            "Create it, or change DATABASE_URL.\n",
        ),
    ],
)
def test_replay_says_what_is_wrong(
    program: Program, tmp_path: Path, notes: Path, arguments: tuple[str, ...], code: int, said: str
):
    filled = [argument.format(notes=notes.name) for argument in arguments]
    assert program.run(tmp_path, "replay", *filled) == (code, "", said.format(notes=notes.name))
    assert names_in(tmp_path) == [notes.name]


def test_wrong_options_and_commands_show_how_they_are_used(program: Program, tmp_path: Path):
    for arguments in (("replay",), ("replay", "x", "--formt", "md"), ("replai",)):
        code, output, errors = program.run(tmp_path, *arguments)
        assert (code, output, "Traceback" in errors) == (MISUSED, "", False)
        assert "Usage: rapporteur" in errors


def test_database_of_a_newer_program_is_refused(program: Program, tmp_path: Path, notes: Path):
    arguments = ("replay", notes.name, "--format", "json", "--database", "sqlite:///n.db")
    assert program.run(tmp_path, *arguments)[0] == OK
    with sqlite3.connect(tmp_path / "n.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    code, output, errors = program.run(tmp_path, *arguments)
    assert (code, output) == (FAILED, "")
    assert errors.startswith("rapporteur: The database n.db has the schema '9999', which this version of the program")
    assert errors.count("\n") == 1


# --- draft, meetings, export ---------------------------------------------------------------------------------------


@pytest.fixture
def database(program: Program, tmp_path: Path, notes: Path) -> dict[str, str]:
    """Settings with a database that holds the meeting of the transcript."""
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/kept.db"}
    code, _, errors = program.run(
        tmp_path, "replay", notes.name, "--format", "json", "--out", "first", "--database", settings["DATABASE_URL"]
    )
    assert (code, errors) == (OK, "")
    return settings


def test_draft_takes_outputs(program: Program, tmp_path: Path, database: dict[str, str]):
    asked = ("draft", "--format", "md", "--output")
    assert program.run(tmp_path, *asked, "executive", settings=database) == (
        MISUSED,
        "",
        "rapporteur: There is no output 'executive'. Outputs: report, summary.\n",
    )
    assert program.run(tmp_path, *asked, "Summary,report", settings=database) == (
        OK,
        "replay-talks-of-may-summary-draft-1.md\nreplay-talks-of-may-draft-1.md\n",
        "",
    )


def test_meeting_may_be_left_out_where_there_is_one(program: Program, tmp_path: Path, database: dict[str, str]):
    assert program.run(tmp_path, "draft", "--format", "md,json", "--out", "d", settings=database) == (
        OK,
        "d/replay-talks-of-may-draft-1.md\nd/replay-talks-of-may-draft-1.json\n",
        "",
    )
    assert program.run(tmp_path, "draft", "replay-talks-of-may", "--format", "json", settings=database) == (
        OK,
        "replay-talks-of-may-draft-2.json\n",
        "Nothing changed since draft 1.\n",
    )
    made = [tmp_path / "first/talks-of-may.json", tmp_path / "d/replay-talks-of-may-draft-1.json"]
    assert made[0].read_bytes() == made[1].read_bytes() == (tmp_path / "replay-talks-of-may-draft-2.json").read_bytes()


def test_changes_since_a_draft_are_a_word_file_of_their_own_and_told(
    program: Program, tmp_path: Path, database: dict[str, str], notes: Path
):
    def draft(*options: str) -> tuple[int, str, str]:
        return program.run(tmp_path, "draft", "--format", "md", *options, settings=database)

    assert draft("--changes-since", "1") == (
        MISUSED,
        "",
        "rapporteur: There is no earlier draft to compare with yet: make one first.\n",
    )
    assert draft() == (OK, "replay-talks-of-may-draft-1.md\n", "")
    kept = (tmp_path / "replay-talks-of-may-draft-1.md").read_bytes()
    notes.write_text("\n".join([line("#recommendation Pay the interpreters", 8), line("", 9, delete_of="1")]), "utf-8")
    program.run(tmp_path, "replay", notes.name, "--format", "md", "--database", database["DATABASE_URL"])
    assert draft("--changes-since", "1") == (
        OK,
        "replay-talks-of-may-draft-2.md\nreplay-talks-of-may-draft-2-changes-since-1.docx\n",
        "Since draft 1: 1 new, 1 withdrawn (R1).\n",
    )
    assert draft("--changes-since", "7") == (
        MISUSED,
        "",
        "rapporteur: There is no draft 7 to compare with. Drafts that can be compared: 1, 2.\n",
    )
    assert (tmp_path / "replay-talks-of-may-draft-1.md").read_bytes() == kept


def test_draft_takes_no_name_that_another_file_has(program: Program, tmp_path: Path, database: dict[str, str]):
    name = "replay-talks-of-may-draft-1"
    (tmp_path / f"{name}.md").write_bytes(b"of another database")
    (tmp_path / f"{name}-2.md").mkdir()
    assert program.run(tmp_path, "draft", "--format", "md", settings=database) == (OK, f"{name}-3.md\n", "")
    assert (tmp_path / f"{name}.md").read_bytes() == b"of another database"


def test_meeting_that_is_none_is_told_with_those_that_are(
    program: Program, tmp_path: Path, database: dict[str, str], notes: Path
):
    known = "Meetings: replay-talks-of-may, replay-other.\n"
    notes.rename(tmp_path / "other.jsonl")
    program.run(tmp_path, "replay", "other.jsonl", "--format", "md", "--database", database["DATABASE_URL"])
    for command in ("draft", "export"):
        assert program.run(tmp_path, command, "xyz", settings=database) == (
            MISUSED,
            "",
            f"rapporteur: There is no meeting 'xyz'. {known}",
        )
        assert program.run(tmp_path, command, settings=database) == (
            MISUSED,
            "",
            f"rapporteur: Say which meeting. {known}",
        )


def test_meetings_are_listed(program: Program, tmp_path: Path, database: dict[str, str]):
    code, output, errors = program.run(tmp_path, "meetings", settings=database)
    assert (code, errors) == (OK, "")
    assert [entry.split() for entry in output.splitlines()] == [
        ["Name", "Title", "Template", "Zone", "State", "Notes"],
        ["replay-talks-of-may", "Talks", "bapa40", "Africa/Nairobi", "open", "3"],
    ]


def test_database_without_a_meeting_says_how_to_make_one(program: Program, tmp_path: Path):
    assert program.run(tmp_path, "draft", "--database", "sqlite://") == (
        MISUSED,
        "",
        "rapporteur: There is no meeting in this database yet. `rapporteur run` or `rapporteur replay` makes one.\n",
    )


def test_export_replayed_gives_the_same_report(program: Program, tmp_path: Path, database: dict[str, str]):
    code, output, errors = program.run(tmp_path, "export", settings=database)
    assert (code, errors, "minister" in output) == (OK, "", False)
    (tmp_path / "again.jsonl").write_text(output, "utf-8")
    assert program.run(tmp_path, "replay", "again.jsonl", "--format", "json") == (OK, "again.json\n", "")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "first" / "talks-of-may.json").read_bytes()


def test_locale_that_lacks_characters_stops_nothing_and_export_is_utf8(program: Program, tmp_path: Path):
    (tmp_path / "t.jsonl").write_text(line("/open Café", 0) + "\n" + line("#défi Coûts ✍", 1), "utf-8")
    settings = {"DATABASE_URL": "sqlite:///t.db", "PYTHONIOENCODING": "ascii:strict"}
    program.run(tmp_path, "replay", "t.jsonl", "--format", "md", "--database", "sqlite:///t.db")
    code, output, errors = run(tmp_path, "meetings", settings=settings)
    assert (code, "Caf? " in output, errors) == (OK, True, "")
    code, output, errors = run(tmp_path, "export", settings=settings)
    assert (code, output.splitlines()[1], errors) == (OK, line("#défi Coûts ✍", 1), "")


# --- purge ---------------------------------------------------------------------------------------------------------

REST = (
    "Files on the disk (drafts that were written there, what `rapporteur files` fetched) are not touched.\n"
    "Raw updates of which no meeting is known, as from before this version, go after 30 days (KEEP_UPDATES_DAYS).\n"
)
COUNTS = """\
      8 messages
      2 versions of messages that changed
      5 notes
      3 commands that took effect
      2 names of people who are in no other meeting
      9 raw updates
"""


@pytest.fixture
def closed(program: Program, tmp_path: Path, notes: Path, database: dict[str, str]) -> dict[str, str]:
    """The same after its meeting was closed."""
    notes.write_text("\n".join([*NOTES, line("/close", 9)]) + "\n", "utf-8")
    arguments = ("replay", notes.name, "--format", "json", "--database", database["DATABASE_URL"])
    assert program.run(tmp_path, *arguments)[0] == OK
    return database


def test_purge_tells_what_would_go_and_then_removes_it(program: Program, tmp_path: Path, closed: dict[str, str]):
    before = [program.run(tmp_path, "export", settings=closed), names_in(tmp_path)]
    name = "replay-talks-of-may"
    assert program.run(tmp_path, "purge", name, settings=closed) == (
        OK,
        f"A purge of the meeting {name} removes it with:\n{COUNTS}"
        f"Nothing is removed yet. For good, and without a way back: rapporteur purge {name} --yes\n{REST}",
        "",
    )
    assert [program.run(tmp_path, "export", settings=closed), names_in(tmp_path)] == before
    assert program.run(tmp_path, "purge", "Talks", "--yes", settings=closed | {"KEEP_UPDATES_DAYS": "0"}) == (
        OK,
        f"The meeting {name} is removed, with:\n{COUNTS}" + REST.replace("go after 30 days", "are kept for ever"),
        "",
    )
    files = [path for path in tmp_path.iterdir() if path.name.startswith("kept.db")]
    assert [path.name for path in files if b"Share data" in path.read_bytes()] == []
    code, _, errors = program.run(tmp_path, "export", settings=closed)
    assert (code, errors.startswith("rapporteur: There is no meeting in this database yet.")) == (MISUSED, True)


def test_purge_needs_a_meeting_that_is_closed(program: Program, tmp_path: Path, database: dict[str, str]):
    refused = (
        "rapporteur: The meeting replay-talks-of-may is open, and not removed. Close it first: /close in its chat, or "
        "at the end of the transcript that was replayed.\n"
    )
    for more in ((), ("--yes",)):
        assert program.run(tmp_path, "purge", "replay-talks-of-may", *more, settings=database) == (MISUSED, "", refused)
        unknown = "rapporteur: There is no meeting 'xyz'. Meetings: replay-talks-of-may.\n"
        assert program.run(tmp_path, "purge", "xyz", *more, settings=database) == (MISUSED, "", unknown)
    code, output, errors = program.run(tmp_path, "purge", settings=database)
    assert (code, output, "MEETING" in errors) == (MISUSED, "", True)


def test_transcript_of_a_purged_meeting_can_be_replayed_again(
    program: Program, tmp_path: Path, closed: dict[str, str], notes: Path
):
    made = tmp_path / "talks-of-may.json"
    before = made.read_bytes()
    program.run(tmp_path, "purge", "replay-talks-of-may", "--yes", settings=closed)
    made.unlink()
    arguments = ("replay", notes.name, "--format", "json", "--database", closed["DATABASE_URL"])
    assert program.run(tmp_path, *arguments) == (OK, "talks-of-may.json\n", "")
    assert made.read_bytes() == before


# --- templates, doctor, help ---------------------------------------------------------------------------------------


def make_template(folder: Path, tag: str = "challenge") -> Path:
    made = folder / "mine" / "own"
    made.mkdir(parents=True)
    (made / "template.toml").write_text(
        'title = "Our own form"\n[[sections]]\nid = "A"\nheading = "All"\nparts = [{ name = "items" }]\n'
        f'[routing.always]\nA.items = ["{tag}"]\n'
    )
    return made


def test_templates_are_listed_with_ones_own(program: Program, tmp_path: Path):
    make_template(tmp_path)
    assert program.run(tmp_path, "templates", settings={"TEMPLATES_DIR": "mine"}) == (
        OK,
        "addressee    Key messages and recommendations by addressee\n"
        "bapa40       Regional/Thematic Consultations: High-level United Nations Conference on South-South Cooperation "
        "– Towards a Consensus Agenda\n"
        "fssd         Official Feedback Form\n"
        "hlpf         Pre-HLPF preparatory meeting\n"
        "igf          Reporting Template for IGF Workshop Sessions\n"
        "own          Our own form\n"
        "whs          World Humanitarian Summit: regional consultation\n",
        "",
    )
    assert program.run(tmp_path, "templates", settings={"TEMPLATES_DIR": "nowhere"}) == (
        MISUSED,
        "",
        "rapporteur: TEMPLATES_DIR: there is no such folder; name one that holds templates.\n",
    )


def test_template_is_checked(program: Program, tmp_path: Path):
    good, bad = make_template(tmp_path), make_template(tmp_path / "b", tag="chalenge")
    assert program.run(tmp_path, "templates", "check", str(good)) == (OK, f"{good}: nothing is wrong.\n", "")
    code, output, errors = program.run(tmp_path, "templates", "check", str(bad))
    assert (code, errors) == (FAILED, "")
    assert output == ('template.toml: routing.always.A.items: there is no tag "chalenge"; did you mean challenge?\n')
    code, output, errors = program.run(tmp_path, "templates", "check", "nowhere")
    assert (code, output, errors) == (FAILED, "nowhere: there is no such folder\n", "")


def test_own_template_makes_a_report(program: Program, tmp_path: Path, notes: Path):
    make_template(tmp_path, tag="need")
    code, output, errors = program.run(
        tmp_path, "replay", notes.name, "--template", "own", "--format", "json", settings={"TEMPLATES_DIR": "mine"}
    )
    assert (code, output, errors) == (OK, "talks-of-may.json\n", "")
    made = json.loads((tmp_path / "talks-of-may.json").read_bytes())
    assert [note["text"] for note in made["parts"]["A.items"]] == ["More staff"]
    assert [entry["kind"] for entry in made["review"]] == ["not_in_template"] * 2


def test_doctor_finds_nothing_wrong_in_a_new_folder(program: Program, tmp_path: Path):
    code, output, errors = program.run(tmp_path, "doctor")
    assert (code, errors) == (OK, "")
    assert output == (
        "ok   settings\n"
        + "".join(f"ok   template {name}\n" for name in ("addressee", "bapa40", "fssd", "hlpf", "igf", "whs"))
        + "ok   folder for drafts\n"
        "ok   database sqlite:///rapporteur.db, 0 updates waiting\n"
    )


def test_doctor_names_what_is_wrong_and_no_secret(program: Program, tmp_path: Path):
    make_template(tmp_path, tag="chalenge")
    settings = {"TEMPLATE": "nope", "TEMPLATES_DIR": "mine", "DATABASE_URL": "postgresql://me:geheim@localhost:1/x"}
    code, output, errors = program.run(tmp_path, "doctor", settings=settings)
    assert (code, errors, "geheim" in output) == (FAILED, "", False)
    assert [entry[:60] for entry in output.splitlines()] == [
        "ok   settings",
        "ok   template addressee",
        "ok   template bapa40",
        "ok   template fssd",
        "ok   template hlpf",
        "ok   template igf",
        "BAD  template own",
        "     template.toml: routing.always.A.items: there is no tag ",
        "ok   template whs",
        "BAD  TEMPLATE: there is no such template; templates are addr",
        "ok   folder for drafts",
        "BAD  The database postgresql+psycopg://me:***@localhost:1/x ",
    ]


def test_doctor_names_the_setting_and_not_its_value(program: Program, tmp_path: Path):
    code, output, errors = program.run(tmp_path, "doctor", settings={"TIMEZONE": "geheim", "LOG_LEVEL": "geheim"})
    assert (code, errors) == (FAILED, "")
    assert ("TIMEZONE" in output, "LOG_LEVEL" in output, "geheim" in output) == (True, True, False)


def test_doctor_tells_of_updates_that_could_not_be_read(program: Program, tmp_path: Path):
    (tmp_path / "t.jsonl").write_text("no\n", "utf-8")
    program.run(tmp_path, "replay", "t.jsonl", "--format", "md", "--database", "sqlite:///rapporteur.db")
    code, output, _ = program.run(tmp_path, "doctor")
    assert (code, output.splitlines()[-1]) == (
        FAILED,
        "BAD  1 updates could not be read and are kept: transcript:replay-t: it is not valid JSON",
    )


COMMANDS = [
    ("replay",),
    ("draft",),
    ("meetings",),
    ("export",),
    ("purge",),
    ("demo",),
    ("run",),
    ("doctor",),
    ("templates",),
    ("templates", "check"),
]


@pytest.mark.parametrize("command", [(), *COMMANDS], ids=" ".join)
def test_help_shows_an_example(program: Program, tmp_path: Path, command: tuple[str, ...]):
    code, output, errors = program.run(tmp_path, *command, "--help")
    assert (code, errors) == (OK, "")
    assert f"Example: rapporteur {' '.join(command)}".rstrip() in output
    assert names_in(tmp_path) == []


# --- package -------------------------------------------------------------------------------------------------------


def test_package_is_written_as_the_next_draft_and_tells_what_is_missing(program: Program, tmp_path: Path, notes: Path):
    database = {"DATABASE_URL": f"sqlite:///{tmp_path / 'talks.db'}"}
    program.run(tmp_path, "replay", notes.name, "--format", "md", "--database", database["DATABASE_URL"])
    code, output, errors = program.run(tmp_path, "package", "--format", "md", "--out", "p", settings=database)
    assert (code, output) == (OK, "p/replay-talks-of-may-package-draft-1.zip\n")
    assert errors.splitlines() == [
        "rapporteur: The template asks for the concept note: post it with #document.",
        "rapporteur: The template asks for the list of participants: post it with #participants, as .xlsx, .csv or "
        "lines of text.",
        "rapporteur: The folder for-the-secretariat/ names people: take it out before you pass the package on.",
    ]
    with ZipFile(tmp_path / output.strip()) as packed:
        assert packed.namelist() == [
            *("MANIFEST.txt", "replay-talks-of-may.md", "replay-talks-of-may-summary.md"),
            *("for-the-secretariat/provenance.csv", "for-the-secretariat/transcript.jsonl"),
        ]
        assert b"minister" not in packed.read("for-the-secretariat/transcript.jsonl")
