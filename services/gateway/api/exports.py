"""Lists as spreadsheets: begin an export, ask how far it is, take the file."""
from typing import Any

import marshmallow as ma
from flask import Response

from services.gateway.documents.attachment import SPREADSHEET, attachment
from services.gateway.api.route import blueprint
from services.gateway.jobs import exports
from services.gateway.storage import Job

routes = blueprint("api-exports", "导出")


class ExportAsked(ma.Schema):
    """``filters``: as the list itself takes them; ``columns``: none named is all."""

    filters = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True,
                             error_messages={"required": "请写明筛选条件；全部导出的写 {{}}。"})
    columns = ma.fields.List(ma.fields.String(validate=ma.validate.Length(max=40)), load_default=list)


class ExportTold(ma.Schema):
    """``state``: exporting, done (take file.xlsx), failed (see sentence)."""

    id = ma.fields.String(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(("exporting", "done", "failed")))
    file_name = ma.fields.String(required=True)
    handled = ma.fields.Integer(required=True)
    total = ma.fields.Integer(required=True)
    sentence = ma.fields.String(required=True)
    created_at = ma.fields.AwareDateTime(required=True)


@routes.route("/exports/<name>", methods=["POST"], tags=["导出"])
@routes.arguments(ExportAsked)
@routes.response(201, ExportTold)
def begin(asked: dict[str, Any], name: str) -> Job:
    """导出一个列表（organisations、members、audit），选列；个人信息按权限遮掩，记入操作日志"""
    return exports.start(name[:40], asked["filters"], asked["columns"])


@routes.route("/exports/<job_id>", methods=["GET"], tags=["导出"])
@routes.response(200, ExportTold)
def read(job_id: str) -> Job:
    """一次导出的情况"""
    return exports.find(job_id[:80])


@routes.route("/exports/<job_id>/file.xlsx", methods=["GET"], tags=["导出"])
@routes.response(200, {"type": "string", "format": "binary"}, content_type=SPREADSHEET)
def taken(job_id: str) -> Response:
    """下载导出的表格"""
    return attachment("export.xlsx", exports.file(job_id[:80])[1])
