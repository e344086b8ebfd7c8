"""Representatives 评议代表库: registered, changed, ended, listed; their phone shown in clear to whoever invites them (X18, X21).

The phone is sealed before it is written and never travels; events carry the name masked.
"""
from typing import Any

from services.roster.domain import reading, representative as rules
from services.roster.domain.policy import RepresentativePolicy
from services.roster.domain.refusals import Incomplete
from services.roster.domain.representative import ENDED, NoLongerThere, Representative, SameName, SamePhone
from services.roster.names import pinyin
from services.roster.usecases.finding import name_of, read, seen_there
from services.roster.usecases.shaping import CHANGED_MEANWHILE, seen, standing
from wire.contracts.calls import NotFound, Stale
from wire.contracts.ports import Unit, Vault
from wire.contracts.roster import (
    ChangeRepresentative, EndRepresentative, ListRepresentatives, ReadRepresentativePhone, RegisterRepresentative, RepresentativeChanged,
    RepresentativeEnded, RepresentativePage, RepresentativePhone, RepresentativeRegistered, RepresentativeView, RepresentativeStratum,
    masked_name,
)

NO_REPRESENTATIVE = "没有找到这名代表，可能不在您管理的范围内，请返回列表重新选择。"
NO_PHONE = "这名代表没有登记电话。"
ELSEWHERE = "别处的一名代表"


def register_representative(unit: Unit, request: RegisterRepresentative, vault: Vault) -> RepresentativeView:
    """Enter somebody who is to judge.  Refuses a stratum the policy does not know; asks back as the call says."""
    unit.permit(request.organisation_id)
    place = standing(unit, request.organisation_id)
    name, stratum = read("name", reading.name, request.name), _stratum(unit, place.id, request.stratum)
    sort_key, initials = pinyin(name)
    id_ = unit.new_id("rep")
    one = Representative(id=id_, organisation_id=place.id, stratum=stratum, name=name, sort_key=sort_key, initials=initials,
                         since=unit.today, **_sealed(id_, read("phone", rules.phone, request.phone), vault))
    if not request.another:
        _ask_back(unit, one, None)
    unit.books.representatives.add(one)
    announce(unit, one)
    return _view(unit, one, vault)


def change_representative(unit: Unit, request: ChangeRepresentative, vault: Vault) -> RepresentativeView:
    """Say anew who they are; the same again changes nothing.  Raises Stale where they were changed since they were read."""
    known = _known(unit, request.representative_id)
    if known.state == ENDED:
        raise NoLongerThere(known.name)
    if known.version != request.version:
        raise Stale(CHANGED_MEANWHILE)
    name = read("name", reading.name, request.name)
    sort_key, initials = pinyin(name)
    stratum = request.stratum if request.stratum == known.stratum else _stratum(unit, known.organisation_id, request.stratum)
    phone = _sealed(known.id, "" if request.no_phone else read("phone", rules.phone, request.phone), vault)
    if phone["phone_mark"] == known.phone_mark or not (phone["phone_mark"] or request.no_phone):
        # nothing said, or the same number, which keeps its seal: the same again changes nothing
        phone = {}
    told = known.told_again(name=name, sort_key=sort_key, initials=initials, stratum=stratum, **phone)
    if not request.another:
        _ask_back(unit, told, known)
    return _saved(unit, known, told, vault)


def end_representative(unit: Unit, request: EndRepresentative, vault: Vault) -> RepresentativeView:
    """No longer invited; the phone is taken out.  A second call changes nothing."""
    known = _known(unit, request.representative_id)
    return _saved(unit, known, known.end(unit.today), vault)


def list_representatives(unit: Unit, request: ListRepresentatives, vault: Vault) -> RepresentativePage:
    """A page by surname; phones masked."""
    unit.permit(request.organisation_id)
    above = seen(unit, request.organisation_id)
    found, counts, following = unit.books.representatives.page(
        above.path, stratum=request.stratum, state=request.state, search=request.search.strip(), after=request.after, limit=request.limit)
    labels = {one.code: one.label for one in unit.policy(RepresentativePolicy, above.id).strata}
    strata = tuple(RepresentativeStratum(stratum=code, name=label, count=counts.get(code, 0))
                   for code, label in (labels | {code: code for code in counts if code not in labels}).items())
    total = counts.get(request.stratum, 0) if request.stratum else sum(counts.values())
    return RepresentativePage(representatives=tuple(_view(unit, one, vault) for one in found), strata=strata, total=total, next=following)


