"""The pages, by audience: public, member, branch, superior, county, operator; tree is organisations and
what stands beside them; entrance is how one comes in.

A view reads the form, makes one call and shows the reply; what the rules say no to comes back as a sentence on the same
page with everything that was typed.  Every page works without JavaScript.
"""
from flask import Blueprint


def blueprints() -> tuple[Blueprint, ...]:
    """Every page of the house; the door registers them on its application."""
    from services.gateway.pages import account, entrance, public, template_words
    from services.gateway.pages.branch import desk
    from services.gateway.pages.county import county
    from services.gateway.pages.history import past
    from services.gateway.pages.member import member
    from services.gateway.pages.operator import operator
    from services.gateway.pages.superior import superior
    from services.gateway.pages.tree import tree

    return template_words.spoken, public.public, entrance.entrance, account.account, desk, member, superior, county, tree, past, operator
