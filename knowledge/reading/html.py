"""Web pages: the content without what surrounds it; headings, paragraphs, lists, tables, definition lists."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, NavigableString

from knowledge.reading.boilerplate import is_boilerplate
from knowledge.reading.decode import decode
from knowledge.reading.document import STYLED_RANK, TITLE_RANK, Block, Damaged, Document, Heading, Paragraph
from knowledge.reading.html_tables import definition_table, is_layout, table_of
from knowledge.reading.labels import field_of, listed
from knowledge.reading.outline import outlined

DROPPED = (
    "script", "style", "noscript", "template", "nav", "header", "footer", "aside", "iframe", "svg", "canvas", "object",
    "select", "button", "input", "textarea", "map", "dialog", "video", "audio",
)  # fmt: skip
DROPPED_NAMES = {
    "nav", "navbar", "navigation", "menu", "breadcrumb", "breadcrumbs", "crumb", "crumbs", "share", "sharebar",
    "footer", "sidebar", "copyright", "pagination", "pager", "bdsharebuttonbox", "dqwz", "toolbar", "topbar",
    "related", "weizhi",
}  # fmt: skip
"""Words of class and id names that mark what surrounds a text."""
DROPPED_ROLES = {"navigation", "banner", "contentinfo", "search", "complementary"}
BLOCKS = {
    "p", "div", "section", "article", "main", "ul", "ol", "li", "blockquote", "center", "form", "fieldset", "figure",
    "figcaption", "address", "details", "summary", "body", "html", "pre", "hr", "br", "tr", "td", "th", "tbody",
    "thead", "table", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "hgroup", "legend", "caption", "tfoot",
}  # fmt: skip
CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
LABELS = ("span", "em", "i", "b", "strong", "label", "font")
MAX_NESTING = 150
MAX_HTML = 30 * 1024 * 1024
MIN_CONTENT = 80


def read_html(path: Path) -> Document:
    data = path.read_bytes()
    if len(data) > MAX_HTML:
        raise Damaged(f"it has more than {MAX_HTML // 1024**2} MB of HTML")
    found = CHARSET.search(data[:4096])
    text = decode(data, found[1].decode("ascii", "ignore") if found else None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        soup = BeautifulSoup(text, "lxml")
    _check_nesting(soup)
    url, title = _canonical(soup), _title(soup)
    _drop_surroundings(soup)
    blocks = _clean(_Walker().blocks(_content(soup)))
    if title and not any(isinstance(block, Heading) and block.text == title for block in blocks):
        blocks.insert(0, Heading(TITLE_RANK, title))
    return Document(outlined(blocks, titled=bool(title)), url=url)


def _check_nesting(soup: BeautifulSoup) -> None:
    depths = {id(soup): 0}
    for tag in soup.descendants:
        if isinstance(tag, Tag):
            depth = depths[id(tag)] = depths[id(tag.parent)] + 1
            if depth > MAX_NESTING:
                raise Damaged(f"its elements are nested more than {MAX_NESTING} deep")


def _canonical(soup: BeautifulSoup) -> str | None:
    link = soup.find("link", rel="canonical")
    meta = soup.find("meta", property="og:url")
    for address in (link.get("href") if link else None, meta.get("content") if meta else None):
        if isinstance(address, str) and address.strip().startswith(("http://", "https://")):
            return address.strip()
    return None


def _title(soup: BeautifulSoup) -> str:
    """The page's own heading, before the site's name in its window title."""
    first = soup.find("h1")
    if first and 2 < len(_words(first)) <= 80:
        return _words(first)
    for meta in soup.find_all("meta"):
        if str(meta.get("name")).casefold() == "articletitle" and str(meta.get("content") or "").strip():
            return str(meta["content"]).strip()
    whole = _words(soup.title) if soup.title else ""
    return re.split(r"\s*[_|–—]\s*|\s+-\s+|-(?=[^-]*(?:网|政府|门户|平台)$)", whole)[0].strip()


def _words(tag: Tag) -> str:
    return re.sub(r"\s+", " ", tag.get_text()).strip()


def _drop_surroundings(soup: BeautifulSoup) -> None:
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    whole = len(soup.get_text(strip=True))
    for tag in soup.find_all(DROPPED):
        tag.decompose()
    for link in soup.find_all("a"):
        if listed("download", link.get_text()):
            link.decompose()
    for tag in soup.find_all(True):
        if not tag.decomposed and _surrounds(tag) and 2 * len(tag.get_text(strip=True)) < whole:
            tag.decompose()


def _surrounds(tag: Tag) -> bool:
    if tag.name in ("html", "body", "main", "article", "h1", "h2"):
        return False
    if str(tag.get("role") or "") in DROPPED_ROLES:
        return True
    named = " ".join([*(tag.get_attribute_list("class") or []), str(tag.get("id") or "")] if tag.attrs else [])
    if DROPPED_NAMES & set(re.split(r"[^a-z]+", named.casefold())):
        return True
    return tag.name in ("ul", "div", "p", "td") and _mostly_links(tag)


def _mostly_links(tag: Tag) -> bool:
    """Five or more short links and hardly a word between them."""
    links = tag.find_all("a")
    if not 5 <= len(links) <= 200:
        return False
    text, linked = len(tag.get_text(strip=True)), sum(len(link.get_text(strip=True)) for link in links)
    return linked > 0.85 * text and linked / len(links) < 16


def _content(soup: BeautifulSoup) -> Tag:
    whole = soup.body or soup
    articles = soup.find_all("article")
    for tag in (soup.find("main"), soup.find(role="main"), articles[0] if len(articles) == 1 else None):
        if isinstance(tag, Tag) and len(tag.get_text(strip=True)) >= MIN_CONTENT:
            return tag
    return whole


def _clean(blocks: Iterator[Block]) -> list[Block]:
    return [block for block in blocks if not isinstance(block, Paragraph) or not is_boilerplate(block.text)]


class _Walker:
    """Collects inline words into paragraphs while it walks a page."""

    def __init__(self) -> None:
        self._line: list[str] = []
        self._bold: list[bool] = []

    def blocks(self, tag: Tag, prefix: str = "", bold: bool = False) -> Iterator[Block]:
        if prefix:
            self._line.append(prefix)
        listed = 0
        for child in tag.children:
            if isinstance(child, Tag):
                listed += child.name == "li"
                yield from self._child(child, bold, listed)
            elif isinstance(child, NavigableString):
                self._add(str(child), bold)
        if tag.name in BLOCKS:
            yield from self._flush()

    def _child(self, tag: Tag, bold: bool, listed: int) -> Iterator[Block]:
        if tag.name in BLOCKS:
            yield from self._flush()
        if re.fullmatch("h[1-6]", tag.name or ""):
            yield from self._heading(tag)
        elif tag.name == "table" and not is_layout(tag):
            yield from filter(None, [table_of(tag)])
        elif tag.name == "dl":
            yield from filter(None, [definition_table(tag)])
        else:
            if tag.name in LABELS and not "".join(self._line).strip("• ") and _is_label(tag):
                self._add(f"{_words(tag)}：", bold)
                return
            heavy = bold or tag.name in ("b", "strong") or "bold" in str(tag.get("style") or "")
            yield from self.blocks(tag, _marker(tag, listed), heavy)

    def _heading(self, tag: Tag) -> Iterator[Block]:
        text = _words(tag)
        rank = TITLE_RANK if tag.name == "h1" else STYLED_RANK * int(tag.name[1])
        if text and len(text) <= 100:
            yield Heading(rank, text)
        elif text:
            yield Paragraph(text)

    def _add(self, text: str, bold: bool) -> None:
        plain = re.sub(r"[\s\xa0]+", " ", text)
        if plain.strip():
            self._bold.append(bold)
        self._line.append(plain)

    def _flush(self) -> Iterator[Block]:
        text = re.sub(r" {2,}", " ", "".join(self._line)).strip(" 　")
        bold = bool(self._bold) and all(self._bold)
        self._line, self._bold = [], []
        if text.strip("• 　"):
            yield Paragraph(_closed(text), bold)


def _is_label(tag: Tag) -> bool:
    """Whether an inline tag at the start of a line is the label of the words after it."""
    after = tag.next_sibling
    while isinstance(after, NavigableString) and not isinstance(after, Comment) and not after.strip():
        after = after.next_sibling
    follows = after.get_text() if isinstance(after, Tag) and after.name not in BLOCKS else str(after or "")
    return (
        bool(follows.strip())
        and follows.strip()[0] not in ":："
        and field_of(tag.get_text()) not in (None, "group")
        and (not isinstance(after, Tag) or after.name not in BLOCKS)
        and _words(tag)[-1:] not in ":："
    )


def _closed(text: str) -> str:
    """Spaces that the page's markup left between Chinese characters."""
    return re.sub(r"(?<=[\u3400-\u9fff，。；：、（）《》]) (?=[\u3400-\u9fff，。；：、（）《》])", "", text)


def _marker(tag: Tag, number: int) -> str:
    """What the browser shows before the list item of this number."""
    if tag.name != "li" or not isinstance(tag.parent, Tag):
        return ""
    if re.match(r"\s*([（(]?[\d一二三四五六七八九十]+[）)、.．]|[①-⑳•·-])", tag.get_text()):
        return ""
    if tag.parent.name != "ol":
        return "• "
    return f"{number}. "
