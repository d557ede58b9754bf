"""Links to messages, by which a report shows where a note came from. Called by `reading` and `interactions`."""


def link_message(team_url: str, channel: str, ts: str, thread: str = "") -> str:
    """The link to a message of a channel, in its thread where it is a reply there."""
    link = f"{team_url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"
    return f"{link}?thread_ts={thread}&cid={channel}" if thread and thread != ts else link
