"""Who is who at the door: accounts, sign-in, sessions, invitations, the access log.

What pages and API use:
- ``sign_in.sign_in(username, password, kind="browser") -> SignedIn``; then ``sessions.hand_over(response, signed_in)``
- ``sessions.sign_out(response)``, ``accounts.change_password(old, new)``
- ``invitations.read(token)``, ``invitations.accept_county(token, …)``, ``invitations.accept_account(token, …)``,
  ``invitations.invite(organisation_id, person_id) -> Invited``
- ``setup`` for a process that is starting: ``invite_county(store)``, ``create_account(store, …)``
What cannot be done is raised as a refusal (code, status, sentence, errors), like everywhere in the house.
"""
