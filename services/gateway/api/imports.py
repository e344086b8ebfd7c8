"""Imports by spreadsheet: upload and check, read the faults, write; and the templates to fill in."""
from typing import Any

import marshmallow as ma
from flask import Response, request

from services.gateway import clients
from services.gateway.api.route import blueprint, told
from services.gateway.documents.attachment import SPREADSHEET, attachment
from services.gateway.jobs import imports, template
from services.gateway.jobs.kinds import kind_of
from services.gateway.problems import refuse
from services.gateway.storage import Job
from wire.contracts import roster as r
from wire.contracts.shape import schema_class

routes = blueprint("api-imports", "导入")


class FaultTold(ma.Schema):
    row = ma.fields.Integer(required=True)
    column = ma.fields.String(required=True, metadata={"title": "所在的列；挡住撤销的行，是 value 写的什么"})
    value = ma.fields.String(required=True)
    sentence = ma.fields.String(required=True)


class JobListed(ma.Schema):
    """``state``: reading, checked (may be run), wrong (see faults and returned.xlsx; the right lines may be run), writing, done (may
    be undone), undoing, undone, failed (see sentence).  While it is under way ``handled`` of ``expected`` lines are done."""

    id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(tuple(imports.STATES)))
    file_name = ma.fields.String(required=True)
    total = ma.fields.Integer(required=True, metadata={"title": "总数"})
    importable = ma.fields.Integer(required=True, metadata={"title": "可导入"})
    wrong = ma.fields.Integer(required=True, metadata={"title": "错误"})
    repeated = ma.fields.Integer(required=True, metadata={"title": "重复"})
    new = ma.fields.Integer(required=True, metadata={"title": "新增"})
    changed = ma.fields.Integer(required=True, metadata={"title": "更新"})
    expected = ma.fields.Integer(required=True)
    handled = ma.fields.Integer(required=True)
    sentence = ma.fields.String(required=True)
    created_at = ma.fields.AwareDateTime(required=True)


class JobTold(JobListed):
    faults = ma.fields.List(ma.fields.Nested(FaultTold), required=True)


class RunQuery(ma.Schema):
    right_only = ma.fields.Boolean(load_default=False, metadata={"title": "先导入正确的行"})


class JobList(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(JobListed), required=True)


_UPLOAD = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": {
    "type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}}}}}


@routes.route("/imports/<kind>", methods=["POST"], tags=["导入"])
@routes.response(201, JobTold)
@routes.doc(**_UPLOAD)
def upload(kind: str) -> Job:
    """上传并检查一个表格（organisations、members …），不写入

    放在名为 file 的字段（multipart/form-data）里：.xlsx 或 .xls。小的表格回答时已检查完，大的继续检查，请再问这次导入的情况。
    """
    file = request.files.get("file")
    if file is None:
        raise refuse(422, "请把表格放在名为 file 的字段里上传。", errors={"file": "必填，请选择文件。"})
    return imports.start(kind, file.filename or "", file.stream)


@routes.route("/imports", methods=["GET"], tags=["导入"])
@routes.response(200, JobList)
def listed() -> dict[str, Any]:
    """我的导入，最近的在前；错误清单在每一次导入里"""
    return {"items": imports.latest()}


@routes.route("/imports/<job_id>", methods=["GET"], tags=["导入"])
@routes.response(200, JobTold)
def read(job_id: str) -> Job:
    """一次导入的情况和错误清单"""
    return imports.find(job_id[:80])


@routes.route("/imports/<job_id>/hints", methods=["GET"], tags=["导入"])
@routes.response(200, schema_class(r.SheetHints))
def hinted(job_id: str) -> Response:
    """导入前请看的行：谁改名、谁调动或调整上级、可能重复登记、预备期已满、日期只写了年月，还有哪些列修改或清空；只是提示，不妨碍导入

    counts 是每一类的总数，total 是全部，最多列出 1,000 行；全部写在 returned.xlsx 里。
    """
    return told(clients.call(r.ListSheetHints(sheet_id=imports.find(job_id[:80]).id, limit=1000)))


@routes.route("/imports/<job_id>/run", methods=["POST"], tags=["导入"])
@routes.arguments(RunQuery, location="query")
@routes.response(200, JobTold)
def run(asked: dict[str, Any], job_id: str) -> Job:
    """写入检查通过的表格：全部写入，或一条也不写（right_only=true：先写正确的行）；再次提交不会重复写入"""
    return imports.run(job_id[:80], right_only=asked["right_only"])


@routes.route("/imports/<job_id>/undo", methods=["POST"], tags=["导入"])
@routes.response(200, JobTold)
def undo(job_id: str) -> Job:
    """撤销一次导入：全部撤销，或一条也不撤（政策规定的时限内，且没有在这些行上办过事）"""
    return imports.undo(job_id[:80])


@routes.route("/imports/<job_id>/returned.xlsx", methods=["GET"], tags=["导入"])
@routes.response(200, {"type": "string", "format": "binary"}, content_type=SPREADSHEET)
def returned(job_id: str) -> Response:
    """下载标好错误、写明导入前要看什么的表格"""
    return attachment("returned.xlsx", imports.returned(job_id[:80])[1])


@routes.route("/imports/<job_id>/links", methods=["POST"], tags=["导入"])
@routes.response(200, {"type": "string", "format": "binary"}, content_type=SPREADSHEET)
def links(job_id: str) -> Response:
    """下载账号导入的开通链接：只能下载一次"""
    return attachment("links.xlsx", imports.take_links(job_id[:80])[1])


@routes.route("/imports/templates/<kind>", methods=["GET"], tags=["导入"])
@routes.response(200, {"type": "string", "format": "binary"}, content_type=SPREADSHEET)
def blank(kind: str) -> Response:
    """下载导入模板"""
    return attachment(f"{kind_of(kind).name}.xlsx", template.made(kind))
