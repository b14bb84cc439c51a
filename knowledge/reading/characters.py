"""Characters that PDF programs write for others that look the same."""

from __future__ import annotations

import unicodedata

_RADICALS = (
    "⺁厂⺇几⺌小⺎兀⺒巳⺓幺⺔彑⺕彐⺖忄⺘扌⺙攵⺝月⺟母⺠民⺡氵⺣灬⺤爫⺦丬⺩王⺪疋⺫罒⺬示⺭礻⺮竹⺰纟⺲罒⺶羊⺷羊⺸羊⺹耂⺺肀⺼月"
    "⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑長⻒镸⻓长⻔门⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞"
    "⻝食⻟飠⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
"""Pairs: a CJK radical (U+2E80 to U+2EFF) and the character it stands for, which Unicode itself does not tell."""

_KANGXI = range(0x2F00, 0x2FD6)
_COMPATIBLE = range(0xF900, 0xFB07)
"""Compatibility ideographs and Latin ligatures."""

_TABLE = {ord(look): real for look, real in zip(_RADICALS[::2], _RADICALS[1::2], strict=True)} | {
    code: unicodedata.normalize("NFKC", chr(code)) for codes in (_KANGXI, _COMPATIBLE) for code in codes
}


def plain_characters(text: str) -> str:
    """`text` with radicals and compatibility forms as the ordinary characters they look like."""
    return text.translate(_TABLE)
