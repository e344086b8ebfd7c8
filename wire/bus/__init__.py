"""The machinery that carries events and calls: knows no event by name, and keeps what is committed from being lost."""
