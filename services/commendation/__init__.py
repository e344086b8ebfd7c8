"""commendation: who is honoured?

Owns       the ranking 排名: one row per evaluation, a projection; positions are computed when read
Announces  nothing yet
Listens    to evaluation (opened, completed, retracted) and to roster (the directory, policies)
Answers    ranking of a part of the tree, a year and a sector; explain, down to the facts behind one place
"""
