"""A backup of the whole database as one file, and the way back: the same format from and to SQLite and PostgreSQL."""
