"""A text in the documents that people have: typeset as a PDF, as a Word document, as a saved web page."""

import html
import io
import re
import zipfile

from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

MARK = re.compile(r"\s*(?:•|\*)\s+")
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def paragraphs(text):
    """Return the paragraphs of a text, each as its lines."""
    return [
        block.strip("\r\n").splitlines() for block in re.split(r"\r?\n[ \t]*\r?\n", text) if block.strip()
    ]


def as_pdf(text, *, head="Trafficking in Persons Report", size=A5, columns=1, box="", **style):
    """Typeset a text in justified columns, with hyphens, running heads and page numbers.

    A box is on the left of each page, its lines drawn before the text.
    """
    made = io.BytesIO()
    usual = {"fontName": "Times-Roman", "fontSize": 10.5, "leading": 13, "spaceAfter": 6}
    hyphens = {"hyphenationLang": "en_US", "embeddedHyphenation": 1, "uriWasteReduce": 0}
    set_as = ParagraphStyle("text", **{"alignment": TA_JUSTIFY, **usual, **hyphens, **style})
    margin, gutter = 72, 18
    left = margin + (130 if box else 0)

    def around(canvas, page):
        canvas.setFont("Times-Italic", 8)
        canvas.drawString(72, size[1] - 40, head if page.page % 2 else f"{page.page} · Country narratives")
        canvas.drawCentredString(size[0] / 2, 36, str(210 + page.page))
        if box:
            canvas.setFillGray(0.9)
            canvas.rect(margin, 200, 120, size[1] - 270, fill=1, stroke=0)
            canvas.setFillGray(0)
            canvas.setFont("Times-Roman", 9)
            for number, line in enumerate(box.splitlines()):
                canvas.drawString(margin + 6, size[1] - 86 - 11 * number, line)

    story = [
        Paragraph("<br/>".join(html.escape(line.strip()) for line in lines), set_as)
        for lines in paragraphs(text)
    ]
    width = (size[0] - margin - left - gutter * (columns - 1)) / columns
    frames = [
        Frame(left + number * (width + gutter), 60, width, size[1] - 120, leftPadding=0, rightPadding=0)
        for number in range(columns)
    ]
    document = BaseDocTemplate(made, pagesize=size, invariant=1)
    document.addPageTemplates(PageTemplate(frames=frames, onPage=around))
    document.build(story)
    return made.getvalue()


def as_word(text):
    """Return a Word document of a text; lines with a bullet are items of a list of Word's own."""
    body = "".join(_paragraph(line) for lines in paragraphs(text) for line in lines if line.strip())
    head = f'<w:hdr xmlns:w="{WORD}"><w:p><w:r><w:t>Running head, Tier 1</w:t></w:r></w:p></w:hdr>'
    return packed(f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>', head)


def _paragraph(line):
    words = MARK.sub("", line, count=1) if (found := MARK.match(line)) else line
    listed = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>' if found else ""
    half = len(words) // 2
    runs = "".join(
        f'<w:r><w:t xml:space="preserve">{html.escape(part, quote=False)}</w:t></w:r>'
        for part in (words[:half], words[half:])
    )
    return f"<w:p>{listed}{runs}</w:p>"


def packed(document, head="", **members):
    """Return a Word document of its parts."""
    numbering = (
        f'<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt '
        'w:val="bullet"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        "</w:numbering>"
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    ties = f'<Relationships xmlns="{package}/relationships">{{}}</Relationships>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": ties.format(
            f'<Relationship Id="r1" Type="{office}/officeDocument" Target="word/document.xml"/>'
        ),
        "word/_rels/document.xml.rels": ties.format(
            f'<Relationship Id="r1" Type="{office}/numbering" Target="numbering.xml"/>'
            f'<Relationship Id="r2" Type="{office}/header" Target="header1.xml"/>'
        ),
        "word/document.xml": document,
        "word/numbering.xml": numbering,
        "word/header1.xml": head or f'<w:hdr xmlns:w="{WORD}"/>',
        **members,
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


BANNER = """
<div class="cc-window" role="dialog" aria-label="cookies"><p>We use cookies to improve your experience. End
tracking at any time: adopt your own settings. Increase your privacy.</p><button>Accept all</button></div>"""
NAVIGATION = """
<a class="skip-link" href="#main">Skip to content</a>
<nav><ul><li><a href="/">Home</a></li><li><a href="/reports">Reports</a></li><li><a href="/tier3">Tier 3
countries</a></li></ul></nav>"""
SIDEBAR = """
<aside class="col-3"><h3>In this section</h3><ul><li><a href="#r">PRIORITIZED RECOMMENDATIONS</a></li>
<li><a href="#p">PROSECUTION</a></li></ul><h3>Tier placements</h3>
<p>Chad (Tier 3) · Chile: Tier 1 · Cuba (Tier 3)</p><p>Tier 2: countries whose governments do not fully
meet the minimum standards for the elimination of trafficking.</p>
</aside>"""
FOOTER = """
<footer><ul><li><a href="/about">About us</a></li><li><a href="/privacy">Privacy policy</a></li></ul>
<p>Subscribe: investigate our archive; provide your address.</p></footer>"""


def as_page(text, *, around=(BANNER, NAVIGATION, SIDEBAR, FOOTER), title="Country narrative"):
    """Return a saved page of a text, with a banner, navigation, a sidebar and a footer around it."""
    banner, navigation, sidebar, footer = around
    body, listed = [], []
    for lines in paragraphs(text):
        marked = [line for line in lines if MARK.match(line)]
        if len(marked) == len(lines):
            listed += [f"<li>{html.escape(MARK.sub('', line, count=1))}</li>" for line in lines]
            continue
        if listed:
            body.append(f"<ul>{''.join(listed)}</ul>")
            listed = []
        body.append(f"<p>{'<br>'.join(html.escape(line) for line in lines)}</p>")
    body += [f"<ul>{''.join(listed)}</ul>"] if listed else []
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<script>var tier = 'Tier 1';</script></head><body>{banner}{navigation}<div class=\"row\">{sidebar}"
        f'<div class="col-9" id="main">{"".join(body)}</div></div>{footer}</body></html>'
    ).encode()
