"""政策: every number of the rules, what is in force where and since when, and its change with what it would change."""
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from flask import render_template, request, url_for
from wire.contracts.calls import Invalid, NotFound, Refusal
from wire.contracts.journal import PRODUCERS
from wire.contracts.policies import PolicyContent, PolicyView, county_wide, propose_policy_of, read_policies_of
from wire.contracts.roster import AdoptionView, AdoptPolicies, ListAdoptions, ListOrganisations, PolicyChoice, edition_of

from services.gateway import clients, presets
from services.gateway.identity import factors
from services.gateway.pages import forms, here, policy_values
from services.gateway.pages.county import county, policy_form, policy_reach
from services.gateway.summaries import SERVICES

STATES = {"in_force": ("执行中", "done"), "coming": ("将执行", "due"), "past": ("已被取代", "open")}
NO_DOCUMENT = "没有这份政策，请返回政策列表重新选择。"
BAD_DAY = "请填写从哪一天起执行，例如 2026-12-31。"
PAST_DAY = "政策只能从今天或以后执行，不能改动过去，请改写开始日期。"
READING, CHANGING = "roster.list_adoptions", "roster.adopt_policies"


@county.get("/policies")
def policies():
    """All documents by service, for one organisation; another one is looked for by name."""
    organisation_id, search = here.place(READING), request.args.get("search", "").strip()[:60]
    found = presets.documents(organisation_id, clients.call, part=_part(organisation_id))
    page = clients.call(ListAdoptions(organisation_id=organisation_id, limit=500))
    standing = _standing(organisation_id)
    by_document = defaultdict(list)
    for one in page.adoptions:
        by_document[one.document].append(one)
    preset = _preset_of(standing)
    places = clients.call(ListOrganisations(organisation_id=here.place(), search=search, limit=20)).organisations if search else ()
    shown = [(word, [view for view in found if view.document.startswith(f"{service}.")]) for service, word in SERVICES.items()]
    return render_template(
        "county/policies.html", organisation_id=organisation_id, search=search, places=places, services=[s for s in shown if s[1]],
        adopted=by_document, cut=bool(page.next), above=_above(organisation_id),
        unheard={view.document: _unheard(view, standing, organisation_id) for view in found},
        preset=preset, presets=presets.every().values(),
        differing={view.document: _differing(preset, view) for view in found} if preset else {})


def _part(organisation_id: str) -> bool:
    """Whether it is a part of the county, whose own documents are fewer."""
    found = here.organisation(organisation_id)
    return bool(found and found["parent_id"])


def _above(organisation_id: str) -> list[str]:
    """The county, those between, the organisation: what is adopted for these reaches it, the last one first."""
    found = here.organisation(organisation_id)
    return found["path"].strip("/").split("/") if found else [organisation_id]


def _standing(organisation_id: str, document: str = "") -> tuple[AdoptionView, ...]:
    """What is in force today at the organisation and above it, the latest decision first."""
    return clients.call(ListAdoptions(organisation_id=organisation_id, document=document, standing=True)).adoptions


def _unheard(view: PolicyView, standing: Iterable[AdoptionView], organisation_id: str) -> AdoptionView | None:
    """The adoption that should decide here and does not yet: its service has not heard of it, or refused what it never got."""
    above = _above(organisation_id)
    reaching = [one for one in standing if one.document == view.document and one.organisation_id in above]
    nearest = max(reaching, key=lambda one: above.index(one.organisation_id), default=None)
    return nearest if nearest is not None and nearest.hash != view.content.hash else None


def _preset_of(standing: Iterable[AdoptionView]) -> presets.Preset | None:
    """The preset adopted last of those in force."""
    known = presets.every()
    return next((known[one.preset] for one in standing if one.preset in known), None)


def _differing(preset: presets.Preset, view: PolicyView) -> list[policy_form.Change]:
    return policy_form.changes(view.fields, preset.body(view), policy_form.values_of(view.content))


@county.get("/policies/<document>")
def policy(document: str):
    return policy_page(document)


def policy_page(document: str, proposed: PolicyContent | None = None, starts_on: date | None = None) -> str:
    """The form of one document.  ``?version=`` fills it with another version; ``proposed`` shows what it would change.  What somebody
    else adopted since the form was opened is shown beside what was typed."""
    organisation_id = here.place(READING)
    view, version = _read(document, organisation_id), request.values.get("version", "")[:64]
    content = _read(document, organisation_id, hash_=version).content if version else view.content
    values = policy_form.typed(view.fields, request.form) if "typed" in request.form else policy_form.values_of(content)
    told = {}
    if proposed is not None and starts_on is not None:
        now = _read(document, organisation_id, on=starts_on)
        reach = policy_reach.reach_of(document, organisation_id, starts_on)
        told = {"reach": reach, "affected": policy_reach.affected(document, organisation_id, reach),
                "changes": policy_form.changes(view.fields, policy_form.values_of(now.content), policy_form.values_of(proposed)),
                "replaces": now, "starts_on": starts_on, "instead_of": edition_of(now.organisation_id, now.number)}
    page = clients.call(ListAdoptions(organisation_id=organisation_id, document=document, after=request.args.get("after", "")[:80], limit=50))
    return render_template(
        "county/policy.html", organisation_id=organisation_id, view=view, values=values, proposed=proposed, page=page, states=STATES,
        service=SERVICES[document.partition(".")[0]], form=policy_form, worded=policy_values,
        unheard=_unheard(view, _standing(organisation_id, document), organisation_id),
        content=content, today=here.today(), seen=_edition(view), meanwhile=_meanwhile(view, organisation_id),
        county_only=county_wide(document) and _part(organisation_id),
        waived=document == "gateway.SignInPolicy" and factors.waived(), **told)


