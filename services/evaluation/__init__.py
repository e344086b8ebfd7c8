"""evaluation: how well, say whom?

Owns       evaluations 评诺 with self-assessment, peers' ratings, leader's comment, paper appraisals and grades; the policies
           of scoring and appraisal
Announces  evaluation.evaluation: opened, completed
Listens    pledge.pledge (its copy of what is published); roster.organisation, roster.member, roster.grant (its directory), roster.policy
Answers    open, assess_self, rate_peer, comment, hold_appraisal, enter_totals, complete; read, list
"""
