"""Spreadsheets written by hand, part by part, so that a test can also write what no program would."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006"
STYLES = (
    f"<styleSheet {MAIN}><numFmts/><fonts><font/></fonts><fills><fill/></fills><borders><border/></borders>"
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>'
)

Cell = str | float | None


def column_letter(place: int) -> str:
    return chr(65 + place) if place < 26 else chr(64 + place // 26) + chr(65 + place % 26)


def sheet_xml(rows: Mapping[int, Sequence[Cell]], dates: Sequence[int] = (), left: int = 0) -> str:
    """A sheet: rows by number, cells from column `left` on; columns in `dates` are formatted as dates."""
    lines = []
    for number, cells in rows.items():
        parts = []
        for place, cell in enumerate(cells):
            where = f'r="{column_letter(place + left)}{number}"'
            if isinstance(cell, str):
                parts.append(f'<c {where} t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>')
            elif cell is not None:
                parts.append(f'<c {where} s="{int(place in dates)}"><v>{cell!r}</v></c>')
        lines.append(f'<row r="{number}">{"".join(parts)}</row>')
    return f"<worksheet {MAIN}><sheetData>{''.join(lines)}</sheetData></worksheet>"


def workbook(sheets: Mapping[str, str], *, year: int = 1900, more: Mapping[str, bytes] | None = None) -> bytes:
    """An XLSX file of sheets written as XML; `more` adds or replaces parts."""
    count = range(1, len(sheets) + 1)
    names = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="r{number}"/>'
        for number, name in zip(count, sheets, strict=True)
    )
    links = "".join(
        f'<Relationship Id="r{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in count
    )
    flag = '<workbookPr date1904="1"/>' if year == 1904 else ""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{TYPES}/relationships"><Relationship Id="a" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{RELATIONS}">{flag}<sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{TYPES}/relationships">{links}'
        f'<Relationship Id="s" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
        **{f"xl/worksheets/sheet{number}.xml": xml for number, xml in zip(count, sheets.values(), strict=True)},
    }
    return zipped({name: text.encode() for name, text in parts.items()} | dict(more or {}))


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip archive of these files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()
