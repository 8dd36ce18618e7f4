"""What every page shares: the icon, the base styles, and the headers that keep a page safe in a browser.

Rule kept here: a page loads nothing from elsewhere, stands in no frame of another site, and tells nobody its address.
"""

from flask import Blueprint, Response

SAFETY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def make_shared_files() -> Blueprint:
    """`/web/static/base.css` and `icon.svg`. Open to everybody, as a sign-in page needs them too."""
    return Blueprint("web", __name__, url_prefix="/web", static_folder="static")


def add_safety_headers(response: Response) -> Response:
    """For a blueprint's `after_request`: sends the safety headers with every answer."""
    response.headers.update(SAFETY_HEADERS)
    return response
