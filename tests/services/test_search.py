"""The search in the texts of documents: in every script, within what one may see, escaped."""

import pytest
from django.db import connection

from recommendations import jobs
from recommendations.choices import ExaminationState, Finding, Purpose, Sensitivity
from recommendations.filters.evidence import EvidenceFilter
from recommendations.models import Derived, Evidence, Examination, Passage
from recommendations.selectors import derived
from recommendations.services.evidence import details, examinations, retention
from recommendations.text import tokens
from tests.support import corpus, factories
from tests.support.factories import NOW, item_of
from tests.support.pages import browser_of, text_of

KOREAN = "정치범수용소에서 강제로동을 시켰다고 증언했다. 북한은 이를 부인했다."
DOCUMENTS = {
    "law.pdf": corpus.pdf("Article One says nothing", "Article Two forbids forced labour"),
    "report.docx": corpus.docx("The witness spoke of Yodok", KOREAN),
    "page.html": b"<!doctype html><html><head><title>Head</title><style>hidden</style></head><body>"
    b"<p>The <b>ministry</b> denies &amp; regrets</p><script>concealed()</script></body></html>",
    "notes.txt": "Café notes: 第三者が北朝鮮の強制労働を報告した。".encode(),
    "old.txt": KOREAN.encode("cp949"),
    "table.csv": b"place,number\nSinuiju,3\nHyesan,4\n",
}


def add(person, name, content=None, **more):
    content = DOCUMENTS[name] if content is None else content
    return item_of(person, name=name, content=content, title=f"Item {name}", **more)


def index(now=NOW):
    return jobs.examine_evidence(now, seconds=None)


def found(reader, words):
    return {item.original_name for item in EvidenceFilter({"q": words}, reader=reader).qs}


@pytest.fixture
def shelf(team):
    """Every document, in the search."""
    for name in DOCUMENTS:
        add(team["author"], name)
    index()
    return team


FOUND = [
    ("forbids", {"law.pdf"}),
    ("FORB", {"law.pdf"}),
    ("nothing labour", {"law.pdf"}),
    ("yodok", {"report.docx"}),
    ("ministry denies", {"page.html"}),
    ("& regrets", {"page.html"}),
    ("hidden", set()),
    ("concealed", set()),
    ("cafe", {"notes.txt"}),
    ("CAFÉ", {"notes.txt"}),
    ("sinui", {"table.csv"}),
    ("inuiju", set()),
    ("수용소", {"report.docx", "old.txt"}),
    ("정치범수용소", {"report.docx", "old.txt"}),
    ("북한 증언", {"report.docx", "old.txt"}),
    ("강제", {"report.docx", "old.txt"}),
    ("범", {"report.docx", "old.txt"}),
    ("수소", set()),
    ("강제労働", set()),
    ("強制労働", {"notes.txt"}),
    ("北朝鮮", {"notes.txt"}),
    ("朝鮮の強", {"notes.txt"}),
    ("nowhere", set()),
]


def test_words_of_documents_are_found(shelf):
    wrong = [(words, got) for words, names in FOUND if (got := found(shelf["viewer"], words)) != names]
    assert wrong == []


ODD = """
"x  foo(  -x  a OR  *  tokens:x  '  a'b  \\  NEAR(a b)  ^a  a:*  &|!  %  <->  {a}  \U0001d518  \u202ex  _
"""


def test_odd_searches_are_answered(shelf):
    browser = browser_of(shelf["viewer"])
    for words in [*ODD.strip().split("  "), "x" * 200]:
        assert browser.get("/evidence/", {"q": words}).status_code == 200, words


def test_a_word_counts_wherever_it_stands_and_titles_still_do(shelf):
    assert found(shelf["viewer"], "law.pdf forbids") == {"law.pdf"}
    assert found(shelf["viewer"], "item sinuiju") == {"table.csv"}


def test_the_page_shows_the_passage_with_the_words_marked_and_escaped(team):
    said = "before &lt;script&gt;alert(1)&lt;/script&gt; the needle &lt;/mark&gt; &amp; after"
    add(team["author"], "evil.docx", corpus.docx(said))
    index()
    page = browser_of(team["viewer"]).get("/evidence/", {"q": "needle"}).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; the <mark>needle</mark> &lt;/mark&gt; &amp; after" in page
    add(team["author"], "law.pdf")
    index()
    answer = browser_of(team["viewer"]).get("/evidence/", {"q": "forbids"})
    assert "Page 2: Article Two forbids forced labour" in text_of(answer)


