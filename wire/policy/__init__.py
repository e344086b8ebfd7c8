"""Policy documents (政策文件): every number, scale, formula and weight of the rules, in force for a part of the tree.

``documents``: what a document is, and how one is read, printed and told apart.  ``in_force``: which version holds for an
organisation on a day.  ``answering``: the two calls by which every service shows its documents and takes proposals.
"""
from wire.policy.documents import NoPolicy, body_of, digest, read, register, registry
from wire.policy.in_force import EVENTS, STREAMS, NotHeld, Policies, adoptions, held, keep, metadata

__all__ = ["EVENTS", "STREAMS", "NoPolicy", "NotHeld", "Policies", "adoptions", "body_of", "digest", "held", "keep", "metadata", "read",
           "register", "registry"]
