"""The rules of pledging: plain Python that knows no database, no wire and no clock."""
