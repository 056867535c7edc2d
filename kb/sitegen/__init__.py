"""The static site: Markdown pages from the index, built by mkdocs, served for a look."""

from kb.sitegen.build import build
from kb.sitegen.generate import SiteReport, generate
from kb.sitegen.linkcheck import LinkReport, check_links
from kb.sitegen.offline import Offline, zip_site
from kb.sitegen.preview import preview

__all__ = [
    "LinkReport",
    "Offline",
    "SiteReport",
    "build",
    "check_links",
    "generate",
    "preview",
    "zip_site",
]
