"""notice: what does the public see?

Owns       boards 公开栏 (a projection of published pledges and completed evaluations), notices 公示; who is exempt 免诺, for figures alone
Announces  notice.notice: posted, corrected
Listens    pledge.pledge, pledge.exemption; evaluation.evaluation; roster.organisation, roster.member, roster.grant (its directory), roster.policy
Answers    board, boards, county, pledge, serving: all for the public, all of them only what is published
"""
