"""How every page describes evidence in words."""

from urllib.parse import urlsplit

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from recommendations.files import types

register = template.Library()


@register.filter
def file_facts(item):
    """Return what a file is and how large, such as "PDF document, 1.2 MB"; of a link its host."""
    if getattr(item, "is_removed", False):
        return _("removed")
    if getattr(item, "url", ""):
        return _("link to %(host)s") % {"host": urlsplit(item.url).hostname}
    if getattr(item, "is_sealed", False):
        return _("sealed file, %(size)s") % {"size": filesizeformat(item.size)}
    kind = _("Unknown file") if is_opaque(item) else types.label_of(item.original_name)
    return f"{kind}, {filesizeformat(item.size)}"


@register.filter
def under(rows, key):
    """Return what stands under a key, or None."""
    return rows.get(key)


@register.filter
def is_opaque(item):
    """Say whether a file is not what its name says, so that it is given out and never looked into."""
    return item.content_type == types.OPAQUE
