"""HTML text → beautifulsoup4 tree, with the end tags that HTML allows to be left out."""

from __future__ import annotations

import warnings
from typing import Any

from bs4 import BeautifulSoup

__all__ = ["parse_html"]

_P_ENDS = (
    "address article aside blockquote center dd dir div dl dt fieldset footer form h1 h2 h3 h4 h5 "
    "h6 header hr li main menu nav ol p pre section table ul"
)
_CELL_ENDS = ("td", "th", "tr", "tbody", "thead", "tfoot")
_IMPLIED: tuple[tuple[frozenset[str], frozenset[str], frozenset[str]], ...] = tuple(
    # these are closed by the start of these, but not across these (HTML standard, 13.1.2.4)
    (frozenset(closed.split()), frozenset(by), frozenset(across.split()))
    for closed, by, across in (
        ("p", _P_ENDS.split(), "td th caption table button object template"),
        ("li", ["li"], "ul ol menu dir table"),
        ("dt dd", ["dt", "dd"], "dl table"),
        ("td th", _CELL_ENDS, "table"),
        ("tr", ["tr", "tbody", "thead", "tfoot"], "table"),
        ("tbody thead tfoot", ["tbody", "thead", "tfoot"], "table"),
    )
)


class _Soup(BeautifulSoup):
    """Closes elements whose end tag may be left out; Python's parser would nest them."""

    def handle_starttag(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """See `BeautifulSoup.handle_starttag`."""
        for closed, by, across in _IMPLIED:
            if name in by:
                for tag in reversed(self.tagStack):
                    if tag.name in across:
                        break
                    if tag.name in closed:
                        self.endData()  # the text so far belongs to what is closed now
                        self._popToTag(tag.name)
                        break
        return super().handle_starttag(name, *args, **kwargs)


def parse_html(markup: str) -> BeautifulSoup:
    """Tree of a page or a piece of one; malformed markup is repaired, never refused."""
    with warnings.catch_warnings():
        # bs4 warns of text that could be an address or XML; a reader is given a file's content
        warnings.simplefilter("ignore", UserWarning)
        return _Soup(markup, "html.parser")
