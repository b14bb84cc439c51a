"""Invented documents drawn for tests, and what cameras and scanners do to them."""

from __future__ import annotations

import math
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont

Image = NDArray[np.uint8]
RED, INK, BLUE = (200, 30, 40), (25, 25, 30), (30, 50, 150)
CARD = (856, 540)
CARD_LINES = ("姓名  样本甲", "性别  女   民族  汉", "出生  1990 年 1 月 2 日", "住址  样本市样本区样本路 12 号")
CLAUSES = """
甲方将位于样本市样本区样本路十二号的房屋出租给乙方居住使用，乙方已看过房屋。
租赁期限自二〇二六年一月一日起，至二〇二七年十二月三十一日止，共二十四个月。
月租金为人民币壹仟贰佰元整，乙方应于每月五日前支付，逾期按日加收千分之一。
甲方保证房屋权属清楚，没有纠纷；乙方应爱护房屋及其设施，不得擅自改变用途。
租赁期满，甲方有权收回房屋，乙方应按时交还；续租的，应提前一个月书面提出。
本合同一式两份，甲乙双方各执一份，自双方签字之日起生效，具有同等效力。
"""
LEASE_LINES = tuple(f"{number}、{text}" for number, text in enumerate(CLAUSES.split() * 3, 1))


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    spec = find_spec("mplfonts")
    folders = (spec.submodule_search_locations if spec else None) or ()
    return ImageFont.truetype(str(Path(next(iter(folders)), "fonts", "NotoSansCJKsc-Regular.otf")), size)


def bgr(picture: Pictures.Image) -> Image:
    return np.ascontiguousarray(np.asarray(picture.convert("RGB"), np.uint8)[:, :, ::-1])


def card_front(tint: tuple[int, int, int] = (226, 236, 243)) -> Image:
    """An identity card's front with a grey place for the photo."""
    picture = Pictures.new("RGB", CARD, tint)
    draw = ImageDraw.Draw(picture)
    for row, text in enumerate(CARD_LINES):
        draw.text((50, 55 + 85 * row), text, INK, font(34))
    draw.text((50, 450), "公民身份号码  000000199001020000", INK, font(36))
    draw.rectangle((600, 60, 800, 340), (205, 210, 215))
    draw.text((640, 370), "样本", (120, 120, 120), font(30))
    return bgr(picture)


def card_back() -> Image:
    """An identity card's back: an emblem-like red disc, titles, authority and validity."""
    picture = Pictures.new("RGB", CARD, (232, 238, 240))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((50, 40, 190, 180), RED)
    draw.polygon([(120, 60), (134, 100), (176, 100), (142, 124), (156, 164), (120, 140)], (240, 200, 60))
    draw.text((260, 60), "样本 居民身份证", INK, font(60))
    draw.text((120, 380), "签发机关  样本市公安局样本分局", INK, font(34))
    draw.text((120, 450), "有效期限  2020.01.02-2040.01.02", INK, font(34))
    return bgr(picture)


def lease(width: int = 1240, signed: bool = False, title: str = "房屋租赁合同（样本）") -> Image:
    """A page of running text, A4; `signed` writes over the line for party B."""
    height = round(width * 1.414)
    picture = Pictures.new("RGB", (width, height), (255, 255, 255))
    draw = ImageDraw.Draw(picture)
    size = width // 50
    draw.text((width * 0.33, height * 0.05), title, INK, font(size * 2))
    for row, text in enumerate(LEASE_LINES):
        draw.text((width * 0.08, height * (0.14 + 0.038 * row)), text, INK, font(size))
    draw.text((width * 0.08, height * 0.88), "甲方（签字）：", INK, font(size))
    draw.text((width * 0.55, height * 0.88), "乙方（签字）：", INK, font(size))
    page = bgr(picture)
    return scribble(page, (width * 0.70, height * 0.868), width * 0.16, (150, 50, 30)) if signed else page


SIGN_HERE = ((0.08, 0.88), (0.55, 0.88))
"""Where `lease` prints its two 签字 lines, as parts of width and height."""


def scribble(page: Image, at: tuple[float, float], width: float, colour: tuple[int, int, int], seed: int = 1) -> Image:
    """A written name: three knots of curved strokes of changing width, from `at`, the top left."""
    chance = np.random.default_rng(seed)
    drawn = page.copy()
    size = width / 3
    for knot in range(3):
        for _ in range(5):
            points = chance.uniform(0.05, 0.95, (4, 2)) * size + (at[0] + knot * size, at[1])
            steps = np.linspace(0, 1, 24)[:, None]
            a, b, c, d = points
            curve = (
                (1 - steps) ** 3 * a + 3 * (1 - steps) ** 2 * steps * b + 3 * (1 - steps) * steps**2 * c + steps**3 * d
            )
            thick = max(2, round(size / 16 + chance.uniform(-0.6, 1.2)))
            cv2.polylines(drawn, [curve.round().astype(np.int32)], False, colour, thick, cv2.LINE_AA)
    return drawn


def form(columns: int = 4, rows: int = 6, width: int = 1000) -> Image:
    """A ruled application form: `rows` × `columns` cells with words in them."""
    height = 200 + rows * 90
    picture = Pictures.new("RGB", (width, height), (255, 255, 255))
    draw = ImageDraw.Draw(picture)
    draw.text((width * 0.3, 40), "办事申请表（样本）", INK, font(40))
    wide = (width - 120) // columns
    for row in range(rows):
        for column in range(columns):
            left, top = 60 + column * wide, 130 + row * 90
            draw.rectangle((left, top, left + wide, top + 90), outline=INK, width=3)
            draw.text((left + 16, top + 28), ("姓名", "样本甲", "电话", "000")[column % 4], INK, font(26))
    return bgr(picture)


