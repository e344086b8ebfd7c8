"""Pledges: draft, submit, review, sign, publish, progress, claim, verify; ledger and coverage; exemptions."""
from services.gateway.api.route import Route, blueprint, declare
from wire.contracts import pledge as p

_ITEM = "/pledges/<pledge_id>/items/<item_id>"
routes = declare(blueprint("api-pledges", "承诺"), [
    Route(method="POST", path="/pledges", call=p.DraftPledge, summary="起草承诺", status=201),
    Route(method="GET", path="/pledges", call=p.ListPledges, summary="一个党组织的承诺"),
    Route(method="GET", path="/pledges/<pledge_id>", call=p.ReadPledge, summary="一份承诺"),
    Route(method="GET", path="/pledges/<pledge_id>/serving", call=p.ListServing, summary="支撑一份党组织承诺的党员承诺事项"),
    Route(method="GET", path="/pledges/guide", call=p.ReadGuide, summary="起草参考：建议、可以从哪里写起、可以支撑的党组织承诺事项"),
    Route(method="GET", path="/pledges/<pledge_id>/letter", call=p.ReadLetter, summary="签订的承诺书原文和校验码"),
    Route(method="PUT", path="/pledges/<pledge_id>/draft", call=p.SaveDraft, summary="保存草稿（If-Match 为读到的 ETag）", guard="version"),
    Route(method="POST", path="/pledges/<pledge_id>/submit", call=p.SubmitPledge, summary="提诺：提交审定"),
    Route(method="PUT", path=f"{_ITEM}/review", call=p.ReviewItem, summary="审诺：逐项审查"),
    Route(method="POST", path="/pledges/<pledge_id>/approve", call=p.ApprovePledge, summary="审定"),
    Route(method="POST", path="/pledges/<pledge_id>/return", call=p.ReturnPledge, summary="退回完善"),
    Route(method="POST", path="/pledges/<pledge_id>/sign", call=p.SignPledge, summary="定诺：编号签订"),
    Route(method="POST", path="/pledges/publish", call=p.PublishPledges, summary="亮诺：公开一批承诺"),
    Route(method="POST", path=f"{_ITEM}/progress", call=p.RecordProgress, summary="践诺：登记进展"),
    Route(method="POST", path=f"{_ITEM}/claim", call=p.ClaimItem, summary="申请销号"),
    Route(method="POST", path=f"{_ITEM}/verify", call=p.VerifyItem, summary="核验销号"),
    Route(method="GET", path="/ledger", call=p.ReadLedger, summary="践诺台账"),
    Route(method="GET", path="/coverage", call=p.ReadCoverage, summary="承诺覆盖和兑现情况"),
    Route(method="POST", path="/exemptions", call=p.ProposeExemption, summary="免诺：支部提出，待上级批准", status=201),
    Route(method="GET", path="/exemptions", call=p.ListExemptions, summary="免诺名单"),
    Route(method="GET", path="/exemptions/rules", call=p.ReadExemptionRules, summary="免诺可以写的事由、会议和期限"),
    Route(method="GET", path="/exemptions/<exemption_id>", call=p.ReadExemption, summary="一项免诺及其事由"),
    Route(method="POST", path="/exemptions/<exemption_id>/approve", call=p.ApproveExemption, summary="免诺：上级批准"),
    Route(method="POST", path="/exemptions/<exemption_id>/refuse", call=p.RefuseExemption, summary="免诺：上级不批准"),
    Route(method="POST", path="/exemptions/<exemption_id>/withdraw", call=p.WithdrawExemption, summary="免诺：撤回")])
