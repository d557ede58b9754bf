"""Who may do what, and naming those who may. The bot is public, so a stranger's chat gets nothing.

Organizers of the bot may open meetings anywhere; a meeting is run by them, by who opened it, by the admins of its
chats, and by those whom they name. Everybody in a chat of a meeting may file and read. Called by `dispatch`.
"""

import re
import secrets
from collections.abc import Collection
from hashlib import sha256

from core.errors import UserError
from core.messages import Message, Place, find_parent
from core.phrases import phrase
from core.replies import Reply
from core.tags import LANGUAGES
from handlers import Command, Context, Guard, Request
from storage.store import Work

# none that is easily taken for another; eight of them are 40 bits
_CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PERSON = re.compile(r"(?:([a-z]+):)?([\w-]+)")


def check_command(context: Context, command: Command, request: Request) -> None:
    """A `UserError` where this person may not give this command here."""
    if context.guard is None:
        return
    if request.standing.is_guest:
        raise UserError(phrase("guests_file_only"))
    if command.anywhere:
        return
    if not is_allowed(context, request.message.key.place):
        raise UserError(phrase("not_this_chat"))
    if request.meeting_id is None and not runs_the_bot(context, request.message):
        raise UserError(phrase("stranger"))
    if command.for_organizers:
        check_organizer(context, command.name, request)


def check_press(context: Context, request: Request) -> None:
    """A `UserError` where a button is pressed that stands below an earlier meeting's words."""
    if request.standing.pressed and request.meeting_id is not None:
        of = context.work.meeting_of_sent(request.message.key.place, request.standing.pressed)
        if of not in (None, request.meeting_id):
            raise UserError(phrase("closed_already"))


def note_private(context: Context, request: Request) -> None:
    """Remember where an organizer writes to the bot alone, so that it can tell them there what is for organizers."""
    platform, workspace, chat = request.message.key.place
    person = request.message.author.id
    # some services know a private chat by its person
    if context.guard is None or not (request.standing.in_private or chat == person):
        return
    if is_named(context, platform, workspace, person) or context.work.is_organizer(platform, person):
        context.work.see_private(platform, workspace, person, chat)


def check_organizer(context: Context, name: str, request: Request) -> None:
    """A `UserError` where this person does not run the chat's meeting."""
    if context.guard is None or runs_the_bot(context, request.message) or _runs_meeting(context, request):
        return
    raise UserError(phrase("organizers_only", command=f"/{name}"))


def is_allowed(context: Context, place: Place) -> bool:
    """Whether the bot works in this chat as far as the settings say."""
    if context.guard is None or not context.guard.allowed_chats:
        return True
    parent = find_parent(place)
    # the settings may still know a chat by the name that it had before it moved
    known = (place, parent, context.work.find_former(parent or place))
    names = {f"{platform}:{chat}" for platform, _, chat in filter(None, known)}
    return not names.isdisjoint(context.guard.allowed_chats)


def runs_the_bot(context: Context, message: Message) -> bool:
    """Whether the author may open meetings anywhere."""
    platform, workspace, _ = message.key.place
    return is_named(context, platform, workspace, message.author.id)


def is_named(context: Context, platform: str, workspace: str, person: str) -> bool:
    """Whether the settings or an organizer named this person to run the bot."""
    by_settings = context.guard is None or f"{platform}:{person}" in context.guard.organizers
    return by_settings or is_listed((platform, workspace, person), context.work.list_organizers(None))


def _runs_meeting(context: Context, request: Request) -> bool:
    message, meeting_id = request.message, request.meeting_id
    place = message.key.place
    chat = find_parent(place) or place
    # who writes as the chat itself is one of its admins
    if message.author.id == chat[2] or message.author.id in (context.work.load_chat(chat).admins or ()):
        return True
    if meeting_id is None:
        return False
    return request.standing.is_admin or is_listed(_name_author(message), context.work.list_organizers(meeting_id))


def is_listed(person: tuple[str, str, str], named: Collection[tuple[str, str, str]]) -> bool:
    """Whether a person was named; who was named from another platform has no workspace."""
    platform, _, id_ = person
    return person in named or (platform, "", id_) in named


def _name_author(message: Message) -> tuple[str, str, str]:
    return message.key.platform, message.key.workspace, message.author.id


def find_own_meeting(context: Context, message: Message) -> int | None:
    """The one open meeting that the author was named to run; None where there are none or several."""
    meetings = [meeting.id for meeting in context.work.list_meetings() if meeting.is_open]
    own = [id_ for id_ in meetings if is_listed(_name_author(message), context.work.list_organizers(id_))]
    return own[0] if len(own) == 1 else None


