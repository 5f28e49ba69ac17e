"""One thing has one label: the glossary of docs/domain.md, "Labels", holds for all that people read."""

import importlib
import pkgutil
import re
import runpy
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.forms.forms import BaseForm

import recommendations.filters
import recommendations.forms
from recommendations.choices import update_fields
from recommendations.exports import columns
from recommendations.models import StatusUpdate
from recommendations.selectors.comparison import label_of

ROOT = Path(__file__).resolve().parents[2]
WORDS = runpy.run_path(str(ROOT / "scripts" / "words.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SUBMITS = re.compile(r"<button\b(?:[^>{]|\{%.*?%\}|\{\{.*?\}\})*>(.*?)</button>", re.DOTALL)

# Fields of forms that share a name in the code but are different things to people: each of their labels.
DIFFERENT_THINGS = {
    "as_of": {"As of", "At the end of"},
    "comment": {"Comment to the author", "What should the author change?"},
    "file": {"File", "Files"},
    "kind": {"Kind", "What it was"},
    "note": {"Note", "Note for the team"},
    "on": {"Date", "Review on", "To be removed on"},
    "origin": {
        "Origin: who published it first",
        "Origin: who published it first, if the source only repeats it",
    },
    "reason": {
        "For whom, and for what use",
        "Reason for this status",
        "Why",
        "Why it should no longer apply",
    },
    "title": {"Short title", "Title"},
    "source": {"Source: who published it", "Where the date comes from"},
}
# A noun of the glossary and the model that it is: `models/updates.py::StatusUpdate`.
NOUN = re.compile(r"`models/\w+\.py::(\w+)`")
# The first word of what a button does.
VERB = re.compile(
    "(Add|Approve|Cancel|Carry|Choose|Cite|Close|Compare|Confirm|Continue|Copy|Count|Delete|Download|Export|Find|Follow"
    "|Freeze|Give|Import|Join|Lift|Load|Mark|Move|Open|Propose|Put|Remove|Retire|Return|Revoke|Save|Send|Set|Show|Sign"
    "|Split|Stop|Submit"
    r"|Take|Undo|Withdraw)\b"
)


def every_form():
    """Return every form class of the application, filters included."""
    for package in (recommendations.forms, recommendations.filters):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    found, waiting = set(), [BaseForm]
    while waiting:
        below = waiting.pop().__subclasses__()
        waiting += below
        found |= {form for form in below if form.__module__.startswith("recommendations.")}
    return found


def labels_of_forms():
    """Return {name of a field: its labels}, without what says that it can be left empty."""
    labels = {}
    for form in every_form():
        for name, field in getattr(form, "base_fields", {}).items():
            if field.label:
                labels.setdefault(name, set()).add(str(field.label).replace(" (optional)", ""))
    return labels


def words_of_buttons():
    """Yield the words of each button of each template."""
    for path in TEMPLATES:
        for found in SUBMITS.finditer(path.read_text()):
            yield from (
                (path.name, words) for _line, words in WORDS["messages_of_template"](found[1]) if words
            )


def test_nothing_that_people_read_uses_a_word_that_the_glossary_does_not():
    assert list(WORDS["unused_words"]()) == []


@pytest.mark.parametrize("word", ["Take out", "Public text", "Keys of evidence", "Handed in"])
def test_the_glossary_names_what_is_not_used(word):
    assert word in WORDS["glossary"]()


def test_the_search_for_such_words_finds_them_in_templates_and_code():
    templates = (
        '{% translate "Take out" %} {% blocktranslate trimmed %}\n  Take\n  out\n{% endblocktranslate %}'
    )
    assert [words for _line, words in WORDS["messages_of_template"](templates)] == ["Take out", "Take out"]
    code = 'label = _("Take out")\nother = ngettext("one", "Take out", 2)\nname = "Take out"'
    assert [words for _line, words in WORDS["messages_of_code"](code)].count("Take out") == 2


def test_a_field_has_one_label_in_all_forms():
    labels = labels_of_forms()
    assert len(labels) > 60
    assert {name: found for name, found in labels.items() if len(found) > 1} == DIFFERENT_THINGS


def test_who_can_see_a_row_is_asked_and_told_by_one_label():
    told = {str(label) for label in labels_of_forms()["sensitivity"]}
    told |= {
        str(model._meta.get_field("sensitivity").verbose_name).capitalize()
        for model in apps.get_app_config("recommendations").get_models()
        if "sensitivity" in {field.name for field in model._meta.get_fields()}
    }
    assert told == {"Who can see this"} == {str(label_of("sensitivity"))}


def nouns_of_the_glossary():
    """Return {name of a model: the words by which the glossary calls it}."""
    text = (ROOT / "docs" / "domain.md").read_text().partition("## Words")[2].partition("### Labels")[0]
    rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| ")]
    return {
        model: word.strip().split(", ") for word, _meaning, code in rows for model in NOUN.findall(code)[:1]
    }


def test_the_desk_calls_a_noun_as_the_glossary_does():
    """A heading of the desk may say more, such as "submitted version", but never another word."""
    headings = {model.__name__: str(model._meta.verbose_name) for model in site._registry}
    nouns = {name: words for name, words in nouns_of_the_glossary().items() if name in headings}
    assert len(nouns) > 12
    otherwise = {name for name, words in nouns.items() if not any(one in headings[name] for one in words)}
    assert otherwise == set()


@pytest.mark.parametrize("field", update_fields.FIELDS, ids=lambda field: field.name)
def test_a_field_of_an_update_is_called_the_same_by_form_page_desk_and_file(field):
    label = str(field.label)
    asked = labels_of_forms().get(field.name, {label})
    assert field.name in {*DIFFERENT_THINGS, "movement", "ask", "evidence"} or asked == {label}
    if field.name in update_fields.COLUMNS and field.name not in ("ask", "movement"):
        assert str(StatusUpdate._meta.get_field(field.name).verbose_name) == label[0].lower() + label[1:]


def test_the_heads_of_exported_columns_use_the_words_of_the_glossary():
    unused = {word.lower() for word in WORDS["glossary"]()}
    listed = [*columns.recommendation_columns(), *columns.update_columns(), *columns.evidence_columns()]
    heads = {str(column.label) for column in listed}
    assert len(heads) > 30 and not unused & {head.lower() for head in heads}


def test_a_button_begins_with_one_of_few_verbs():
    found = list(words_of_buttons())
    assert len(found) > 60
    assert {(name, words) for name, words in found if not VERB.match(words)} == set()
