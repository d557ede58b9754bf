"""What platforms tell of chats: the bot comes in, gets rights, a chat moves. Called by the worker."""

from core.messages import MessageKey
from core.notices import ChatMoved, HomeOpened, Notice
from core.phrases import phrase
from core.replies import Reply
from handlers import Context
from handlers.access import is_allowed, is_named
from handlers.home import show_home


def take_notice(context: Context, notice: Notice) -> list[Reply]:
    """Keep how the bot stands in a chat; at the door it says what hides messages from it, to who is no stranger."""
    if isinstance(notice, HomeOpened):
        return [show_home(context, notice)]
    if isinstance(notice, ChatMoved):
        context.work.move_chat(notice.old, notice.new)
        context.forget()
        return []
    known = context.work.load_chat(notice.place)
    context.work.see_chat(notice.place, can_read=notice.can_read, admins=notice.admins)
    platform, workspace, _ = notice.place
    if notice.added_by is None or notice.can_read is not False or not is_allowed(context, notice.place):
        return []
    meeting_id = known.meeting_id
    if meeting_id is None and not is_named(context, platform, workspace, notice.added_by):
        return []
    language = context.defaults.language if meeting_id is None else context.meeting(meeting_id).language
    return [Reply(MessageKey(*notice.place, ""), phrase("cannot_read").into(language), language=language)]
