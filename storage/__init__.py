"""Where everything is kept: tables, the database they live in, and the one Store with every query."""
