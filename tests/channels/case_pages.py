"""Pictures of materials that say themselves what stands on them, for the scripted reader. All 样本."""

import io
import json

from PIL import Image, PngImagePlugin

NAME, NUMBER = "样本甲", "320411199003077537"
UNPROVEN = "320411199003077532"
"""Its last digit does not fit: on a picture only a person can judge it."""


def picture(*lines: str, shade: int = 250, marks: tuple[str, ...] = (), seconds: float = 0) -> bytes:
    """A PNG with these lines, one below the other; `shade` makes another file of the same lines."""
    boxes = [[[20, 40 + 40 * at], [600, 40 + 40 * at], [600, 70 + 40 * at], [20, 70 + 40 * at]] for at in range(40)]
    told = {
        "lines": [{"text": text, "quad": boxes[at], "confidence": 0.99} for at, text in enumerate(lines)],
        "marks": [{"kind": kind, "quad": boxes[at], "score": 0.9} for at, kind in enumerate(marks)],
        "seconds": seconds,
    }
    notes = PngImagePlugin.PngInfo()
    notes.add_itxt("page", json.dumps(told, ensure_ascii=False))
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (shade, shade, shade)).save(out, "PNG", pnginfo=notes)
    return out.getvalue()


def id_front(name: str = NAME, number: str = NUMBER) -> bytes:
    birth = f"{number[6:10]}年{int(number[10:12])}月{int(number[12:14])}日"
    return picture(
        f"姓名{name}", "性别男民族汉", f"出生{birth}", "住址江苏省常州市新北区样本路1号", f"公民身份号码{number}",
        marks=("face",),
    )  # fmt: skip


def id_back(until: str = "2040.01.01") -> bytes:
    return picture(
        "中华人民共和国", "居民身份证", "签发机关常州市公安局新北分局", f"有效期限2020.01.01-{until}", shade=251
    )


def lease(tenant: str = NAME, until: str = "2030年5月31日", shade: int = 252) -> bytes:
    return picture(
        "房屋租赁合同", "出租方（甲方）：样本乙", f"承租方（乙方）：{tenant}", "房屋坐落：江苏省常州市新北区样本路1号",
        f"租赁期限自2026年1月1日起至{until}止", "月租金：人民币1800元", "签订日期：2025年12月20日", shade=shade,
    )  # fmt: skip


def photo() -> bytes:
    return picture(marks=("face",), shade=200)
