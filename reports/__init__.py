"""How notes become a document: template (data) → placement (pure) → report (a tree) → format (bytes)."""