def read_representative_phone(unit: Unit, request: ReadRepresentativePhone, vault: Vault) -> RepresentativePhone:
    """In clear.  What nobody may see answers like what is not there."""
    one = _known(unit, request.representative_id)
    if not one.phone_sealed:
        raise NotFound(NO_PHONE)
    return RepresentativePhone(representative_id=one.id, phone=_phone(one, vault))


def announce(unit: Unit, one: Representative) -> None:
    """What others need to invite by stratum and draw by lot: no phone, the name masked."""
    event = RepresentativeEnded if one.state == ENDED else RepresentativeRegistered if one.version == 1 else RepresentativeChanged
    unit.announce(event(
        representative_id=one.id, organisation_id=one.organisation_id, stratum=one.stratum, stratum_name=_label(unit, one),
        masked_name=masked_name(one.name), since=one.since, until=one.until,
        state=one.state, version=one.version, scope="unit",  # type: ignore[arg-type]
        acted_by=unit.actor.person_id, acted_by_name=unit.actor.name, acted_at=unit.now))


def _known(unit: Unit, representative_id: str) -> Representative:
    return seen_there(unit, unit.books.representatives.get(representative_id), ListRepresentatives, NO_REPRESENTATIVE)


def _stratum(unit: Unit, organisation_id: str, code: str) -> str:
    strata = unit.policy(RepresentativePolicy, organisation_id).strata
    if code not in {one.code for one in strata}:
        raise Incomplete("stratum", f"没有这个代表类别，请从中选一个：{'、'.join(one.label for one in strata)}。")
    return code


def _label(unit: Unit, one: Representative) -> str:
    """What the stratum is called; by its code once the policy no longer knows it."""
    strata = unit.policy(RepresentativePolicy, one.organisation_id).strata
    return next((known.label for known in strata if known.code == one.stratum), one.stratum)


def _sealed(id_: str, number: str, vault: Vault) -> dict[str, Any]:
    """The phone as it is kept: for them only, and a mark that finds the same one."""
    return {"phone_sealed": vault.seal(number.encode(), id_) if number else b"", "phone_mark": vault.mark("phone", number) if number else ""}


def _phone(one: Representative, vault: Vault) -> str:
    return vault.open(one.phone_sealed, one.id).decode() if one.phone_sealed else ""


def _ask_back(unit: Unit, one: Representative, before: Representative | None) -> None:
    """Whether this is somebody who is here already, by phone anywhere in the county or by name in the organisation."""
    if one.phone_mark and (before is None or one.phone_mark != before.phone_mark):
        for other in unit.books.representatives.with_phone(one.phone_mark):
            if other.id != one.id:
                here = unit.may(ListRepresentatives, other.organisation_id)
                raise SamePhone(f"{name_of(unit, other.organisation_id)}的{other.name}" if here else ELSEWHERE)
    if before is None or one.name != before.name:
        for other in unit.books.representatives.at(one.organisation_id):
            if other.id != one.id and other.name == one.name and other.state != ENDED:
                raise SameName(one.name)


def _saved(unit: Unit, before: Representative, after: Representative, vault: Vault) -> RepresentativeView:
    if after is not before:
        unit.books.representatives.save([after])
        announce(unit, after)
    return _view(unit, after, vault)


def _view(unit: Unit, one: Representative, vault: Vault) -> RepresentativeView:
    return RepresentativeView(
        representative_id=one.id, organisation_id=one.organisation_id, organisation_name=name_of(unit, one.organisation_id),
        stratum=one.stratum, stratum_name=_label(unit, one), name=one.name, phone=rules.masked_phone(_phone(one, vault)),
        since=one.since, until=one.until, state=one.state, version=one.version)  # type: ignore[arg-type]
