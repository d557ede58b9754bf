"""What `rapporteur purge` says. Called by `cli`."""

from collections.abc import Iterator
from dataclasses import asdict

from storage.retention import Purged

_WORDS = {
    "messages": ("message", "messages"),
    "versions": ("version of messages that changed", "versions of messages that changed"),
    "notes": ("note", "notes"),
    "commands": ("command that took effect", "commands that took effect"),
    "drafts": ("draft", "drafts"),
    "files": ("file of a draft", "files of drafts"),
    "attachments": ("file that was fetched from a chat", "files that were fetched from chats"),
    "numbers": ("number that a note was given", "numbers that notes were given"),
    "names": ("name of a person who is in no other meeting", "names of people who are in no other meeting"),
    "organizers": ("organizer", "organizers"),
    "codes": ("code that joins a chat", "codes that join a chat"),
    "dates": ("thing that was due", "things that were due"),
    "cards": ("card in a chat", "cards in chats"),
    "replies": ("reply of the bot's", "replies of the bot's"),
    "updates": ("raw update", "raw updates"),
}


def tell_trial(name: str, purged: Purged, keep_updates_days: int) -> Iterator[str]:
    """What a purge would remove."""
    yield f"A purge of the meeting {name} removes it with:"
    yield from _list_counts(purged)
    yield f"Nothing is removed yet. For good, and without a way back: rapporteur purge {name} --yes"
    yield from _tell_rest(keep_updates_days)


def tell_purge(name: str, purged: Purged, keep_updates_days: int) -> Iterator[str]:
    """What a purge has removed."""
    yield f"The meeting {name} is removed, with:"
    yield from _list_counts(purged)
    yield from _tell_rest(keep_updates_days)


def _list_counts(purged: Purged) -> Iterator[str]:
    for key, count in asdict(purged).items():
        if count:
            yield f"{count:7} {_WORDS[key][count != 1]}"


def _tell_rest(keep_updates_days: int) -> Iterator[str]:
    yield "Files on the disk (drafts that were written there, what `rapporteur files` fetched) are not touched."
    how_long = f"go after {keep_updates_days} days" if keep_updates_days else "are kept for ever"
    yield f"Raw updates of which no meeting is known, as from before this version, {how_long} (KEEP_UPDATES_DAYS)."
