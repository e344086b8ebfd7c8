"""The demonstration county 云岭县: fictional people in every state of the cycle, made by the same calls people make.

``county`` says who is there, ``matters`` what they promise, ``cast`` finds out under which ids and grants the system
knows them, ``story`` lets one branch go through its year, ``load`` tells all the stories.  The same every time: what is
chosen by chance is chosen with a fixed seed.
"""
