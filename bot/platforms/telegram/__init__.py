"""Telegram. `platform` puts the parts together; `reading` and what it calls need no client library."""

PLATFORM = "telegram"
# Telegram has no workspaces; ids of chats are the same for every bot
WORKSPACE = ""
