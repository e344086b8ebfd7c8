"""What every call is named in Chinese: the routes of the API say it (``api.route``), the gateway's own acts stand here.

Told where an operation is shown to people, in the operation log above all.
"""

SUMMARIES: dict[str, str] = {
    "gateway.sign_in": "登录", "gateway.sign_out": "退出", "gateway.make_account": "开通账号", "gateway.change_password": "修改密码",
    "gateway.set_new_password": "用链接重设密码", "gateway.enrol_factor": "开通动态口令", "gateway.drop_factor": "关闭动态口令",
    "gateway.new_recovery_codes": "重新生成恢复码", "gateway.end_session": "退出一个登录", "gateway.end_other_sessions": "退出其他登录",
    "gateway.export.audit": "导出操作日志", "gateway.export.members": "导出党员名单",
    "gateway.export.organisations": "导出党组织名单", "gateway.take_links": "取走开通链接",
    "roster.stage_lines": "导入：读入表格", "roster.list_sheet_hints": "导入：查看导入前请看的行",
    "roster.check_sheet": "导入：检查表格", "roster.list_sheet_faults": "导入：查看错误", "roster.write_sheet": "导入：写入名册",
    "roster.list_sheet_subjects": "导入：查看写入了谁", "roster.undo_sheet": "撤销导入", "pledge.pledged_among": "核对谁已有承诺",
    "roster.found_county": "设立本县", "roster.appoint_administrator": "设立系统或审计管理员"}

#: the services as people call what they hold; and the calls that every one of them answers
SERVICES = {"roster": "党组织和党员", "pledge": "承诺", "evaluation": "评议", "commendation": "表彰", "notice": "公开栏", "gateway": "账号和访问"}
ALIKE = {"read_history": "查看办理经过", "read_policies": "查看政策", "propose_policy": "提出政策的一个版本", "check_audit": "核对操作日志"}
SUMMARIES |= {f"{service}.{verb}": f"{said}（{of}）" for service, of in SERVICES.items() for verb, said in ALIKE.items()}
#: what every service says of its own log
TRIMMED = "清理超过保存期限的日志"

#: the documents of policy, by what the operation log calls them
POLICIES = {
    "gateway.SignInPolicy": "登录和密码", "roster.SheetPolicy": "表格导入", "roster.RollPolicy": "党员名册",
    "roster.PositionPolicy": "职务对应的权限", "roster.TermPolicy": "任期和换届",
    "roster.NewUnitPolicy": "新单位组建", "roster.RepresentativePolicy": "评议代表类别",
    "roster.SyncPolicy": "外部系统同步", "pledge.ReviewPolicy": "审诺", "pledge.CoveragePolicy": "应承诺的范围", "pledge.LedgerPolicy": "践诺台账",
    "pledge.DraftingPolicy": "提诺", "pledge.ExemptionPolicy": "免诺", "evaluation.ScoringPolicy": "评分", "evaluation.PeersPolicy": "党员互评",
    "evaluation.AppraisalPolicy": "群众评议", "notice.BoardPolicy": "公开栏"}


def summary_of(operation: str) -> str:
    """The words for an operation; its own name where nobody gave it any."""
    if operation.startswith("page."):
        return "打开没有权限的页面"
    return TRIMMED if operation.endswith(".trim_log") else SUMMARIES.get(operation, operation)


def operations_like(words: str) -> list[str]:
    """Operations whose Chinese words contain these; none for an empty word."""
    return sorted(name for name, said in SUMMARIES.items() if words and words in said)
