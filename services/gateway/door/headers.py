"""Headers of every answer: what the browser may load and run, who may frame it, what may be kept (X28, X52)."""
from flask import Flask, request
from werkzeug.wrappers import Response

#: no inline script or style anywhere; everything comes from here
CSP = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
       "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
ALWAYS = {
    "Content-Security-Policy": CSP, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()"}
HSTS = "max-age=31536000; includeSubDomains"
KEPT = ("public.", "static", "api-public.", "api-docs.")


def register(app: Flask) -> None:
    app.after_request(dress)


def dress(response: Response) -> Response:
    """Set what the view did not set; a page for one person is never stored anywhere."""
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    if response.status_code >= 400 or not (request.endpoint or "").startswith(KEPT):
        response.headers["Cache-Control"] = "no-store"
    return response
