"""May this actor do this, here?  The one answer for every service, asked inside the transaction that decides (X16, X17)."""
from collections.abc import Collection

from wire.contracts.actor import Actor, Reach
from wire.contracts.calls import Forbidden, Operation
from wire.contracts.ports import Directory

NOT_HERE = "您在这个党组织没有办理这件事的权限，请联系上级党组织开通，或改用有权限的账号。"
NOT_OWN = "不能办理本人的事项，请由其他有权限的同志办理。"
NOT_THIS_WAY = "这项操作不能以当前身份办理，请登录后再试。"


def check(operation: Operation, actor: Actor, directory: Directory, organisation_ids: Collection[str], member_id: str) -> None:
    """Pass if every one of these organisations is reached by one of the actor's grants in this operation; else raise Forbidden.

    A grant counts only while this service's directory does not know it as ended (X49).  Where the operation is not for
    what is one's own, the owner is refused whatever they hold (X50).
    """
    if operation.grants.kind != "person":
        if operation.grants.kind != actor.kind:
            raise Forbidden(NOT_THIS_WAY)
        return
    if operation.not_own and member_id and member_id == actor.member_id:
        raise Forbidden(NOT_OWN)
    wanted = operation.grants.roles
    held = [(g, reach) for g in actor.grants for role, reach in wanted if g.role == role and actor.acts_by(role)]
    if not held:
        raise Forbidden(NOT_HERE)
    in_force = directory.in_force(g for g, _ in held)
    working = [(g.organisation_id, reach) for g, reach in held if g in in_force]
    if len(organisation_ids) > 1:
        if directory.all_within(organisation_ids, [held_at for held_at, reach in working if reach == Reach.WITHIN]):
            return
        directory.look_up(organisation_ids)
    for organisation_id in organisation_ids:
        if not any(_reaches(reach, held_at, actor, directory, organisation_id, member_id) for held_at, reach in working):
            raise Forbidden(NOT_HERE)


def _reaches(reach: Reach, held_at: str, actor: Actor, directory: Directory, target: str, member_id: str) -> bool:
    if reach == Reach.SELF:
        return bool(member_id) and member_id == actor.member_id
    if reach == Reach.OWN:
        # a party group 党小组 has no officers of its own: its branch acts for it
        return held_at in (target, directory.branch_of(target))
    if reach == Reach.BELOW and target == held_at:
        return False
    return target == held_at or directory.within(target, held_at)
