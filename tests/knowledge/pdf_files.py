"""PDF files with Chinese text, written out byte by byte: text at places, ruled lines, pictures, a password."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

WIDTH, HEIGHT = 595, 842


@dataclass(frozen=True)
class Words:
    """One line of text; `top` is counted in points from the page's upper edge."""

    text: str
    left: float = 72
    top: float = 100
    size: float = 12


def grid(columns: list[float], rows: list[float]) -> str:
    """Rulings of a table at these places, counted from the left and the upper edge."""
    across = [f"{columns[0]} {HEIGHT - y} m {columns[-1]} {HEIGHT - y} l S" for y in rows]
    down = [f"{x} {HEIGHT - rows[0]} m {x} {HEIGHT - rows[-1]} l S" for x in columns]
    return "\n".join([*across, *down])


def table(rows: list[list[str]], columns: list[float], top: float, height: float = 24) -> tuple[list[Words], str]:
    """A ruled table: the words of its cells, and its rulings."""
    edges = [top + height * n for n in range(len(rows) + 1)]
    words = [
        Words(text, columns[x] + 4, edges[y] + 16, 10)
        for y, row in enumerate(rows)
        for x, text in enumerate(row)
        if text
    ]
    return words, grid(columns, edges)


def pdf_file(path: Path, *pages: tuple[list[Words], str], locked: bool = False) -> Path:
    """Write `pages`, each its words and drawing commands; `locked` asks for a password nobody has."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    font = (
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [<< /Type "
        "/Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) "
        "/Supplement 2 >> /DW 1000 /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 4 "
        "/Ascent 880 /Descent -120 /FontBBox [0 -120 1000 880] /ItalicAngle 0 /CapHeight 700 /StemV 80 >> >>] >>"
    )
    objects.append(font)
    kids = []
    for words, drawing in pages:
        content = "\n".join([*map(_shown, words), drawing])
        objects.append(f"<< /Length {len(content.encode())} >>\nstream\n{content}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    path.write_bytes(_assembled(objects, locked))
    return path


def _shown(words: Words) -> str:
    codes = words.text.encode("utf-16-be").hex()
    return f"BT /F1 {words.size} Tf {words.left} {HEIGHT - words.top} Td <{codes}> Tj ET"


def _assembled(objects: list[str], locked: bool) -> bytes:
    data = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode()
    start = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    data += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    lock = (
        f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{'ab' * 32}> /U <{'00' * 32}> /P -4 >> /ID [<01> <01>]"
        if locked
        else ""
    )
    return data + f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {lock} >>\nstartxref\n{start}\n%%EOF\n".encode()
