"""Four-cornered things that lie on a background: pages and cards in a photo, cards on a scanned sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from preapproval.reading.reader import Image

Corners = NDArray[np.float32]
"""4×2 pixels, clockwise from the top left."""
Mask = NDArray[np.uint8]
LONGEST = 900
"""Outlines are sought on a copy no longer than this."""
FILLED, STRAIGHT = 0.9, 0.93
"""Least parts: of its hull that an outline fills, and of each other that hull and four-cornered shape fill."""
STEPS = (4.0, 9.0, 18.0)
"""Distances of colour from the background, in LAB, at which a thing may stand out."""


@dataclass(frozen=True)
class Outline:
    """A four-cornered thing. `stands_out`: distance in LAB between just inside and just outside of its edge."""

    corners: Corners
    stands_out: float

    @property
    def area(self) -> float:
        return float(cv2.contourArea(self.corners))

    @property
    def sides(self) -> tuple[float, float]:
        """Mean width and height in pixels."""
        a, b, c, d = self.corners
        wide = (np.linalg.norm(b - a) + np.linalg.norm(c - d)) / 2
        return float(wide), float((np.linalg.norm(d - a) + np.linalg.norm(c - b)) / 2)


def smaller(image: Image, longest: int) -> tuple[Image, float]:
    """A copy with sides from 1 to `longest` pixels, and by how much it was scaled."""
    scale = min(1.0, longest / max(image.shape[:2]))
    if scale == 1:
        return image, 1.0
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8), scale


def find(image: Image, least: float) -> list[Outline]:
    """Outlines of at least `least` of the picture's area, the best of each place, largest first; in its pixels."""
    small, scale = smaller(image, LONGEST)
    lab = cv2.cvtColor(cv2.GaussianBlur(small, (5, 5), 0), cv2.COLOR_BGR2LAB).astype(np.float32)
    every = small.shape[0] * small.shape[1]
    found = []
    for mask in _masks(lab):
        contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        for contour in contours:
            if cv2.contourArea(contour) >= least * every:
                corners = four_corners(np.asarray(contour, np.int32))
                if corners is not None:
                    found.append(Outline(corners, _contrast(lab, corners)))
    return [Outline(one.corners / np.float32(scale), one.stands_out) for one in _one_per_place(found)]


def _masks(lab: NDArray[np.float32]) -> Iterator[Mask]:
    """What differs from the colour along the picture's border, and what edges enclose."""
    away = np.linalg.norm(lab - _ground(lab), axis=2)
    kernel = np.ones((5, 5), np.uint8)
    otsu, _ = cv2.threshold(np.clip(away, 0, 255).astype(np.uint8), 0, 255, cv2.THRESH_OTSU)
    for step in {*STEPS, float(otsu)}:
        mask = (away > step).astype(np.uint8)
        closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel)
        yield np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, kernel), np.uint8)
    light = np.clip(lab[:, :, 0], 0, 255).astype(np.uint8)
    for low, high in ((15, 45), (40, 120)):
        edges = cv2.dilate(cv2.Canny(light, low, high), np.ones((3, 3), np.uint8))
        yield np.asarray(edges, np.uint8)


def _ground(lab: NDArray[np.float32]) -> NDArray[np.float32]:
    """The background's colour at each pixel: a plane through what lies along the border, so that light may fall off."""
    height, width = lab.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    edge = np.zeros((height, width), bool)
    edge[:3], edge[-3:], edge[:, :3], edge[:, -3:] = True, True, True, True
    places = np.stack([x[edge] / width, y[edge] / height, np.ones(int(edge.sum()), np.float32)], axis=1)
    seen = lab[edge]
    plane = np.linalg.lstsq(places, seen, rcond=None)[0]
    for _ in range(2):
        away = np.linalg.norm(seen - places @ plane, axis=1)
        near = away <= max(2.0, 1.5 * float(np.median(away)))
        plane = np.linalg.lstsq(places[near], seen[near], rcond=None)[0]
    return np.stack([x / width, y / height, np.ones_like(x)], axis=2) @ plane.astype(np.float32)


def four_corners(contour: NDArray[np.int32]) -> Corners | None:
    """The four-cornered shape that a contour nearly is, rounded corners drawn out to where the sides meet."""
    hull = cv2.convexHull(contour)
    area = cv2.contourArea(hull)
    if len(hull) < 4 or area < 100 or cv2.contourArea(contour) < FILLED * area:
        return None
    for part in (0.01, 0.02, 0.03, 0.045, 0.06):
        rough = cv2.approxPolyDP(hull, part * cv2.arcLength(hull, True), True).reshape(-1, 2).astype(np.float32)
        if len(rough) <= 4:
            break
    if len(rough) != 4:
        rough = np.asarray(cv2.boxPoints(cv2.minAreaRect(hull)), np.float32)
    corners = in_order(_fitted(in_order(rough), contour.reshape(-1, 2).astype(np.float32)))
    if area < STRAIGHT * cv2.contourArea(corners) or cv2.contourArea(corners) < STRAIGHT * area:
        return None
    return corners if _plausible(corners) else None