def seal(radius: int = 130, words: str = "样本市样本区政务服务专用章") -> Pictures.Image:
    """A round seal on nothing: ring, star, words along the arc."""
    side = 2 * radius + 8
    stamp = Pictures.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(stamp)
    draw.ellipse((4, 4, side - 4, side - 4), outline=(*RED, 220), width=max(3, radius // 18))
    star = [
        (side / 2 + part * math.sin(turn), side / 2 - part * math.cos(turn))
        for turn, part in ((math.pi * k / 5, radius * (0.3 if k % 2 == 0 else 0.12)) for k in range(10))
    ]
    draw.polygon(star, (*RED, 220))
    for place, letter in enumerate(words):
        turn = -130 + 260 * place / (len(words) - 1)
        size = int(radius * 0.3)
        tile = Pictures.new("RGBA", (size * 2, size * 2), (0, 0, 0, 0))
        ImageDraw.Draw(tile).text((size, size), letter, (*RED, 220), font(size), anchor="mm")
        tile = tile.rotate(-turn, resample=Pictures.Resampling.BICUBIC)
        x = side / 2 + 0.76 * radius * math.sin(math.radians(turn))
        y = side / 2 - 0.76 * radius * math.cos(math.radians(turn))
        stamp.alpha_composite(tile, (max(0, round(x - size)), max(0, round(y - size))))
    return stamp


def sealed(page: Image, centre: tuple[float, float], radius: int = 130, **look: Any) -> Image:
    """The page with a seal stamped around `centre`, in pixels."""
    picture = Pictures.fromarray(page[:, :, ::-1].copy())
    stamp = seal(radius, **look)
    picture.paste(stamp, (round(centre[0] - radius), round(centre[1] - radius)), stamp)
    return bgr(picture)


# what happens to a picture -------------------------------------------------------------------------------------


def tilted(page: Image, degrees: float, fill: tuple[int, int, int] = (255, 255, 255)) -> Image:
    """Turned counter-clockwise by `degrees` on a canvas that holds all of it."""
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    wide, high = int(height * sin + width * cos), int(height * cos + width * sin)
    turn[:, 2] += (wide / 2 - width / 2, high / 2 - height / 2)
    return np.asarray(cv2.warpAffine(page, turn, (wide, high), flags=cv2.INTER_CUBIC, borderValue=fill), np.uint8)


def desk(width: int, height: int, seed: int = 0) -> Image:
    """A brown, slightly grained table top."""
    chance = np.random.default_rng(seed)
    colour = np.array([(60, 85, 120), (70, 75, 80), (45, 60, 90), (90, 110, 80)][seed % 4], np.float32)
    grain = cv2.resize(chance.normal(0, 10, (height // 40 + 1, 8)).astype(np.float32), (width, height))
    return np.clip(colour + grain[:, :, None] + chance.normal(0, 3, (height, width, 1)), 0, 255).astype(np.uint8)


def placed(table: Image, page: Image, corners: list[tuple[float, float]]) -> Image:
    """`page` laid on `table` so that its corners (clockwise from the top left) lie at `corners`, in pixels."""
    height, width = page.shape[:2]
    home = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    warp = cv2.getPerspectiveTransform(home, np.array(corners, np.float32))
    size = (table.shape[1], table.shape[0])
    laid = cv2.warpPerspective(page, warp, size, flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), warp, size)[:, :, None] / 255.0
    return np.asarray(laid * mask + table * (1 - mask), np.uint8)


def shadowed(page: Image, darkest: float = 0.35) -> Image:
    fall = np.linspace(1, darkest, page.shape[1])[None, :, None]
    return np.asarray(page * fall, np.uint8)


def glared(page: Image, centre: tuple[float, float] = (0.4, 0.45), size: tuple[float, float] = (0.22, 0.16)) -> Image:
    height, width = page.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    away = ((x / width - centre[0]) / size[0]) ** 2 + ((y / height - centre[1]) / size[1]) ** 2
    light = np.clip(1.6 - away, 0, 1)[:, :, None]
    return np.asarray(page * (1 - light) + 255 * light, np.uint8)


def moved(page: Image, length: int = 15) -> Image:
    """Camera moved sideways."""
    return np.asarray(cv2.blur(page, (length, 1)), np.uint8)


def blurred(page: Image, sigma: float) -> Image:
    return np.asarray(cv2.GaussianBlur(page, (0, 0), sigma), np.uint8)


def shrunk(page: Image, width: int) -> Image:
    return np.asarray(
        cv2.resize(page, (width, round(page.shape[0] * width / page.shape[1])), interpolation=cv2.INTER_AREA), np.uint8
    )


def jpeg(page: Image, quality: int = 30) -> Image:
    _, packed = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)


def row_of_text(text: str, colour: tuple[int, int, int] = INK, jitter: float = 0.0, seed: int = 0) -> Image:
    """One line of 40 pixels; `jitter` moves, turns and resizes each character like a hand, as part of its size."""
    chance = np.random.default_rng(seed)
    picture = Pictures.new("RGB", (60 + 48 * len(text), 70), (255, 255, 255))
    for place, letter in enumerate(text):
        size = round(40 * (1 + jitter * chance.uniform(-1.2, 1.2)))
        tile = Pictures.new("RGBA", (80, 80), (*colour, 0))
        ImageDraw.Draw(tile).text((40, 40), letter, colour, font(size), anchor="mm")
        tile = tile.rotate(jitter * chance.uniform(-60, 60), resample=Pictures.Resampling.BICUBIC)
        at = (round(14 + 46 * place), round(-5 + 40 * jitter * chance.uniform(-1, 1)))
        picture.paste(tile, at, tile)
    return bgr(picture)
