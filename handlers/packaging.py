"""Asking for the package of all that is sent in with a report. `bot.packaging` makes it, as a file of a draft."""

from core.meetings import Step, StepKind
from core.replies import Reply
from handlers import Context, Request
from reports.formats import load_format

# stands before the formats where a package is to be made of them
PACKAGE = "package"
USUAL = ("docx", "pdf")


def ask_package(context: Context, request: Request) -> list[Reply]:
    """`/package`, with formats if others are wanted; it is of a numbered draft, which is made with it."""
    meeting_id = request.need_meeting()
    names = request.argument.replace(",", " ").split()
    formats = tuple(dict.fromkeys(load_format(name).NAME for name in names)) or USUAL
    context.work.add_step(meeting_id, Step(StepKind.DRAFT, request.at, request.message.key))
    return [Reply(request.message.key, draft=(PACKAGE, *formats), language=request.language, meeting_id=meeting_id)]
