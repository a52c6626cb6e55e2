"""Strict headers on every answer: no outside host, no inline script or style, nothing private in a cache."""

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # data: for the small arrows and ticks inside Bootstrap's own file
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
SEALED_POLICY = "default-src 'none'; img-src 'self'; sandbox"
"""What a view may add for a file that somebody handed in; a browser holds an answer to both policies."""
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def install(app: Flask, *, secure: bool) -> None:
    """Set the headers after every request; HSTS only where the site is served over TLS."""

    @app.after_request
    def set_headers(response: Response) -> Response:
        response.headers.extend(ALWAYS)  # added at once, which is quicker than asking for each; a policy of a view stands beside
        if secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if not (request.endpoint or "").endswith("static"):
            response.headers.setdefault("Cache-Control", "no-store")
        response.headers.pop("Server", None)
        return response
