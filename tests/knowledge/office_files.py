"""Small invented office documents, written to disk by the tests that read them. All names and numbers are 样本."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import docx
import openpyxl

GUIDE = [
    ("事项名称", "样本居住卡申领"),
    ("实施主体", "样本市公安局"),
    ("办理条件", "1. 在本市居住半年以上；\n2. 有合法稳定住所。"),
    ("法定办结时限", "20个工作日"),
    ("承诺办结时限", "即办"),
    ("收费标准", "不收费"),
    ("办理地点", "样本路1号政务服务中心二楼"),
    ("办理时间", "工作日 9:00-12:00，13:00-17:00"),
    ("咨询电话", "0519-00000001"),
    ("监督投诉电话", "12345"),
    ("设定依据", "《居住证暂行条例》第二条、第九条"),
    ("办理形式", "窗口办理、快递申请"),
]
MATERIALS = [
    ("序号", "材料名称", "原件", "复印件", "必要性", "备注"),
    ("1", "居民身份证", "1", "1", "必要", ""),
    ("2", "房屋租赁合同", "1", "0", "非必要", "租房居住的提供"),
]


def guide_docx(path: Path) -> Path:
    """A guide in a two-column table, with its material list as a table inside a cell."""
    document = docx.Document()
    document.add_heading("样本居住卡申领办事指南", 0)
    table = document.add_table(rows=0, cols=2)
    for label, value in GUIDE:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, value
    cells = table.add_row().cells
    cells[0].text = "申请材料"
    inner = cells[1].add_table(rows=0, cols=6)
    for row in MATERIALS:
        for cell, text in zip(inner.add_row().cells, row, strict=True):
            cell.text = text
    document.save(str(path))
    return path


def sheet_file(path: Path, *sheets: tuple[str, Sequence[Sequence[object]]], merged: tuple[str, ...] = ()) -> Path:
    """A workbook of named sheets; `merged` are ranges of the first."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for area in merged:
        book.worksheets[0].merge_cells(area)
    book.save(path)
    return path
