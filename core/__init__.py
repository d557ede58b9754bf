"""Our words: messages, notes, tags, sessions, meetings and errors. Standard library only, no I/O."""
