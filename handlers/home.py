"""The bot's own page for one person: their open meetings, with counts, gaps and buttons. Called by `chats`."""

from core.messages import MessageKey
from core.notices import HomeOpened
from core.phrases import phrase
from core.replies import Button, Reply
from core.tags import LANGUAGES
from handlers import Context
from handlers.access import is_listed, is_named
from handlers.drafts import count_notes
from handlers.meetings import name_meeting
from reports.placement import place


def show_home(context: Context, notice: HomeOpened) -> Reply:
    """The open meetings that the person runs or has written in, and no others: their names are not for everybody."""
    platform, workspace, _ = notice.place
    chosen = context.work.language_of(platform, workspace, notice.person)
    language = chosen or (notice.language if notice.language in LANGUAGES else context.defaults.language)
    lines: list[str] = []
    buttons: list[tuple[Button, ...]] = []
    for meeting in context.work.list_meetings():
        chats = [chat for chat in context.work.chats_of(meeting.id) if chat[:2] == (platform, workspace)]
        if not (chats and meeting.is_open):
            continue
        record = context.work.load_record(meeting.id)
        organizers = context.work.list_organizers(meeting.id)
        runs = is_named(context, platform, workspace, notice.person) or is_listed(
            (platform, workspace, notice.person), organizers
        )
        if not runs and all(message.author.id != notice.person for message in record.messages):
            continue
        title = name_meeting(meeting)
        report = place(record, context.templates.load(meeting.template))
        lines += [*([""] if lines else []), title, *count_notes(report, language)]
        commands = ("status", "draft") if runs else ("status",)
        buttons.append(tuple(Button(f"/{name} · {title}", f"/{name}", chats[0][2]) for name in commands))
    text = "\n".join(lines) or phrase("home_empty").into(language)
    return Reply(MessageKey(*notice.place, ""), text, buttons=tuple(buttons), language=language)
