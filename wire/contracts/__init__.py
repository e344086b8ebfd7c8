"""The vocabulary of the house: every event and every call, declared once.  No I/O, no service code."""
