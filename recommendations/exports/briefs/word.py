"""A brief as DOCX: real headings, table headers and links, since people edit it further."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from recommendations.exports.briefs.shapes import AskPart, Brief, Finding, Part, Row, Standing

ACCENT, INK = RGBColor(0x59, 0x37, 0x8C), RGBColor(0x1B, 0x1B, 0x1F)
# Fonts that Word has on each system; LibreOffice takes others of the same width.
LATIN, KOREAN = "Calibri", "Malgun Gothic"
# What XML cannot hold.
_UNFIT = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What Word asks of the time of a file; a brief says its own day, and nothing of who made it when.
NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def docx_of(brief: Brief) -> bytes:
    """Return a brief as DOCX."""
    return _Writer(brief).bytes()


class _Writer:
    """One document while it is written."""

    def __init__(self, brief: Brief) -> None:
        self.brief = brief
        self.said: dict[str, Any] = brief.labels
        self.document = Document()
        self.names: set[str] = set()
        self._properties()
        self._styles()

    def bytes(self) -> bytes:
        brief = self.brief
        self._letterhead()
        self._heading(brief.title, 0)
        self._paragraph(brief.subtitle)
        for sentence in brief.said_of_it:
            self._paragraph(sentence)
        if brief.rows:
            self._heading(self.said["all"], 1)
            self._table(brief.rows)
        for part in brief.parts:
            if brief.rows:
                heading = self._heading(f"{part.reference}: {part.title}", 1)
                self._bookmark(heading, _name("part", part.key))
            self._part(part, 2 if brief.rows else 1)
        self._heading(self.said["method"], 1)
        for sentence in brief.method:
            self._paragraph(sentence)
        if brief.contact:
            self._paragraph(f"{self.said['contact']} {brief.contact}")
        made = BytesIO()
        self.document.save(made)
        return made.getvalue()

    def _properties(self) -> None:
        core = self.document.core_properties
        core.title, core.author, core.language = _fit(self.brief.title)[:250], self.brief.organisation, "en"
        core.comments, core.last_modified_by = "", ""
        core.created = core.modified = NO_TIME

    def _styles(self) -> None:
        styles = self.document.styles
        _dress(styles["Normal"], 10.5, INK)
        styles["Normal"].paragraph_format.space_after = Pt(4)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "en-GB")
        language.set(qn("w:eastAsia"), "ko-KR")
        styles["Normal"].element.get_or_add_rPr().append(language)
        for name, size, colour in (
            ("Title", 20, INK),
            ("Heading 1", 15, INK),
            ("Heading 2", 12, ACCENT),
            ("Heading 3", 11, ACCENT),
            ("Quote", 10.5, INK),
        ):
            _dress(styles[name], size, colour)
        for line in styles["Title"].element.findall(f".//{qn('w:pBdr')}"):
            line.getparent().remove(line)
        link = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
        link.font.color.rgb, link.font.underline = ACCENT, True

    def _letterhead(self) -> None:
        """Write whose brief it is, with the logo; its alternative text is the name."""
        brief = self.brief
        if not (brief.logo or brief.organisation):
            return
        paragraph = self.document.add_paragraph()
        if brief.logo:
            shape = paragraph.add_run().add_picture(BytesIO(brief.logo), height=Cm(1.1))
            shape._inline.docPr.set("descr", _fit(brief.organisation or self.said["logo"]))
            paragraph.add_run("  ")
        paragraph.add_run(_fit(brief.organisation)).bold = True

    def _table(self, rows: Sequence[Row]) -> None:
        heads = self.said["heads"]
        table = self.document.add_table(rows=1, cols=len(heads), style="Table Grid")
        table.autofit = False
        for cell, head in zip(table.rows[0].cells, heads, strict=True):
            cell.paragraphs[0].add_run(head).bold = True
        repeated = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(repeated)
        for row in rows:
            cells = table.add_row().cells
            cells[0].text, cells[2].text, cells[3].text = row.number, _fit(row.status), _fit(row.since)
            self._link(cells[1].paragraphs[0], row.words, to=_name("part", row.key))
        for column, width in zip(table.columns, (Cm(1.2), Cm(7.6), Cm(3.7), Cm(2.7)), strict=True):
            column.width = width
            for cell in column.cells:
                cell.width = width

    def _part(self, part: Part, level: int) -> None:
        self._heading(self.said["words"], level)
        for words in _lines(part.words):
            self.document.add_paragraph(words, style="Quote")
        if part.earlier:
            self._paragraph(part.earlier)
        for words in _lines(part.earlier_words):
            self.document.add_paragraph(words, style="Quote")
        self._heading(self.said["standing"], level)
        self._standing(part.standing)
        self._heading(self.said["findings"], level)
        if part.findings or not part.asks:
            self._findings(part, part.findings)
        for ask in part.asks:
            self._ask(part, ask, level + 1)
        if part.work:
            self._heading(self.said["work"], level)
        for entry in part.work:
            self.document.add_paragraph(_fit(entry), style="List Bullet")
        if part.sources:
            self._heading(self.said["sources"], level)
            self._sources(part)

    def _ask(self, part: Part, ask: AskPart, level: int) -> None:
        self._heading(f"{self.said['ask']} “{ask.words}”", level)
        self._standing(ask.standing)
        self._findings(part, ask.findings)

    def _standing(self, one: Standing) -> None:
        self.document.add_paragraph().add_run(_fit(one.status)).bold = True
        for sentence in one.sentences:
            self._paragraph(sentence)

    def _findings(self, part: Part, findings: Sequence[Finding]) -> None:
        if not findings:
            self._paragraph(self.said["nothing_found"])
        for one in findings:
            head = self.document.add_paragraph()
            head.add_run(_fit(one.head)).bold = True
            head.paragraph_format.keep_with_next = True
            for words in _lines(one.words):
                self._paragraph(words)
            for beside in one.beside:
                self._paragraph(f"{beside.label}: {beside.words}")
            if one.marks:
                self._marks(part, one)

    def _marks(self, part: Part, finding: Finding) -> None:
        """Write the numbers of the sources, each a link to its entry in the list."""
        paragraph = self._paragraph(self.said["sources_of_finding"])
        for mark in finding.marks:
            paragraph.add_run(" " if mark is finding.marks[0] else ", ")
            self._link(paragraph, f"[{mark.number}]", to=_name("source", part.key, mark.number))
            # Where its entry in the list leads back to.
            self._bookmark(paragraph, _name("cited", part.key, mark.number))
            if mark.where:
                paragraph.add_run(_fit(f" ({mark.where})"))

    def _sources(self, part: Part) -> None:
        for source in part.sources:
            paragraph = self.document.add_paragraph()
            paragraph.paragraph_format.left_indent = Cm(0.9)
            paragraph.paragraph_format.first_line_indent = Cm(-0.9)
            self._bookmark(paragraph, _name("source", part.key, source.number))
            self._link(paragraph, f"[{source.number}]", to=_name("cited", part.key, source.number))
            paragraph.add_run(_fit(f" {source.title}. ")).bold = True
            paragraph.add_run(_fit(source.facts))
            if source.address:
                paragraph.add_run(" ")
                self._link(paragraph, source.address, address=source.address)

    def _heading(self, words: str, level: int) -> Paragraph:
        made: Paragraph = self.document.add_heading(_fit(words), level)
        return made

    def _paragraph(self, words: str) -> Paragraph:
        made: Paragraph = self.document.add_paragraph(_fit(words))
        return made

    def _bookmark(self, paragraph: Paragraph, name: str) -> None:
        """Make a place that links lead to; of several with one name, the first counts."""
        if name in self.names:
            return
        self.names.add(name)
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for one in (start, end):
            one.set(qn("w:id"), str(len(self.names)))
        start.set(qn("w:name"), name)
        paragraph._p.append(start)
        paragraph._p.append(end)

    def _link(self, paragraph: Paragraph, words: str, *, to: str = "", address: str = "") -> None:
        """Append a link to a bookmark of the document, or to an address."""
        link = OxmlElement("w:hyperlink")
        if to:
            link.set(qn("w:anchor"), to)
        else:
            kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
            link.set(qn("r:id"), paragraph.part.relate_to(_fit(address), kind, is_external=True))
        run = paragraph.add_run(_fit(words), style="Hyperlink")
        link.append(run._r)
        paragraph._p.append(link)


def _dress(style: Any, size: float, colour: RGBColor) -> None:
    """Give a style our fonts and colour in place of those of the template."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), LATIN)
    fonts.set(qn("w:eastAsia"), KOREAN)
    style.font.size, style.font.color.rgb = Pt(size), colour


def _name(kind: str, key: str, number: int | str = "") -> str:
    """Return the name of a bookmark: letters, digits and underscores, at most 40."""
    return re.sub(r"\W", "_", f"{kind}_{key}_{number}".rstrip("_"))[:40]


def _lines(words: str) -> list[str]:
    return [line for line in _fit(words).splitlines() if line.strip()]


def _fit(words: str) -> str:
    return _UNFIT.sub("", words)
