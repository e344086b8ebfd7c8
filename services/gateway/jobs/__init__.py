"""Spreadsheets in and out, outside the request.

``kinds`` is the table of what is taken: the one place to add a kind.  ``imports`` is what pages and API call; ``working`` works on
jobs under a lease, ``importing`` has the steps; ``reader`` and ``returned`` run as processes of their own (``confined``), after
``archive`` has looked into the file; ``template`` makes the file to fill in.
"""