def _edition(view: PolicyView) -> str:
    """Which adoption decides, and the content it put in force: what whoever opens the form has before them."""
    return f"{edition_of(view.organisation_id, view.number)}/{view.content.hash}"


def _meanwhile(view: PolicyView, organisation_id: str) -> list[policy_form.Change] | None:
    """What is in force otherwise than when the form was opened; None when nothing was adopted since."""
    seen = request.form.get("seen", "")[:200]
    if not seen or seen == _edition(view):
        return None
    before = _read(view.document, organisation_id, hash_=seen.rpartition("/")[2])
    return policy_form.changes(view.fields, policy_form.values_of(before.content), policy_form.values_of(view.content))


def _read(document: str, organisation_id: str, *, hash_: str = "", on: date | None = None) -> PolicyView:
    service = document.partition(".")[0]
    if service not in PRODUCERS:
        raise NotFound(NO_DOCUMENT)
    return clients.call(read_policies_of(service).request(organisation_id=organisation_id, document=document[:120], hash=hash_, on=on))[0]


@county.post("/policies/<document>")
def check_policy(document: str):
    """看看会改变什么: the service checks the document and keeps it as a proposal; nothing is in force yet."""
    here.demand(CHANGING)
    organisation_id = here.place(CHANGING)
    view = _read(document, organisation_id)
    if request.form.get("seen", _edition(view)) != _edition(view):
        return policy_page(document), 409
    try:
        starts_on = _day()
        if starts_on < here.today():
            raise Invalid(PAST_DAY, errors={"starts_on": [f"最早填 {here.today().isoformat()}。"]})
        said = clients.call(propose_policy_of(document.partition(".")[0]).request(
            organisation_id=organisation_id, document=document, body=policy_form.written(policy_form.typed(view.fields, request.form))))
    except Refusal as refusal:
        return forms.again(refusal, lambda: policy_page(document))
    return policy_page(document, said, starts_on)


@county.post("/policies/<document>/adopt")
def adopt_policy(document: str):
    """确认采用."""
    here.demand(CHANGING)
    organisation_id = here.place(CHANGING)
    try:
        clients.call(AdoptPolicies(organisation_id=organisation_id, starts_on=_day(), basis=request.form.get("basis", "")[:200], policies=(
            PolicyChoice(document=document, hash=request.form.get("version", "")[:64], instead_of=request.form.get("instead_of", "")[:120]),)))
    except Refusal as refusal:
        return forms.again(refusal, lambda: policy_page(document))
    return forms.done(None, url_for("county.policy", document=document, organisation=organisation_id, done="adopted"), policies)


@county.get("/policies/presets/<name>")
def preset(name: str):
    return preset_page(name)


def preset_page(name: str) -> str:
    """What adopting a preset would change here, document by document."""
    organisation_id = here.place(READING)
    chosen = presets.named(name)
    found = presets.documents(organisation_id, clients.call, part=_part(organisation_id))
    told = [(view, policy_form.changes(view.fields, policy_form.values_of(view.content), chosen.body(view))) for view in found]
    return render_template("county/preset.html", organisation_id=organisation_id, preset=chosen, documents=told,
                           services=SERVICES, today=here.today())


@county.post("/policies/presets/<name>")
def adopt_preset(name: str):
    """Every document of the preset, in force together from a day."""
    here.demand(CHANGING)
    organisation_id = here.place(CHANGING)
    try:
        presets.adopt(name, organisation_id, _day(), clients.call, key=request.form.get(clients.FORM_KEY, "")[:80],
                      basis=request.form.get("basis", "")[:200], part=_part(organisation_id))
    except Refusal as refusal:
        return forms.again(refusal, lambda: preset_page(name))
    return forms.done(None, url_for("county.policies", organisation=organisation_id, done="adopted"), policies)


def _day() -> date:
    """从哪一天起.  Raises Invalid."""
    try:
        return date.fromisoformat(request.form.get("starts_on", "").strip())
    except ValueError:
        raise Invalid(forms.WRONG, errors={"starts_on": [BAD_DAY]}) from None
