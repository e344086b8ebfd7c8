"""roster: who is here, and by what rules?

Owns       organisations 党组织 as one tree and by system 条线, new units to be covered, who looks after which organisation (联系点,
           分管, 定点联系, 领导小组), zones 责任区 with their months, representatives 评议代表 who judge; members 党员
           and whoever else takes part, persons who are no members, every grant 权限 with its history; which policy 政策 is in force where
Announces  OrganisationRegistered, OrganisationChanged, OrganisationMerged, OrganisationDissolved; ZoneRecorded;
           RepresentativeRegistered, RepresentativeChanged, RepresentativeEnded;
           MemberRegistered, MemberChanged, MemberMoved, MemberMerged, MemberLeft; GrantGiven, GrantConfirmed, GrantEnded; PolicyAdopted
Listens    to nobody
Answers    an organisation's life: entered, changed, moved, re-elected, merged, dissolved; sync_organisations, sync_members;
           systems, elections overdue, new units, assignments, zones, representatives; found_county, appoint_administrator; whole
           spreadsheets, staged, checked, written at one stroke (all lines or none), taken back;
           a member's life: entered, corrected, made full, moved, floating, reported to a community, gone, merged; political birthdays,
           defects of A21; list organisations, members, grants; give_grant, confirm_grants, end_grant, link_person;
           positions: appoint, end_position;
           grants_of for the gateway, which asks when it signs; adopt_policies, list_adoptions,
           measure_policy
"""
