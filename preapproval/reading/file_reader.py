"""One file after the other in this process: open, turn upright, cut, straighten, read, and look at what is not text."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Literal

from preapproval.case import HandedIn, Page, PageRef
from preapproval.reading import orientation, outlines, split_cards, straighten
from preapproval.reading.budget import PICTURE_SIDE
from preapproval.reading.intake import Sheet
from preapproval.reading.pictures import shrunk
from preapproval.reading.reader import Image, Reading, Recognizer
from preapproval.reading.sheets import jpeg, read_pages
from preapproval.reading.sight import marks, recognised
from preapproval.reading.transforms import Homography, as_transform, lines_moved, scaled, turned_back

QUARTERS: tuple[Literal[0], Literal[90], Literal[180], Literal[270]] = (0, 90, 180, 270)


class PageReader:
    """Reads in the calling process, without a limit of memory.

    No further page of a file is begun after `seconds` of the process, or `wall_seconds` by the clock.
    """

    def __init__(self, recognizer: Recognizer, seconds: float = inf, wall_seconds: float = inf) -> None:
        self._recognizer, self._seconds, self._wall_seconds = recognizer, seconds, wall_seconds

    def read(self, file: HandedIn, data: bytes) -> Reading:
        return read_pages(file, data, self._recognizer.name, self._pages, self._seconds, self._wall_seconds)

    def close(self) -> None:
        """Nothing is held beyond the models."""

    def _pages(self, sheet: Sheet, ref: PageRef) -> list[tuple[Page, bytes]]:
        height, width = sheet.image.shape[:2]
        to_source = scaled(sheet.width / width, sheet.height / height)
        if sheet.lines:
            return [self._text_page(sheet, ref, to_source)]
        image, turn = orientation.upright(sheet.image)
        to_source = to_source @ turned_back(turn, width, height)
        seen = outlines.find(image, split_cards.LEAST)
        parts = split_cards.cards(image, seen)
        if not parts:
            return [self._page(image, ref, to_source, turn, seen)]
        pages = []
        for number, (part, to_sheet) in enumerate(parts, 1):
            card, more = orientation.upright(part)
            back = to_source @ to_sheet @ turned_back(more, part.shape[1], part.shape[0])
            pages.append(self._page(card, ref.model_copy(update={"part": number}), back, turn + more, ()))
        return pages

    def _page(
        self, image: Image, ref: PageRef, to_source: Homography, turn: int, seen: Sequence[outlines.Outline]
    ) -> tuple[Page, bytes]:
        """A page that must be recognised; `image` stands upright and may be seen from aside, with outlines in it."""
        flat, to_image = straighten.straighten(image, seen)
        picture = shrunk(flat, PICTURE_SIDE)
        height, width = picture.shape[:2]
        to_flat = scaled(flat.shape[1] / width, flat.shape[0] / height)
        sight = recognised(picture, self._recognizer)
        page = Page(
            ref=ref,
            width=width,
            height=height,
            turned=QUARTERS[turn // 90 % 4],
            to_source=as_transform(to_source @ to_image @ to_flat),
            lines=sight.lines,
            marks=sight.marks,
            quality=sight.quality,
        )
        return page, jpeg(picture)

    def _text_page(self, sheet: Sheet, ref: PageRef, to_source: Homography) -> tuple[Page, bytes]:
        """A page that says itself what stands on it: nothing to recognise, no picture quality to judge."""
        picture = shrunk(sheet.image, PICTURE_SIDE)
        height, width = picture.shape[:2]
        across, down = sheet.image.shape[1] / width, sheet.image.shape[0] / height
        lines = lines_moved(sheet.lines, scaled(1 / across, 1 / down))
        page = Page(
            ref=ref,
            width=width,
            height=height,
            to_source=as_transform(to_source @ scaled(across, down)),
            source="text_layer",
            lines=lines,
            marks=marks(picture, lines),
        )
        return page, jpeg(picture)
