"""A page taken apart: its text, its tags, its scripts; and what of them would run or be fetched from elsewhere.

What is submitted is escaped, so every tag here is one of the templates, the theme or Markdown, or an escape was
forgotten. Tags are therefore held to a strict grammar: whatever a browser might read differently is refused.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from taizhang.release_gate.decoding import BETWEEN
from taizhang.release_gate.refusal import RefusedFile

ELEMENTS = re.compile(
    "a|abbr|article|aside|b|blockquote|body|br|button|caption|circle|code|col|colgroup|dd|del|desc|details|div|dl|dt|em|"
    "fieldset|figcaption|figure|footer|form|g|h[1-6r]|head|header|html|i|img|input|ins|kbd|label|legend|li|line|link|main|"
    "mark|meta|nav|ol|optgroup|option|output|p|path|picture|polygon|polyline|pre|rect|s|samp|script|section|select|small|"
    "source|span|strong|style|sub|summary|sup|svg|table|tbody|td|template|text|textarea|tfoot|th|thead|time|title|tr|tspan|"
    "u|ul|var|wbr"
)
LOADED = frozenset(
    ("src", "srcset", "poster", "action", "formaction", "background", "manifest", "ping", "data", "xlink:href")
)
"""Attributes from which a browser fetches, or to which it sends; and `href` of all but links for readers."""
SHAPES = frozenset(("d", "points", "viewbox", "transform"))
"""Attributes of drawings: coordinates, no text."""


class Opened(NamedTuple):
    """A page: its texts, `BETWEEN` those that do not belong together; its tags; its scripts, with their own tags."""

    text: str
    tags: list[str]
    scripts: list[tuple[str, str]]


_APART = re.compile(
    r"<!--(.*?)-->|(<script\b[^>]*>)(.*?)</script\s*>|<style\b[^>]*>(.*?)</style\s*>", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile("<[^>]*>")
_INLINE = re.compile(r"</?(?:a|abbr|b|code|em|i|mark|s|small|span|strong|sub|sup|time|tspan|u|wbr)(?:\s[^>]*)?>")
_STRICT = re.compile(r'<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s+[A-Za-z_:$][\w:.-]*(?:="[^"<]*")?)*)\s*/?>')
_ATTRIBUTE = re.compile(r'([A-Za-z_:$][\w:.-]*)(?:="([^"]*)")?')
_ADDRESS_OF_PAGE = re.compile(r'new URL\("[^"]*",location\)')


def open_page(text: str) -> Opened:
    """Take a page apart. Raises RefusedFile for a style sheet within it that fetches."""
    scripts, beside = [], []
    for comment, tag, script, style in _APART.findall(text):
        if tag:
            scripts.append((tag, script))
        if _FETCHING.search(style):
            raise RefusedFile("E-OUT-ACTIVE", "style")
        beside += [comment, script if "json" in tag else "", style]
    rest = _APART.sub(BETWEEN, text)
    plain = _TAG.sub(BETWEEN, _INLINE.sub("", rest.replace("<br>", "\n")))
    return Opened(BETWEEN.join([plain, *filter(None, beside)]), _TAG.findall(rest), scripts)


def frame_scripts(text: str) -> frozenset[str]:
    """The scripts of a page into which nothing submitted goes: those that theme and configuration write into all."""
    return frozenset(_whole(script) for _, script in open_page(text).scripts)


def check_script(tag: str, script: str, frame: frozenset[str], site_url: str) -> None:
    """Raises RefusedFile for a script that is neither data, nor a file of the site, nor one that every page has."""
    check_tag(tag, site_url)
    attributes = dict(_attributes(tag))
    if "src" in attributes:
        if script.strip():
            raise RefusedFile("E-OUT-ACTIVE", "script")
    elif attributes.get("type") != "application/json" and _whole(script) not in frame:
        raise RefusedFile("E-OUT-ACTIVE", "script")


def _whole(script: str) -> str:
    """A script without where its page lies."""
    return _ADDRESS_OF_PAGE.sub("", script).strip()


@lru_cache(maxsize=100_000)
def check_tag(tag: str, site_url: str) -> str:
    """The text in a tag's attributes. Raises RefusedFile for what runs, or fetches from another host."""
    if tag.lower() == "<!doctype html>":
        return ""
    match = _STRICT.fullmatch(tag)
    if match is None:
        raise RefusedFile("E-OUT-ACTIVE", "malformed")
    element = match[2].lower()
    if not ELEMENTS.fullmatch(element):
        raise RefusedFile("E-OUT-ACTIVE", "element", name=element)
    told = []
    for name, value in _attributes(tag):
        _check_attribute(element, name, value, site_url)
        if name not in SHAPES:
            told.append(value)
    return BETWEEN.join(told)


def _attributes(tag: str) -> Iterator[tuple[str, str]]:
    match = _STRICT.fullmatch(tag)
    for name, value in _ATTRIBUTE.findall(match[3] if match else ""):
        yield name.lower(), value


def _check_attribute(element: str, name: str, value: str, site_url: str) -> None:
    if name.startswith("on") or name in ("srcdoc", "http-equiv", "ping"):
        raise RefusedFile("E-OUT-ACTIVE", "attribute", name=name)
    if name == "style" and _FETCHING.search(html.unescape(value)):
        raise RefusedFile("E-OUT-ACTIVE", "style")
    is_link = name == "href" and element == "a"
    if not is_link and name not in LOADED and name != "href":
        return
    address = re.sub(r"[\x00-\x20]", "", html.unescape(value)).replace("\\", "/")
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", address.lower())
    if is_link:
        if scheme and scheme[1] not in ("http", "https", "mailto", "tel"):
            raise RefusedFile("E-OUT-ACTIVE", "address", name=scheme[1])
    elif (scheme or address.startswith("//")) and not _is_own(address, site_url):
        raise RefusedFile("E-OUT-ACTIVE", "foreign", name=name)


def _is_own(address: str, site_url: str) -> bool:
    return bool(site_url and address.startswith(site_url)) or bool(
        re.match("data:image/(?:png|jpeg|gif|webp);", address)
    )


_FETCHING = re.compile(r"url\s*\(\s*[\"']?(?!data:image/|#)|@import|expression\s*\(|\\", re.IGNORECASE)
