"""The program as a person runs it: `rapporteur …` in a process and a folder of its own.

Most runs are forked off one process that has everything imported, since a start from nothing costs a second.
"""

import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

RAPPORTEUR = str(Path(sys.executable).with_name("rapporteur"))
ROOT = Path(__file__).parents[2]
IMPORTED = """
alembic.command rich.progress rich.table bot.cli bot.app bot.replay bot.demonstration bot.doctor bot.terminal
bot.service bot.platforms.telegram.platform bot.platforms.slack.platform
httpcore._async.connection_pool anyio._backends._asyncio h11 babel.dates babel.plural psycopg
reports.formats.docx reports.formats.html reports.formats.json reports.formats.markdown
"""


def start(
    folder: Path, *arguments: str, settings: Mapping[str, str] | None = None, **options: object
) -> subprocess.Popen[str]:
    """The program started from nothing in this folder, with these settings and none of the tester's own."""
    return subprocess.Popen(
        [RAPPORTEUR, *arguments],
        cwd=folder,
        env={**_surroundings(), **(settings or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        **options,  # type: ignore[call-overload]
    )


def run(
    folder: Path, *arguments: str, typed: str = "", settings: Mapping[str, str] | None = None
) -> tuple[int, str, str]:
    """Exit code, output and errors of a run from nothing that was typed this."""
    process = start(folder, *arguments, settings=settings)
    output, errors = process.communicate(typed, timeout=120)
    return process.returncode, output, errors


def _surroundings() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL") if name in os.environ}
    return {**kept, "PYTHONUTF8": "1"}


class Program:
    """Runs of the program, each a fork of one process."""

    def __init__(self) -> None:
        # where the streams of a run are kept
        self._talk = TemporaryDirectory()
        self._server = subprocess.Popen(
            [sys.executable, "-c", "from tests.bot.program import serve; serve()"],
            cwd=ROOT,
            env=_surroundings(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self, folder: Path, *arguments: str, typed: str = "", settings: Mapping[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Exit code, output and errors of a run in this folder that was typed this."""
        talk = Path(self._talk.name)
        (talk / "0").write_bytes(typed.encode("utf-8", "surrogateescape"))
        code = self._ask(None, str(folder), str(talk), arguments, dict(settings or {}))
        return code, (talk / "1").read_text("utf-8"), (talk / "2").read_text("utf-8")

    def kill_after(
        self, seconds: float, folder: Path, *arguments: str, settings: Mapping[str, str] | None = None
    ) -> bool:
        """Run, and `kill -9` after a time; whether it was still at work."""
        (Path(self._talk.name) / "0").write_bytes(b"")
        return self._ask(seconds, str(folder), self._talk.name, arguments, dict(settings or {})) == -signal.SIGKILL

    def _ask(self, *asked: object) -> int:
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.write(json.dumps(asked) + "\n")
        self._server.stdin.flush()
        return int(self._server.stdout.readline())

    def stop(self) -> None:
        """End the process."""
        self._server.communicate()
        self._talk.cleanup()


def serve() -> None:
    """Import everything, then run what is asked for in a fork, a line each; answer with the exit code."""
    for module in IMPORTED.split():
        import_module(module)
    for asked in sys.stdin:
        kill_after, *run_of = json.loads(asked)
        child = os.fork()
        if not child:
            os._exit(_run_here(*run_of))
        if kill_after is not None:
            # a child that has ended is there until it is waited for: no other process can be hit
            time.sleep(kill_after)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _run_here(folder: str, talk: str, arguments: list[str], settings: dict[str, str]) -> int:
    from bot.cli import main

    os.chdir(folder)
    os.environ.update(settings)
    for stream, mode in enumerate((os.O_RDONLY, os.O_WRONLY, os.O_WRONLY)):
        os.dup2(os.open(f"{talk}/{stream}", mode | os.O_CREAT | (os.O_TRUNC if stream else 0)), stream)
    # what the server has read ahead of its own input is not ours
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.argv = ["rapporteur", *arguments]
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
