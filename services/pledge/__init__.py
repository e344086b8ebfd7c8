"""pledge: what was promised, and was it done?

Owns       pledges 承诺 with their items, reviews item by item, signed letters 承诺书 and their numbers, verifications 销号,
           exemptions 免诺
Announces  pledge.pledge: submitted, returned, approved, signed, published, item_progressed, item_claimed,
           item_fulfilled, item_refused, evaluated; pledge.exemption: granted, ended
Listens    roster.organisation, roster.member, roster.grant (its directory), roster.policy; evaluation.evaluation: completed, retracted
Answers    draft, save_draft, submit, review_item, approve, return, sign, publish, record_progress, claim_item,
           verify_item; read, letter, list, ledger, coverage, guide, serving, pledged_among; propose_exemption, approve_exemption,
           refuse_exemption, withdraw_exemption, read_exemption, list_exemptions, exemption_rules
"""
