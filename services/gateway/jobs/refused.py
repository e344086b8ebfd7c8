"""Why something was refused, in words, by the code of the refusal: the operation log keeps codes, and auditors read words.

No service imports another, so the words of all their refusals stand here; ``tests/unit/gateway/test_refused.py`` looks at every class
that is a refusal, and one without a word is red.
"""

REFUSED: dict[str, str] = {
    # of every service
    "forbidden": "没有权限", "not_found": "没有找到", "unsigned": "身份无法确认", "invalid": "填写不对", "incomplete": "填写不全",
    "stale": "已被别人改过", "not_for_oneself": "不能办自己的", "service_away": "服务没有回应", "idempotency_key_reused": "重复提交",
    "refused": "不符合规定", "not_ready": "条件不齐", "too_large": "内容太大", "no_such_call": "没有这项操作", "no_such_policy": "没有这份政策",
    "policy_unusable": "政策与程序不相符",
    # signing in, accounts and keys
    "sign_in_failed": "用户名或密码不对", "sign_in_locked": "暂停登录中", "wrong_code": "动态口令不对", "code_needed": "没有动态口令",
    "wrong_password": "原密码不对", "weak_password": "密码不合要求", "same_password": "新密码和原密码一样", "sign_in_again": "登录中断",
    "https_needed": "没有用 https 地址", "password_change_needed": "要先修改密码", "second_factor_needed": "要先开通动态口令",
    "has_account": "已有账号", "no_account": "没有这个账号", "username_taken": "用户名已有人用", "bad_username": "用户名写法不对",
    "invitation_invalid": "邀请已失效", "has_factor": "已有动态口令", "no_factor": "没有动态口令", "nothing_enrolled": "没有在开通动态口令",
    "no_key": "没有这个密钥", "bad_scope": "范围不对", "too_many_rows": "一次人数太多", "job_not_ready": "导入不在这一步",
    # roster: the county, people and their grants
    "already_founded": "本县已设立", "not_founded": "本县还没有设立", "already_appointed": "已有这位管理员", "names_differ": "姓名不一致",
    "same_person": "三员要三个人", "one_person": "并入的记录不对", "off_the_roll": "已不在册", "on_the_roll": "现在在册",
    "code_taken": "编号已有人用", "no_room_for_members": "这里不能有党员", "no_such_step": "不能直接转", "same_place": "已在这个党组织",
    "transfer_under_way": "正在转接组织关系", "no_transfer": "没有转接在办", "no_report": "没有报到", "not_floating": "不是流动党员",
    "grant_ended": "权限已结束", "position_taken": "职务已有人", "already_held": "已有人担任", "members_only": "只能由党员担任",
    "name_known": "可能是同一个人", "separate_duties": "三员要分开", "member_grant_is_automatic": "党员权限自动开通",
    "not_a_person": "是接口，不是人",
    "last_office": "是最后一位管理员", "not_active": "已不在册", "past_day": "日期已过", "for_the_county": "全县统一的政策",
    # roster: the tree, zones, representatives, sheets
    "root_stays": "县委不能动", "organisation_ended": "党组织已撤销", "still_in_use": "还有党员或下级在用", "cannot_merge": "不能合并",
    "name_taken": "名称已有", "system_in_use": "条线还在用", "own_zone": "不能登记自己的责任区", "zone_ended": "责任区已撤销",
    "phone_known": "电话已有人用", "representative_known": "代表已登记", "representative_ended": "代表已不再担任",
    "sheet_written": "表格已写入", "sheet_not_checked": "表格还没有检查", "sheet_has_faults": "表格里有错误", "too_many_lines": "表格行数太多",
    "sheet_not_written": "表格还没有写入", "undo_too_late": "过了撤销的时间",
    # pledge and evaluation
    "not_reviewed": "还没有审完", "not_yours": "不是本人的", "already_pledged": "已有承诺", "already_exempt": "已有免诺",
    "item_not_found": "没有这个事项",
    "pledges_elsewhere": "应在流入地承诺", "not_open": "评议已不能改", "no_evaluation": "没有这次评议", "quorum_not_met": "到会人数不够",
    "figures_disagree": "票数对不上", "not_teller": "不是计票人", "wrong_tellers": "计票人不对", "count_stands": "计票已确认",
    "not_peer": "不在本支部名册", "unfitting": "与评议办法不符", "too_many_excellent": "优秀超过名额"}
