"""Who can be named on a recommendation."""

from django.utils.translation import gettext_lazy as _

from recommendations.choices import Role

# The role that each of them needs at least, and the sentence for who has not got it.
NEEDS = {
    "owner": (Role.CONTRIBUTOR, _("%(name)s cannot write updates.")),
    "deputy": (Role.CONTRIBUTOR, _("%(name)s cannot write updates.")),
    "reviewer": (Role.REVIEWER, _("%(name)s cannot review updates.")),
}
