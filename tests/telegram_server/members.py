"""How a membership looks in the API. Called by chats.py and methods.py."""

from dataclasses import dataclass
from typing import Any

from tests.telegram_server.people import Person

PRESENT = ("creator", "administrator", "member", "restricted")
ADMINISTRATOR_RIGHTS = [
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
]
MEMBER_RIGHTS = [
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "can_react_to_messages",
    "can_edit_tag",
]


@dataclass
class Member:
    """Who somebody is in a chat."""

    person: Person
    status: str = "member"

    @property
    def present(self) -> bool:
        return self.status in PRESENT

    @property
    def admin(self) -> bool:
        return self.status in ("creator", "administrator")

    def json(self, kind: str) -> dict[str, Any]:
        found: dict[str, Any] = {"user": self.person.json(), "status": self.status}
        if self.status == "creator":
            found["is_anonymous"] = False
        elif self.status == "administrator":
            rights = [*ADMINISTRATOR_RIGHTS, *(["can_post_messages", "can_edit_messages"] if kind == "channel" else [])]
            found |= {"can_be_edited": False, "is_anonymous": False, **dict.fromkeys(rights, True)}
        elif self.status == "restricted":
            found |= {"is_member": True, "until_date": 0, **dict.fromkeys(MEMBER_RIGHTS, False)}
        elif self.status == "kicked":
            found["until_date"] = 0
        return found
