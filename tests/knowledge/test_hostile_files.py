"""Files that are broken, locked, or built to do harm: refused in one sentence, quickly, and never a crash."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import docx
import openpyxl
import pytest
from office_files import guide_docx, sheet_file
from pdf_files import Words, pdf_file

from knowledge.readers import read_file
from knowledge.source_lines import UnreadableFile


def refused(path: Path) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_file(path, path.parent)
    message = str(caught.value)
    assert message.startswith(f"{path.name}: ")
    assert message.endswith(".")
    assert "\n" not in message
    return message


def repacked(path: Path, member: str, change: bytes, method: int = zipfile.ZIP_DEFLATED) -> Path:
    """The package at `path` with one member's bytes exchanged."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts[member] = change
    with zipfile.ZipFile(path, "w", method) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = repacked(guide_docx(tmp_path / "bomb.docx"), "word/media/image1.png", bytes(50_000_000))
    assert "zip bomb" in refused(path)


def test_a_package_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    path = guide_docx(tmp_path / "huge.docx")
    package = zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED)
    with package, package.open("word/media/huge.bin", "w", force_zip64=True) as member:
        for _ in range(32):
            member.write(bytes(10_000_000))
    assert "MB" in refused(path)


def test_a_package_of_very_many_files_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "many.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        for number in range(10_001):
            package.writestr(f"{number}", b"")
    assert "10,001 files" in refused(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_entity_bomb_is_refused(tmp_path: Path, encoding: str) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    xml = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><x>&a9;</x>'
    path = repacked(guide_docx(tmp_path / "laughs.docx"), "word/document.xml", xml.encode(encoding))
    assert "entities" in refused(path)


def test_an_encrypted_office_file_is_told_from_an_old_one(tmp_path: Path) -> None:
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
    (tmp_path / "locked.docx").write_bytes(ole + "EncryptedPackage".encode("utf-16-le") + bytes(512))
    (tmp_path / "renamed.xlsx").write_bytes(ole + bytes(512))
    assert "encrypted" in refused(tmp_path / "locked.docx")
    assert "old Office file" in refused(tmp_path / "renamed.xlsx")


@pytest.mark.parametrize("name", ["guide.docx", "list.xlsx"])
def test_a_file_cut_off_in_transfer_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith("docx"):
        guide_docx(path)
    else:
        sheet_file(path, ("a", [["问题", "答案"], ["甲", "乙"]]))
    path.write_bytes(path.read_bytes()[:-300])
    assert "damaged" in refused(path)


def test_broken_xml_in_a_sound_package_is_refused(tmp_path: Path) -> None:
    assert "damaged" in refused(repacked(guide_docx(tmp_path / "a.docx"), "word/document.xml", b"<w:document><w:body>"))
    sheet = sheet_file(tmp_path / "b.xlsx", ("a", [["问题", "答案"], ["甲", "乙"]]))
    assert "damaged" in refused(repacked(sheet, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>"))


def test_a_word_file_with_a_spreadsheet_name_is_refused(tmp_path: Path) -> None:
    guide_docx(tmp_path / "a.docx").rename(tmp_path / "a.xlsx")
    assert "xl/workbook.xml is missing" in refused(tmp_path / "a.xlsx")


def test_a_cell_in_the_last_corner_of_a_sheet_costs_nothing(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["问题", "答案"])
    sheet.append(["样本证怎么办？", "到窗口办。"])
    sheet.cell(1_048_576, 16_384, "远")
    book.save(tmp_path / "far.xlsx")
    (passage,) = read_file(tmp_path / "far.xlsx", tmp_path).passages
    assert passage.text == "到窗口办。"


def test_a_merged_area_over_the_whole_sheet_costs_nothing(tmp_path: Path) -> None:
    path = sheet_file(tmp_path / "merged.xlsx", ("a", [["问题", "答案"], ["甲？", "乙。"]]))
    with zipfile.ZipFile(path) as package:
        xml = package.read("xl/worksheets/sheet1.xml")
    whole = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    repacked(path, "xl/worksheets/sheet1.xml", xml.replace(b"</sheetData>", whole))
    assert read_file(path, tmp_path).passages[0].text == "乙。"


def test_a_hundred_thousand_rows_are_read_and_the_rest_is_told(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("问题,答案\n" + "".join(f"问{n}？,答{n}\n" for n in range(100_050)), encoding="utf-8")
    reading = read_file(path, tmp_path)
    assert len(reading.passages) == 99_999
    assert reading.notes == ("Only the first 100,000 rows were read.",)


def test_tables_inside_tables_without_end_are_cut_off(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("正文在这里。")
    cell = document.add_table(1, 1).cell(0, 0)
    for _ in range(60):
        cell.text = "层"
        cell = cell.add_table(1, 1).cell(0, 0)
    document.save(str(tmp_path / "deep.docx"))
    assert "正文在这里。" in read_file(tmp_path / "deep.docx", tmp_path).passages[0].text


def test_a_page_of_endless_nesting_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "deep.html"
    path.write_text("<html><body>" + "<div>" * 20_000 + "正文在这里。" + "</div>" * 20_000, encoding="utf-8")
    assert "nested" in refused(path)


def test_a_locked_pdf_is_refused(tmp_path: Path) -> None:
    assert "encrypted" in refused(pdf_file(tmp_path / "locked.pdf", ([Words("样本")], ""), locked=True))


def test_a_scanned_pdf_asks_for_ocr(tmp_path: Path) -> None:
    assert "scanned" in refused(pdf_file(tmp_path / "scan.pdf", ([], ""), ([], "")))


@pytest.mark.parametrize("content", [b"%PDF-1.4\n" + b"rubbish " * 100, b"no pdf at all", b"%PDF-1.7\n%%EOF"])
def test_a_damaged_pdf_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.pdf").write_bytes(content)
    assert "damaged" in refused(tmp_path / "a.pdf")


def test_a_pdf_stream_that_swells_without_end_is_refused(tmp_path: Path) -> None:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(120)) + packer.flush()
    head = b"%PDF-1.4\n1 0 obj\n<< /Length " + str(len(packed)).encode() + b" /Filter /FlateDecode >>\nstream\n"
    (tmp_path / "bomb.pdf").write_bytes(head + packed + b"\nendstream\nendobj\n%%EOF")
    assert "zip bomb" in refused(tmp_path / "bomb.pdf")


def test_a_file_of_more_than_100_mb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(101 * 1024 * 1024)
    assert "101 MB" in refused(path)


@pytest.mark.parametrize("name", ["blank.txt", "blank.md", "blank.html", "blank.csv"])
def test_a_file_of_nothing_but_blanks_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(" \n\n \n", encoding="utf-8")
    assert "no " in refused(tmp_path / name)
