"""The roll: members by surname with filters, one member's page with everything that can be done about them, political
birthdays by month, and the defects of A21."""
from typing import Any

from flask import abort, current_app, render_template, request, url_for
from wire.contracts import roster as r
from wire.contracts.calls import Invalid, Refusal

from services.gateway import clients
from services.gateway.jobs.lists import MEMBERS
from services.gateway.pages import forms, here
from services.gateway.pages.county import county

#: filters of the list, as in ``ListMembers``, with their words
FILTERS = MEMBERS.filters
#: what a form of a member's page does: its call, and the word for having done it
ACTS: dict[str, tuple[type, str]] = {
    "correct": (r.CorrectMember, "saved"), "advance": (r.AdvanceMember, "saved"), "standing": (r.SetStanding, "saved"),
    "nameplate": (r.ShowNameplate, "saved"), "whereabouts": (r.RecordWhereabouts, "saved"), "residence": (r.ReportResidence, "saved"),
    "residence-confirm": (r.ConfirmResidence, "saved"), "move": (r.MoveMember, "moved"), "transfer": (r.BeginTransfer, "sent"),
    "settle": (r.SettleTransfer, "saved"), "leave": (r.RecordLeaving, "left"), "readmit": (r.ReadmitMember, "saved"),
    "merge": (r.MergeMembers, "merged")}
FOUND_SHOWN = 30
NO_CODE = "请填写同一个人另一条记录的编号。"
NO_SECOND = "没有找到编号是“{}”的党员，请核对后在这里改正，再提交一次。"


@county.get("/members")
def members():
    """By name, code or pinyin initials, narrowed by what stands in the roll."""
    organisation_id, search = here.place("roster.list_members"), request.args.get("search", "").strip()[:60]
    chosen = {name: said for name in FILTERS if (said := request.args.get(name, "")[:20])}
    page = clients.call(forms.read(r.ListMembers, chosen, organisation_id=organisation_id, search=search,
                                   after=request.args.get("after", "")[:400], limit=here.ROWS))
    return render_template("people/members.html", organisation_id=organisation_id, search=search, page=page, chosen=chosen, filters=FILTERS,
                           **_words())


@county.get("/members/new")
def new_member():
    return new_member_page()


def new_member_page() -> str:
    organisation_id = here.place("roster.register_member")
    here.demand("roster.register_member")
    return render_template("people/new.html", organisation_id=organisation_id, **_found(), **_words())


@county.post("/members/new")
def register_member():
    reply, refusal = forms.attempt(r.RegisterMember)
    to = "" if refusal else url_for("county.member", member_id=reply.member_id, done="saved")
    return forms.done(refusal, to, new_member_page)


@county.get("/members/<member_id>")
def member(member_id: str):
    return member_page(member_id)


def member_page(member_id: str) -> str:
    detail = clients.call(r.ReadMember(member_id=member_id))
    one = detail.member
    held: Any = ()
    if here.may("roster.list_positions", one.organisation_id):
        held = clients.call(r.ListPositions(organisation_id=one.organisation_id, person_id=one.member_id))
    return render_template("people/member.html", detail=detail, one=one, positions=held, member_id=member_id,
                           acting=(request.view_args or {}).get("act", ""), **_found(), **_words())


@county.post("/members/<member_id>/<act>")
def act(member_id: str, act: str):
    """One act about a member; what is refused comes back on the same page with what was typed."""
    if act not in ACTS:
        abort(404)
    call, word = ACTS[act]
    given: dict[str, Any] = {"kept_id": member_id} if act == "merge" else {"member_id": member_id}
    if act == "whereabouts":
        given["lacks"] = request.form.getlist("lacks")
    if act == "merge":
        given["merged_id"] = _second(code) if (code := request.form.get("merged_code", "").strip()) else ""
        if not given["merged_id"]:
            wrong = NO_SECOND.format(code[:40]) if code else NO_CODE
            return forms.again(Invalid(wrong, errors={"merged_code": [wrong]}), lambda: member_page(member_id))
    reply, refusal = forms.attempt(call, **given)
    if refusal is None and word == "saved" and str(reply.version) == request.form.get("seen"):
        word = "unchanged"
    return forms.done(refusal, url_for("county.member", member_id=member_id, done=word), lambda: member_page(member_id))


def _second(code: str) -> str:
    """The id of the entry with this code, where the person may look at it; a code of one that was merged before names none."""
    try:
        found = clients.call(r.ReadMember(code=code[:40])).member
    except Refusal:
        return ""
    return found.member_id if found.code == code else ""


@county.get("/birthdays")
def birthdays():
    """政治生日 of one month; this month where none is named (K4)."""
    organisation_id, said = here.place("roster.list_birthdays"), request.args.get("month", "")
    month = int(said) if said.isascii() and said.isdecimal() and 1 <= int(said) <= 12 else here.today().month
    search = request.args.get("search", "").strip()[:60]
    page = clients.call(r.ListBirthdays(organisation_id=organisation_id, month=month, search=search, after=request.args.get("after", "")[:400],
                                        limit=here.ROWS))
    return render_template("people/birthdays.html", organisation_id=organisation_id, page=page, search=search)


@county.get("/defects")
def defects():
    """四无 and 两头挂空 by name (A21)."""
    organisation_id, search = here.place("roster.list_defects"), request.args.get("search", "").strip()[:60]
    page = clients.call(r.ListDefects(organisation_id=organisation_id, search=search, after=request.args.get("after", "")[:2400],
                                      limit=here.ROWS))
    return render_template("people/defects.html", organisation_id=organisation_id, page=page, search=search)


def _found() -> dict[str, Any]:
    """Branches and party groups of the county found by name or code, for whoever has to name one."""
    find = request.values.get("find", "").strip()[:60]
    found = current_app.extensions["directory"].branches(find, FOUND_SHOWN) if find else []
    return {"find": find, "found": {one["id"]: f"{one['name']}（{one['code']}）" for one in found}}


def _words() -> dict[str, Any]:
    return {"RANKS": r.RANKS, "STANDINGS": r.STANDINGS, "WHEREABOUTS": r.WHEREABOUTS, "LACKS": r.LACKS, "POSITIONS": r.POSITIONS,
            "LEAVINGS": {key: word for key, word in r.LEAVINGS.items() if key != "merged"}}
