"""A workbook of one sheet of texts, written row by row as Office Open XML (ISO/IEC 29500): parts in a ZIP archive.

Every cell is an inline text, so that no program takes one for a number, a date or a formula. A library that holds each
cell as an object took ten times as long.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from functools import lru_cache
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PLAIN, _TEXT, _BOLD = 0, 1, 2
_DAY = (1980, 1, 1, 0, 0, 0)
_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML document holds."""

_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill/></fill><fill>'
    '<patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
"""Plain, marked as text (the built-in format 49, `@`), and that in bold."""


def text_workbook(
    title: str, header: Sequence[str], widths: Sequence[int], typed: str, rows: Iterable[Sequence[str]]
) -> bytes:
    """The rows below their header, which stays in sight. `widths` are in characters; cells of the column `typed`, in
    which people write, are marked as text, which keeps what is typed from becoming a date. At most 26 columns.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        for name, part in _parts(title).items():
            book.writestr(zipfile.ZipInfo(name, _DAY), _HEAD + part, zipfile.ZIP_DEFLATED)
        kept = zipfile.ZipInfo("xl/worksheets/sheet1.xml", _DAY)
        kept.compress_type = zipfile.ZIP_DEFLATED
        with book.open(kept, "w") as sheet:
            sheet.write((_HEAD + _sheet_head(widths) + _row(1, header, [_BOLD] * len(header))).encode())
            styles = [_TEXT if name == typed else _PLAIN for name in header]
            for number, cells in enumerate(rows, 2):
                sheet.write(_row(number, cells, styles).encode())
            sheet.write(b"</sheetData></worksheet>")
    return target.getvalue()


def _parts(title: str) -> dict[str, str]:
    """The parts beside the sheet, by their names."""
    types = (("workbook", "sheet.main"), ("styles", "styles"), ("worksheets/sheet1", "worksheet"))
    named = "".join(f'<Override PartName="/xl/{at}.xml" ContentType="{_TYPE}.{kind}+xml"/>' for at, kind in types)
    links = (("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"))
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{named}</Types>'
        ),
        "_rels/.rels": _links((("officeDocument", "xl/workbook.xml"),)),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews><sheets>'
            f'<sheet name="{escape(title)}" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _links(links),
        "xl/styles.xml": _STYLES,
    }


def _links(links: Sequence[tuple[str, str]]) -> str:
    found = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(links, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{found}</Relationships>'


def _sheet_head(widths: Sequence[int]) -> str:
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>' for place, width in enumerate(widths, 1)
    )
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
        'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
        f"<cols>{columns}</cols><sheetData>"
    )


def _row(number: int, cells: Sequence[str], styles: Sequence[int]) -> str:
    inner = "".join(
        f'<c r="{chr(65 + place)}{number}" t="inlineStr" s="{style}"><is><t xml:space="preserve">{_inside(text)}'
        "</t></is></c>"
        for place, (text, style) in enumerate(zip(cells, styles, strict=True))
    )
    return f'<row r="{number}">{inner}</row>'


@lru_cache(maxsize=4096)
def _inside(text: str) -> str:
    """A text as it stands in XML; remembered, since rows that follow each other say much the same.

    >>> _inside("a<b & c\\r\\x01"), _inside("=1+1")
    ('a&lt;b &amp; c&#13;', '=1+1')
    """
    return escape(_NEVER.sub("", text), {"\r": "&#13;"})
