"""A file to keep, under a Chinese name: every answer that is a spreadsheet goes out through here."""
import unicodedata
from urllib.parse import quote

from flask import Response

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(name: str, body: bytes) -> Response:
    """The spreadsheet as a download.  A header holds no Chinese (the server would drop the answer), so the name goes twice: as it is,
    percent-encoded (RFC 8187), and what ASCII leaves of it for programs that do not know that."""
    ending = name.rpartition(".")[2]
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().strip("-. ")
    plain = plain if plain.rpartition(".")[0].strip("-. ") else f"jiannuo.{ending}"
    response = Response(body, content_type=SPREADSHEET)
    response.headers.set("Content-Disposition", "attachment", **{
        "filename": plain, **({} if plain == name else {"filename*": f"UTF-8''{quote(name, safe='')}"})})
    return response
