"""Strict headers on every answer: no outside host, no inline script or style, nothing private in a cache."""

from http import HTTPStatus

from flask import Flask, Response, request

from examsite.web import assets

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
ONLY_TLS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
PRIVATE = ("Cache-Control", "no-store")


def of_every_answer(*, secure: bool) -> list[tuple[str, str]]:
    """What an answer carries that did not come through Flask."""
    return [*ALWAYS.items(), *(ONLY_TLS.items() if secure else ()), PRIVATE]


def install(app: Flask, *, secure: bool) -> None:
    """Set the headers after every request; HSTS only where the site is served over TLS."""

    @app.after_request
    def set_headers(response: Response) -> Response:
        response.headers.extend(ALWAYS)  # added at once, which is quicker than asking for each; a policy of a view stands beside
        if secure:
            response.headers.extend(ONLY_TLS)
        if assets.is_file(request.endpoint) and response.status_code < HTTPStatus.BAD_REQUEST:
            assets.keep(response)
        else:
            response.headers.setdefault(*PRIVATE)
        response.headers.pop("Server", None)
        return response
