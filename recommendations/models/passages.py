"""The words of documents, cut into passages, for search."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.evidence import Evidence
from recommendations.querysets import PassageQuerySet, Words


class TokensField(models.TextField):
    """Text as ``indexing.tokens_of`` cuts it, which the lookup ``words`` searches."""


TokensField.register_lookup(Words)


class Passage(models.Model):
    """A passage of an item that is not restricted; a restricted one has none (docs/domain.md, "Sensitivity").

    The database's own index follows these rows. On SQLite triggers do that, and a later change of this
    table by Django would drop them: see CONTRIBUTING.
    """

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="passages")
    page = models.PositiveSmallIntegerField(_("page"))
    part = models.PositiveSmallIntegerField(_("part"))
    text = models.TextField(_("text"))
    tokens = TokensField(editable=False)

    objects = PassageQuerySet.as_manager()

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ["evidence", "page", "part"]
        constraints = [models.UniqueConstraint(fields=["evidence", "page", "part"], name="passage_once")]

    def __str__(self):
        return f"{self.evidence_id}, {self.page}.{self.part}"
