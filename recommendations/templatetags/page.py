"""The parts around the content of a page: navigation, error summary, page numbers."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

register = template.Library()

# The same words in navigation, headings, mails and addresses.
SECTIONS = (
    ("home", _("My work")),
    ("recommendation-list", _("Recommendations")),
    ("update-list", _("Updates")),
    ("evidence-list", _("Evidence")),
    ("advocacy-list", _("Advocacy")),
    ("report-list", _("Reports")),
    ("digest-list", _("Digests")),
)
DESK = ("admin:index", _("Desk"))


@register.inclusion_tag("_sections.html", takes_context=True)
def sections(context):
    """Show the main navigation to a signed-in person, with the section they are in marked as current."""
    person = context.get("user")
    if not getattr(person, "is_authenticated", False) or person.is_partner:
        return {"sections": []}
    path = getattr(context.get("request"), "path", "")
    names = [*SECTIONS, DESK] if person.is_staff else SECTIONS
    links = [(reverse(name), label) for name, label in names]
    home = links[0][0]
    return {
        "sections": [
            {"url": url, "label": label, "current": path == url or (url != home and path.startswith(url))}
            for url, label in links
        ]
    }


@register.inclusion_tag("_error_summary.html")
def error_summary(*forms):
    """List every error of the given forms and formsets on top of a page, each a link to its field."""
    problems: list[dict] = []
    differences: list = []
    for form in forms:
        for part in getattr(form, "forms", [form]):
            problems += _problems_of(part)
            differences += getattr(part, "differences", ())
        if hasattr(form, "non_form_errors"):
            target = f"id_{form.prefix}"
            problems += [{"message": message, "target": target} for message in form.non_form_errors()]
    return {"problems": problems, "differences": differences}


@register.inclusion_tag("_error_summary.html")
def error_summary_of(forms):
    """List every error of many forms, such as the rows of a page, as ``error_summary`` does."""
    return error_summary(*forms)


def _problems_of(form):
    """Return label, message and link target of each error of one form; hidden fields have no target."""
    found = [{"message": message} for message in form.non_field_errors()]
    for field in form:
        if field.is_hidden:
            found += [{"message": message} for message in field.errors]
            continue
        target = field.id_for_label or f"{field.auto_id}_0"
        label = field.label if str(field.label).endswith(("?", ":")) else f"{field.label}:"
        found += [{"target": target, "label": label, "message": message} for message in field.errors]
    return found


@register.filter
def light_optional(label):
    """Return a label with the "(optional)" at its end as light as where the field itself adds it."""
    said = f"({_('optional')})"
    words = str(label).removesuffix(said)
    return label if words == str(label) else format_html('{}<span class="optional">{}</span>', words, said)


@register.simple_tag
def page_range(page):
    """Return the page numbers to link to, with an ellipsis for what is left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