def test_a_restricted_item_is_never_in_the_index_and_leaves_it_at_once(team):
    secret = add(team["author"], "law.pdf", sensitivity=Sensitivity.RESTRICTED)
    opened = add(team["author"], "report.docx")
    index()
    assert not Passage.objects.filter(evidence=secret).exists()
    assert found(team["author"], "forbids") == set()
    assert found(team["viewer"], "yodok") == {"report.docx"}

    factories.grant(team["other"], evidence=opened)
    restrict = {"sensitivity": Sensitivity.RESTRICTED}
    details.change(item=opened, actor=team["author"], details=restrict, now=NOW)
    assert not Passage.objects.exists()
    assert found(team["viewer"], "yodok") == found(team["author"], "yodok") == set()
    index()
    assert not Passage.objects.exists()

    details.change(item=opened, actor=team["author"], details={"sensitivity": Sensitivity.INTERNAL}, now=NOW)
    index()
    assert found(team["viewer"], "yodok") == {"report.docx"}


def test_words_left_of_an_item_restricted_by_another_way_are_not_searched_and_swept(team):
    item = add(team["author"], "report.docx")
    index()
    Evidence.objects.filter(pk=item.pk).update(sensitivity=Sensitivity.RESTRICTED)
    for who in ("author", "viewer", "manager"):
        assert found(team[who], "yodok") == set()
        assert not Passage.objects.visible_to(team[who]).exists()
    index()
    assert not Passage.objects.exists()


def test_an_item_restricted_while_it_is_read_is_not_put_into_the_search(team, monkeypatch):
    item = add(team["author"], "report.docx")
    real = examinations.inspect

    def meanwhile(*how, **more):
        details.change(item=item, actor=team["author"], details={"sensitivity": "restricted"}, now=NOW)
        return real(*how, **more)

    monkeypatch.setattr(examinations, "inspect", meanwhile)
    index()
    assert not Passage.objects.exists()


def test_the_index_of_the_database_follows_the_rows(team):
    item = add(team["author"], "report.docx")
    index()
    Passage.objects.filter(evidence=item).update(tokens=tokens.tokens_of("quite another"))
    assert found(team["viewer"], "yodok") == set() and found(team["viewer"], "another") == {"report.docx"}
    derived.forget_words(Evidence.objects.all())
    assert found(team["viewer"], "another") == set()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO recommendations_passage_index(recommendations_passage_index) "
                "VALUES('integrity-check')"
            )


@pytest.mark.parametrize(
    ("name", "content", "finding"),
    [
        ("scan.pdf", corpus.pdf(""), Finding.EMPTY),
        ("bomb.docx", corpus.docx(document=corpus.XML_BOMB), Finding.BROKEN),
    ],
)
def test_why_a_text_cannot_be_searched_is_told(team, name, content, finding):
    item = add(team["author"], name, content)
    index()
    row = Examination.objects.get(evidence=item, purpose=Purpose.WORDS)
    assert (row.state, row.finding) == (ExaminationState.FAILED, finding)
    page = text_of(browser_of(team["viewer"]).get(item.get_absolute_url()))
    assert f"Its text cannot be searched: {row.get_finding_display()}." in page


def test_text_is_cut_into_passages_without_losing_any():
    text = "word " * 3_000 + "가" * 5_000
    passages = list(tokens.passages_of(text))
    assert all(0 < len(passage) <= tokens.PASSAGE_LENGTH for passage in passages)
    assert "".join("".join(passages).split()) == "".join(text.split())


def test_nothing_that_was_made_of_an_item_outlives_its_removal(team):
    item = add(team["author"], "law.pdf")
    index()
    assert Passage.objects.exists() and Derived.objects.exists()
    about = {"reason": "Asked for.", "basis": "Consent withdrawn.", "on": NOW.date()}
    retention.propose(item=item, actor=team["author"], now=NOW, **about)
    retention.approve(item=item, actor=team["reviewer"], now=NOW)
    assert found(team["viewer"], "forbids") == set()
    assert not (Passage.objects.exists() or Derived.objects.exists())
    assert index() == 0 and not Examination.objects.exists()
    assert browser_of(team["viewer"]).get(item.get_absolute_url()).status_code == 200
