"""The words of documents, cut into passages, and the search for them on each database."""

from typing import Self

from django.db import models
from django.db.models import Lookup
from django.utils.translation import gettext_lazy as _

from recommendations.choices import Sensitivity
from recommendations.models.evidence import Evidence
from recommendations.models.people import User
from recommendations.models.visible import VisibleQuerySet
from recommendations.text.tokens import Term


class Words(Lookup):
    """Whether a row's tokens hold an ``indexing.Term``. Tokens are words alone: nothing in one is syntax."""

    lookup_name = "words"
    prepare_rhs = False

    def as_sqlite(self, compiler, connection):
        """Ask the index which rows match; triggers keep it in step (see the migration that makes it)."""
        column, parameters = self.process_lhs(compiler, connection)
        table = column.rpartition(".")[0]
        phrase = f'"{" ".join(self.rhs.tokens)}"' + ("*" if self.rhs.open_ended else "")
        found = "SELECT rowid FROM recommendations_passage_index WHERE recommendations_passage_index MATCH %s"
        return f'{table}."id" IN ({found})', [*parameters, phrase]

    def as_postgresql(self, compiler, connection):
        """Ask the column that the database keeps of the tokens."""
        column, parameters = self.process_lhs(compiler, connection)
        words = [f"'{token}'" for token in self.rhs.tokens]
        if self.rhs.open_ended:
            words[-1] += ":*"
        table = column.rpartition(".")[0]
        return f"{table}.\"search_vector\" @@ to_tsquery('simple', %s)", [*parameters, " <-> ".join(words)]


class TokensField(models.TextField):
    """Text as ``indexing.tokens_of`` cuts it, which the lookup ``words`` searches."""


TokensField.register_lookup(Words)


class PassageQuerySet(VisibleQuerySet):
    """Reads of the words of documents."""

    def _visible(self, user: User) -> Self:
        """Those of items that can be seen and are not restricted, should one be left of such an item."""
        items = Evidence.objects.visible_to(user).exclude(sensitivity=Sensitivity.RESTRICTED)
        return self.filter(evidence__in=items.values("pk"))

    def holding(self, term: Term) -> Self:
        """Return the passages in which an ``indexing.Term`` stands."""
        return self.filter(tokens__words=term)


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
