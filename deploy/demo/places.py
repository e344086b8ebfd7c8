"""What stands beside the demonstration county's tree: systems, zones with their months, contact points, new units, representatives."""
from datetime import date, timedelta

from deploy.demo import county
from deploy.demo.cast import Asking, Cast
from wire.contracts.roster import (
    Assign, ChangeOrganisation, CoverWorkplace, DefineSystem, OpenZone, ReadOrganisation, RecordZoneMonth, RegisterRepresentative,
    RegisterWorkplace,
)

#: system -> the branches that belong to it
SYSTEMS = {"教育": ("YL-XX",), "卫生健康": ("YL-YY",), "农业水利": ("YL-SL",), "工业和商务": ("YL-CY",)}
ZONES = (("zone", "河道保洁责任区", "村前河段"), ("pioneer", "便民服务先锋岗", "便民服务点"), ("model", "产业发展示范岗", "合作社"))
LEADERS = (("contact_point", "岳成川", "county"), ("contact_point", "江晚舟", "deputy_county"), ("in_charge", "沈青岩", "section"))
#: stratum, name, phone: placeholders made of noughts, or none
REPRESENTATIVES = (("households", "竹青山", "13800000001"), ("households", "麦香村", "13800000002"), ("masses", "溪小舟", ""),
                   ("users", "禾苗苗", "13800000003"), ("staff", "林间月", ""), ("delegates", "云中岳", "13800000004"))
UNITS = (("云岭竹编合作社", "private_enterprise", 200), ("青溪民宿协会", "social_organisation", 40), ("枫林木业公司", "private_enterprise", 120))


def tell(ask: Asking, cast: Cast, today: date) -> None:
    """As the county's office and the branches' clerks entered it."""
    office, place = cast.office, cast.organisations
    for name, codes in SYSTEMS.items():
        system = ask(office, DefineSystem(name=name, organisation_id=cast.root_id))
        for code in codes:
            one = ask(office, ReadOrganisation(organisation_id=place[code]))
            ask(office, ChangeOrganisation(
                organisation_id=one.organisation_id, version=one.version, name=one.name, kind=one.kind, form=one.form, sector=one.sector,
                system_id=system.system_id, founded_on=one.founded_on, re_elected_on=one.re_elected_on))
    for number, branch in enumerate(county.branches()):
        _zone(ask, cast, branch, number, today)
    for number, (kind, name, rank) in enumerate(LEADERS):
        code = (county.SHOWCASE, "YL-QX-XH", "YL-SQ")[number]
        ask(office, Assign(kind=kind, organisation_id=place[code], person_name=name, rank=rank, since=today - timedelta(days=90)))
    for code in (county.SHOWCASE, "YL-FL-FK"):
        clerk = cast.officers["clerk", code]
        for stratum, name, phone in REPRESENTATIVES[:6 if code == county.SHOWCASE else 3]:
            ask(clerk, RegisterRepresentative(organisation_id=place[code], stratum=stratum, name=name, another=True,
                                              phone=phone if code == county.SHOWCASE else ""))
    for kind, name in (("group_head", "石明远"), ("group_clerk", "白鹭洲"), ("group_liaison", "叶知微")):
        ask(office, Assign(kind=kind, organisation_id=place["YL-SQ"], person_name=name, since=today - timedelta(days=60)))
    for number, (name, sector, days) in enumerate(UNITS):
        town = list(county.TOWNS)[number]
        unit = ask(office, RegisterWorkplace(organisation_id=place[town], name=name, sector=sector, set_up_on=today - timedelta(days=days)))
        if number == 2:
            ask(office, CoverWorkplace(workplace_id=unit.workplace_id, covered_by=place["YL-FL-FK"], covered_on=today - timedelta(days=50)))


def _zone(ask: Asking, cast: Cast, branch: county.Branch, number: int, today: date) -> None:
    """One zone a branch, set up in the first days of last quarter; some have a month missing, one had a mishap."""
    kind, name, where = ZONES[number % len(ZONES)]
    clerk, people = cast.officers["clerk", branch.code], cast.members[branch.code]
    since = _month_before(today, 3)
    zone = ask(clerk, OpenZone(organisation_id=cast.organisations[branch.code], kind=kind, name=name, place=where, since=since,
                               member_ids=tuple(one.member_id for one in people[1:4])))
    for back in (3, 2, 1):
        if (number + back) % 5:
            bad = number == 4 and back == 2
            ask(clerk, RecordZoneMonth(zone_id=zone.zone_id, month=f"{_month_before(today, back):%Y-%m}", no_accident=True, no_error=not bad,
                                       no_breach=True, note="漏登一次巡查，已补" if bad else ""))


def _month_before(day: date, months: int) -> date:
    """The first of the month so many months back."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)
