"""Slack. `platform` puts the parts together; `reading` and what it calls need no client library."""

PLATFORM = "slack"
# how the chat that is a person's own page of the bot starts; the person's id stands behind it
HOME = "home:"
# how the keys start of what is no message of the channel: a slash command, a button's press, a note by the shortcut
COMMAND, PRESS, NOTE = "command:", "press:", "note:"
