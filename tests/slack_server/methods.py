"""The methods of the Web API by name. Each is (world, call) → fields of the answer, and runs under the world's lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.slack_server import asking, history, sending, uploads, viewing

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.slack_server.traffic import Call
    from tests.slack_server.world import World

METHODS: dict[str, Callable[[World, Call], dict[str, Any]]] = {
    "auth.test": asking.auth_test,
    "bots.info": asking.bots_info,
    "chat.delete": sending.delete_message,
    "chat.getPermalink": sending.get_permalink,
    "chat.postEphemeral": sending.post_ephemeral,
    "chat.postMessage": sending.post_message,
    "chat.update": sending.update_message,
    "conversations.history": history.conversations_history,
    "conversations.info": asking.conversations_info,
    "conversations.list": asking.conversations_list,
    "conversations.members": asking.conversations_members,
    "conversations.open": asking.conversations_open,
    "conversations.replies": history.conversations_replies,
    "files.completeUploadExternal": uploads.complete_upload,
    "files.getUploadURLExternal": uploads.get_upload_url,
    "files.info": uploads.files_info,
    "reactions.add": sending.add_reaction,
    "reactions.get": sending.get_reactions,
    "reactions.remove": sending.remove_reaction,
    "team.info": asking.team_info,
    "users.conversations": asking.users_conversations,
    "users.info": asking.users_info,
    "views.open": viewing.open_view,
    "views.publish": viewing.publish_view,
    "views.update": viewing.update_view,
}