def _fitted(rough: Corners, contour: NDArray[np.float32]) -> Corners:
    """Each side laid through the contour's points beside its middle; where the sides cross are the corners."""
    dense = _dense(contour)
    lines = []
    for a, b in pairwise([*rough, rough[0]]):
        along = (b - a) / max(1e-6, float(np.linalg.norm(b - a)))
        place = (dense - a) @ along / max(1e-6, float(np.linalg.norm(b - a)))
        off = np.abs((dense - a) @ np.array((-along[1], along[0])))
        near = dense[(place > 0.1) & (place < 0.9) & (off < 0.03 * np.linalg.norm(b - a) + 3)]
        if len(near) < 8:
            return rough
        x, y, u, v = cv2.fitLine(near, cv2.DIST_HUBER, 0, 0.01, 0.01)[:4].ravel()
        lines.append((-float(u), -float(v), float(x), float(y)))
    crossings = [_crossing(lines[k - 1], lines[k]) for k in range(4)]
    fitted = np.array([rough[k] if point is None else point for k, point in enumerate(crossings)], np.float32)
    return fitted if np.abs(fitted - rough).max() < 0.15 * np.ptp(rough, axis=0).max() else rough


def _dense(contour: NDArray[np.float32]) -> NDArray[np.float32]:
    """Points every few pixels along a closed contour, its straight stretches included."""
    way = np.roll(contour, -1, axis=0) - contour
    steps = np.maximum(1, np.linalg.norm(way, axis=1) // 4).astype(int)
    side = np.repeat(np.arange(len(contour)), steps)
    step = np.arange(len(side)) - np.repeat(np.cumsum(steps) - steps, steps)
    return np.asarray(contour[side] + way[side] * (step / steps[side])[:, None], np.float32)


def _crossing(one: tuple[float, ...], other: tuple[float, ...]) -> tuple[float, float] | None:
    u, v, x, y = one
    p, q, s, t = other
    turn = u * q - v * p
    if abs(turn) < 0.2:
        return None
    along = ((s - x) * q - (t - y) * p) / turn
    return x + along * u, y + along * v


def in_order(shape: Corners) -> Corners:
    """Clockwise as seen, beginning at the corner nearest to the top left."""
    centre = shape.mean(axis=0)
    around = shape[np.argsort(np.arctan2(shape[:, 1] - centre[1], shape[:, 0] - centre[0]))]
    return np.roll(around, -int(np.argmin(around.sum(axis=1))), axis=0)


def _plausible(corners: Corners) -> bool:
    """Whether a rectangle seen from aside may look like this: angles from 55° to 125°, opposite sides alike."""
    sides = np.roll(corners, -1, axis=0) - corners
    top, right, bottom, left = (float(length) for length in np.linalg.norm(sides, axis=1))
    if min(top, right, bottom, left) < 20 or max(top / bottom, bottom / top, right / left, left / right) > 1.6:
        return False
    cosines = [float(a @ b) / (np.linalg.norm(a) * np.linalg.norm(b)) for a, b in pairwise([*sides, sides[0]])]
    return max(abs(cosine) for cosine in cosines) < np.cos(np.radians(55))


def _contrast(lab: NDArray[np.float32], corners: Corners) -> float:
    """Distance of colour between a thin ring inside the outline and one outside."""
    shape = lab.shape[:2]
    ring = max(3, round(min(shape) * 0.012))
    body = cv2.fillConvexPoly(np.zeros(shape, np.uint8), corners.round().astype(np.int32), 1)
    kernel = np.ones((3, 3), np.uint8)
    wide = cv2.dilate(body, kernel, iterations=2 * ring) - cv2.dilate(body, kernel, iterations=2)
    within = cv2.erode(body, kernel, iterations=2) - cv2.erode(body, kernel, iterations=2 * ring)
    if not wide.any() or not within.any():
        return 0.0
    return float(np.linalg.norm(np.median(lab[within > 0], axis=0) - np.median(lab[wide > 0], axis=0)))


def _one_per_place(found: list[Outline]) -> list[Outline]:
    """Of outlines around one centre and of about one size, the one that stands out most."""
    kept: list[Outline] = []
    for one in sorted(found, key=lambda each: -each.stands_out):
        if not any(same_place(one, other) for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda each: -each.area)


def same_place(one: Outline, other: Outline) -> bool:
    apart = float(np.linalg.norm(one.corners.mean(axis=0) - other.corners.mean(axis=0)))
    return apart < 0.15 * min(*one.sides, *other.sides) and 0.7 < one.area / other.area < 1.43


def rectified(image: Image, corners: Corners) -> tuple[Image, NDArray[np.float64]]:
    """What lies inside the corners, seen from straight above; and the homography from its pixels to the picture's."""
    a, b, c, d = corners
    width = max(1, round(float(max(np.linalg.norm(b - a), np.linalg.norm(c - d)))))
    height = max(1, round(float(max(np.linalg.norm(d - a), np.linalg.norm(c - b)))))
    home = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    back = cv2.getPerspectiveTransform(home, corners.astype(np.float32))
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    flat = cv2.warpPerspective(image, back, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(flat, np.uint8), np.asarray(back, np.float64)
