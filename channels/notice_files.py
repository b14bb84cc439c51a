"""Papers that were issued, as the files that were drawn then."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Response

from channels.case_parts import CaseParts
from channels.errors import Problem
from preapproval.case_rows import CaseRow

MEDIA = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
PAPER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
"""A paper runs nothing and loads nothing; our own pages may show it in a frame."""


def notice_file(parts: CaseParts, row: CaseRow, notice: str, suffix: str) -> Response:
    """One file of one paper of this case. Raises Problem(404)."""
    issued = next((one for one in parts.notices.of(row.id) if one.id == notice), None)
    if issued is None or suffix not in issued.refs:
        raise Problem(404, "no_notice")
    data = parts.file_vault.get(row.id, issued.refs[suffix])
    headers = {"Cache-Control": "private, no-store"}
    if suffix != "html":
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{issued.number}.{suffix}')}"
    else:
        headers |= {"Content-Security-Policy": PAPER_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return Response(data, media_type=MEDIA[suffix], headers=headers)
