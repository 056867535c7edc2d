"""Documents and versions as JSON, the form in which the passage store keeps them."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from typing import Any

from kb.model import Certainty, DocKind, Document, TextState, Version

__all__ = ["document_from_json", "document_to_json", "dump"]


def dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _version_to_json(v: Version) -> dict[str, Any]:
    out = {f.name: getattr(v, f.name) for f in fields(v)}
    for key in ("in_force", "ended", "evidence_date"):
        out[key] = _iso(out[key])
    return out


def _version_from_json(raw: dict[str, Any]) -> Version:
    known = {f.name for f in fields(Version)}
    data = {k: v for k, v in raw.items() if k in known}
    for key in ("in_force", "ended", "evidence_date"):
        data[key] = date.fromisoformat(data[key]) if data.get(key) else None
    data["text"] = TextState(data["text"])
    data["certainty"] = Certainty(data["certainty"])
    return Version(**data)


def document_to_json(d: Document) -> dict[str, Any]:
    out = {f.name: getattr(d, f.name) for f in fields(d)}
    out["versions"] = [_version_to_json(v) for v in d.versions]
    return out


def document_from_json(raw: dict[str, Any]) -> Document:
    known = {f.name for f in fields(Document)}
    data = {k: v for k, v in raw.items() if k in known}
    data["kind"] = DocKind(data["kind"])
    data["aliases"] = tuple(data["aliases"])
    data["supersedes"] = tuple(data["supersedes"])
    data["versions"] = tuple(_version_from_json(v) for v in data["versions"])
    return Document(**data)
