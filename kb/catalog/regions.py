"""Which documents apply in a region.

A region is written from the province down (浙江省绍兴市, 重庆市江津区). A document without a region
applies in the whole country; one of 重庆市 applies in 重庆市江津区, one of 重庆市江津区 does not
apply in all of 重庆市, and one of another province never does.
"""

from __future__ import annotations

from collections.abc import Iterable

from kb.catalog.names import PROVINCES
from kb.errors import UsageError

__all__ = ["applies_in", "full_region"]

_ENDINGS = ("特别行政区", "壮族自治区", "回族自治区", "维吾尔自治区", "自治区")
_ONE = "省市区县镇乡"


def applies_in(region: str, place: str) -> bool:
    """A rule of `region` (empty: the country) applies in `place`, both written in full."""
    return not region or place == region or place.startswith(region)


def full_region(name: str, known: Iterable[str]) -> str:
    """The full name of a region that a user names (重庆, 江津区, 浙江省绍兴市).

    Args:
        known: full names among which a short one is looked for, besides the provinces.

    Raises:
        UsageError: no province begins the name and no known region, or more than one, ends in it.
    """
    name = "".join(name.split())
    if name.startswith(PROVINCES):
        return name
    names = dict.fromkeys((*PROVINCES, *(r for r in known if r)))
    found = [r for r in names if name and _called(r, name)]
    if len(found) == 1:
        return found[0]
    head = [p for p in PROVINCES if len(name) > 2 and name.startswith(_short(p))]
    if not found and len(head) == 1:  # 浙江绍兴市
        return head[0] + name[len(_short(head[0])) :]
    if found:
        raise UsageError(f"地区 {name!r} 不止一个：{'、'.join(found)}。请写全")
    raise UsageError(f"不认识的地区：{name!r}。请从省一级写起，如 重庆市江津区、浙江省绍兴市")


def _short(region: str) -> str:
    for ending in _ENDINGS:
        if region.endswith(ending):
            return region.removesuffix(ending)
    return region[:-1] if region[-1] in _ONE else region


def _called(region: str, name: str) -> bool:
    # the last part only: 涪陵区 is not the name of 涪陵区马武镇
    return region == name or region.endswith(name) or _short(region).endswith(name)
