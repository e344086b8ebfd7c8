"""Gateway: the door.

Owns:      accounts, sessions, invitations, the access log, import jobs, prepared public pages.  No domain data.
Announces: nothing.
Listens:   roster (who belongs where, for names on screen; policies), notice.notice (which public pages are stale).
Answers:   HTTP: pages, /api/v1; every call on behalf of a person goes through ``clients``, signed.
"""
