"""Each list that was split by hand, typeset as a PDF, as a Word document and as a saved page: read exactly.

The tests make the documents themselves, of the texts of `tests/support/collections.py`.
"""

import pytest

from recommendations.choices import SourceForm
from recommendations.documents import read
from recommendations.importing import fold, parse
from tests.support.collections import code_of, each, expected_lists, rows
from tests.support.documents import as_page, as_pdf, as_word
from tests.support.importing import check_list

FORMS = {SourceForm.PDF: as_pdf, SourceForm.PAGE: as_page, SourceForm.WORD: as_word}


@pytest.mark.parametrize("form", FORMS)
@each(expected_lists)
def test_the_list_country_year_and_tier_are_those_of_the_text(folder, entry, form):
    [row] = [row for row in rows(folder) if row["path"] == entry["path"]]
    text = (folder / entry["path"]).read_bytes().decode()
    given = {"country": code_of(row), "year": int(row["year"])}
    document = read(FORMS[form](text))
    report = parse(document.text, sha256=document.sha256, **given)
    assert document.form == form
    assert [item.text for item in report.recommendations] == [fold(item) for item in entry["recommendations"]]
    of_text = parse(text, sha256="", **given)
    assert (report.country_code, report.year, report.tier, report.complete) == (
        of_text.country_code,
        of_text.year,
        of_text.tier,
        of_text.complete,
    )
    assert (report.text, report.sha256) == (document.text, document.sha256)
    check_list(report)