def hash_code(code: str) -> str:
    """How a claim's code is kept: by its hash, without the hyphens and case that people may type or not."""
    return sha256(re.sub(r"[\W_]", "", code).casefold().encode()).hexdigest()


def offer_claim(work: Work, guard: Guard) -> str | None:
    """A new code that claims the bot, such as "K7QM-2XPD"; None where somebody runs it already."""
    if guard.organizers or work.list_organizers(None):
        return None
    return _make_code(work, None)


def _make_code(work: Work, meeting_id: int | None) -> str:
    code = "-".join("".join(secrets.choice(_CODE_LETTERS) for _ in range(4)) for _ in range(2))
    work.keep_claim(hash_code(code), meeting_id)
    return code


def join_meeting(context: Context, request: Request) -> list[Reply]:
    """`/join` gives a code; `/join CODE` in another chat has that chat feed the same meeting."""
    place = request.message.key.place
    if not request.argument:
        meeting_id = request.need_meeting()
        check_organizer(context, "join", request)
        return [request.answer(phrase("join_code", code=_make_code(context.work, meeting_id)))]
    if not is_allowed(context, place):
        raise UserError(phrase("not_this_chat"))
    check_hearing(context, place)
    current = context.meeting(request.meeting_id) if request.meeting_id is not None else None
    if current and current.is_open:
        raise UserError(phrase("join_open_here"))
    joined = context.work.use_join(hash_code(request.argument))
    if joined is None:
        raise UserError(phrase("join_wrong"))
    context.work.link_chat(*place, joined, since=request.at)
    context.forget()
    meeting = context.meeting(joined)
    return [request.answer(phrase("joined", meeting=meeting.title or meeting.name))]


def check_hearing(context: Context, place: Place) -> None:
    """A `UserError` where the chat hides its notes from the bot, so that every one of them would be lost."""
    if context.guard and context.work.load_chat(find_parent(place) or place).can_read is False:
        raise UserError(phrase("cannot_read"))


def claim_bot(context: Context, request: Request) -> list[Reply]:
    """`/claim CODE`: who has the code that the bot printed when it was started runs the bot from now on."""
    if not request.argument:
        raise UserError(phrase("claim_how"))
    key = request.message.key
    if not context.work.use_claim(hash_code(request.argument)):
        raise UserError(phrase("claim_wrong"))
    context.work.name_organizer(key.platform, key.workspace, request.message.author.id, None)
    return [request.answer(phrase("claimed"))]


def allow_person(context: Context, request: Request) -> list[Reply]:
    """`/allow` as a reply to somebody's message, or `/allow ID`: they may do what organizers may."""
    (platform, workspace, person), name = _find_person(context, request)
    scope = None if runs_the_bot(context, request.message) else request.need_meeting()
    is_new = context.work.name_organizer(platform, workspace, person, scope)
    told = "allow_already" if not is_new else "allowed_bot" if scope is None else "allowed_meeting"
    return [request.answer(phrase(told, name=name))]


def revoke_person(context: Context, request: Request) -> list[Reply]:
    """`/revoke`: takes back what `/allow` gave."""
    (platform, workspace, person), name = _find_person(context, request)
    scopes: list[int | None] = [request.meeting_id] if request.meeting_id is not None else []
    if runs_the_bot(context, request.message):
        scopes.append(None)
        if context.guard and f"{platform}:{person}" in context.guard.organizers:
            raise UserError(phrase("revoke_setting", name=name))
    dropped = [context.work.drop_organizer(platform, workspace, person, scope) for scope in scopes]
    if not any(dropped):
        raise UserError(phrase("revoke_none", name=name))
    return [request.answer(phrase("revoked", name=name))]


def _find_person(context: Context, request: Request) -> tuple[tuple[str, str, str], str]:
    """The person that is meant, and how to call them: by an id, or as the author of the message replied to."""
    key = request.message.key
    if named := _PERSON.fullmatch(request.argument):
        platform = named[1] or key.platform
        workspace = key.workspace if platform == key.platform else ""
        return (platform, workspace, named[2]), request.argument
    target = request.message.reply_to and context.find_message(key._replace(id=request.message.reply_to))
    if request.argument or not target:
        raise UserError(phrase("allow_how"))
    author = target[1].author
    return (key.platform, key.workspace, author.id), author.name


def choose_language(context: Context, request: Request) -> list[Reply]:
    """`/language fr`: in what language this person is answered."""
    wanted = request.argument.lower()
    if wanted not in LANGUAGES:
        raise UserError(phrase("language_how", languages=", ".join(LANGUAGES)))
    key = request.message.key
    context.work.choose_language(key.platform, key.workspace, request.message.author.id, wanted)
    context.forget()
    return [Reply(key, phrase("language_chosen").into(wanted), language=wanted)]
