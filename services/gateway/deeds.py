"""What is done to what, and what its values are called, in Chinese: told where a history 办理经过 is read, and to whoever connects
another system to the events."""
from wire.contracts import pledge

#: what has a history, what a stream of events is about
AGGREGATES = {"roster.organisation": "党组织", "roster.member": "党员", "roster.grant": "权限", "roster.policy": "政策采用",
              "roster.zone": "责任区", "roster.position": "职务", "roster.assignment": "分工", "roster.workplace": "新单位",
              "roster.system": "条线", "roster.representative": "评议代表",
              "pledge.pledge": "承诺", "pledge.exemption": "免诺", "evaluation.evaluation": "评议", "notice.notice": "公示",
              "roster.person": "非党员人员",
              "gateway.account": "账号", "gateway.key": "接口密钥", "gateway.invitation": "开通邀请"}
#: what was done, by event or by the deed's own name
DEEDS = pledge.DEEDS | pledge.EXEMPTION_DEEDS | {
    "roster.organisation.registered.v1": "登记", "roster.organisation.changed.v1": "修改",
    "roster.organisation.merged.v1": "并入他处", "roster.organisation.dissolved.v1": "撤销", "roster.member.registered.v1": "登记",
    "roster.member.changed.v1": "修改",
    "roster.member.moved.v1": "调整所在党组织", "roster.member.merged.v1": "并入另一名册",
    "roster.member.absorbed": "合并重复登记", "roster.member.left.v1": "离开名册",
    "roster.grant.given.v1": "开通", "roster.grant.confirmed.v1": "确认", "roster.grant.ended.v1": "收回", "roster.policy.adopted.v1": "采用",
    "roster.zone.recorded.v1": "登记", "roster.representative.registered.v1": "登记",
    "roster.representative.changed.v1": "修改", "roster.representative.ended.v1": "退出代表库",
    "evaluation.evaluation.opened.v1": "开始评议", "evaluation.evaluation.completed.v1": "评定", "evaluation.evaluation.retracted.v1": "撤回",
    "roster.position.appointed": "任职", "roster.position.ended": "免职", "roster.position.given_over": "转到在册党员名下",
    "roster.position.taken_back": "撤销导入", "roster.position.reinstated": "恢复", "assigned": "登记", "given_over": "转到在册党员名下",
    "ended": "结束", "resumed": "撤销导入，恢复",
    "merged": "随党组织合并", "dissolved": "随党组织撤销", "moved": "调整负责的党组织", "registered": "登记", "defined": "登记",
    "renamed": "改名", "covered": "组建", "uncovered": "不再覆盖", "closed": "注销", "changed": "修改",
    "roster.person.linked": "认作党员", "notice.notice.posted.v1": "公示", "notice.notice.corrected.v1": "更正", "proposed": "提出一个版本",
    "opened": "开通", "enabled": "启用", "disabled": "停用", "unlocked": "恢复登录", "password_demanded": "要求修改密码",
    "password_link": "生成重设密码的链接", "password_changed": "修改密码", "password_set": "用链接重设密码",
    "factor_enrolled": "开通动态口令", "factor_dropped": "关闭动态口令", "factor_codes": "重新生成恢复码",
    "factor_reset_asked": "申请重置动态口令", "factor_reset": "同意并重置动态口令",
    "made": "新建", "rotated": "更换", "revoked": "停用", "invited": "发出开通邀请", "withdrawn": "作废开通邀请",
    "self_assessed": "自评", "commented": "领导点评", "appraisal_held": "登记评议会", "totals_entered": "录入票数"}
#: what a value is called
FIELDS = {
    "organisation_id": "党组织", "parent_id": "上级党组织", "code": "编号", "name": "名称", "kind": "类别", "sector": "领域",
    "place": "地点", "month": "月份", "months": "每月情况", "since": "开始", "until": "结束",
    "no_accident": "身边无事故", "no_error": "工作无差错", "no_breach": "本人无违纪",
    "founded_on": "成立日期", "re_elected_on": "最近换届日期", "state": "状态", "post": "职务", "post_kind": "岗位类别",
    "joined_on": "入党日期", "person_name": "姓名", "role": "角色", "document": "政策", "policy_version": "政策版本",
    "starts_on": "从哪一天起", "basis": "依据", "preset": "预设", "number": "编号", "pledgor_name": "承诺人", "member_name": "姓名",
    "year": "年度", "form": "形式", "commitment": "承诺方式", "letter_hash": "承诺书校验码", "submitted_at": "提交时间",
    "signed_at": "定诺时间", "published_at": "亮诺时间", "items": "事项", "position": "序号", "matter": "事项", "category": "类别",
    "source": "来源", "measure": "措施", "target": "目标", "responsible": "责任人", "deadline_on": "时限", "progress": "进度（%）",
    "note": "说明", "evidence": "佐证", "claimed_at": "申请销号时间", "fulfilled_at": "销号时间", "verdict": "评诺结论",
    "components": "评分组成", "score": "得分", "weight": "权重", "voices": "人数", "outcomes": "事项结论", "tally": "群众评议",
    "suggested_grade": "建议等次", "grade": "等次", "grade_reason": "等次说明", "due_fulfilment": "到期兑现率", "on_time": "按期率",
    "completed_at": "评定时间", "held_on": "评议日期", "present": "到会", "issued": "发出", "returned": "收回", "valid": "有效",
    "satisfied": "满意", "basically": "基本满意", "dissatisfied": "不满意", "unknown": "不了解", "satisfaction": "满意度",
    "awareness": "知晓率", "extended_until": "延期换届至", "extension_reason": "延期原因", "merged_into": "并入",
    "absorbed": "并入这一条的编号", "ended_on": "撤销日期",
    "ended_because": "撤销原因", "rank": "职级", "duty": "设岗定责", "full_on": "转正日期", "nameplate_on": "挂牌日期",
    "standing": "组织处理", "standing_on": "处理日期", "whereabouts": "流动情况", "whereabouts_on": "流动登记日期", "inflow_id": "流入地党组织",
    "outside_place": "县外地点", "lacks": "四无情况", "residence_id": "报到社区", "residence_on": "报到日期",
    "residence_confirmed_on": "社区确认日期", "transfer_to_id": "接转到", "transfer_on": "接转日期", "left_on": "离开日期",
    "left_because": "离开原因", "from_on": "任职日期", "until_on": "免职日期", "set_up_on": "设立日期", "covered_by": "覆盖它的党组织",
    "covered_on": "组建日期", "closed_because": "注销原因", "stratum_name": "代表类别",
    "masked_name": "姓名", "must_change": "须先修改密码", "reason": "原因",
    "tries": "连续输错次数", "scopes": "范围", "username": "用户名", "title": "标题", "person": "责任人", "posted_at": "公示时间",
    "detail": "内容", "members": "负责的党员"}
#: where a value is called otherwise
FIELDS_OF = {"roster.member": {"name": "姓名", "kind": "身份"}, "pledge.exemption": {
    "from_on": "从哪一天起", "until_on": "到哪一天止", "ended_on": "结束日期", "ended_because": "怎样结束", "meeting_kind": "会议",
    "meeting_on": "开会日期", "meeting_due": "应到人数", "meeting_present": "实到人数"}}
