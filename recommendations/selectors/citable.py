"""What one person can cite on one form: evidence that they can see, and their own waiting files."""

from functools import cached_property, partial
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.choices import Retention
from recommendations.models import Citation, Evidence, Recommendation, StagedUpload, User, item_key
from recommendations.text.keys import uuid_or_none

OFFERED = 200


class CitableEvidence:
    """What ``person`` can cite in an update of ``recommendation``; ``form_key`` names their form.

    ``words`` are what they searched for, ``found`` the items with these words; both empty otherwise.
    """

    def __init__(
        self,
        person: User,
        recommendation: Recommendation,
        form_key: UUID,
        words: str = "",
        found: QuerySet[Evidence] | None = None,
    ) -> None:
        self._person, self._recommendation = person, recommendation
        self._visible = Evidence.objects.visible_to(person)
        self._held = self._visible.exclude(retention=Retention.TOMBSTONED)
        self._words, self._found = words, self._held if found is None else found
        self._link_key = partial(item_key, uploader=person, form_key=form_key)
        self._waiting = StagedUpload.objects.filter(uploaded_by=person, form_key=form_key)
        self._items: dict[str, Evidence | None] = {}

    @cached_property
    def _newest(self) -> tuple[list[int], int]:
        """The newest of those found, or of all, and how many there are."""
        found = self._found.filter(pk__in=self._held.values("pk")) if self._words else self._held
        newest = list(found.order_by("-uploaded_at", "-pk").values_list("pk", flat=True)[:OFFERED])
        return newest, found.count() if len(newest) == OFFERED else len(newest)

    @cached_property
    def offered(self) -> list[Evidence]:
        """Items to choose from: those already cited for the recommendation, and the newest."""
        # By updates that the person can see: what others hold of an item would show in the choice.
        seen = Citation.objects.visible_to(self._person).filter(update__recommendation=self._recommendation)
        cited = Exists(seen.filter(evidence=OuterRef("pk")))
        return list(self._held.filter(cited | Q(pk__in=self._newest[0])))

    @property
    def hint(self) -> str:
        """Which items are offered beside those already cited, if not all are; else nothing."""
        number = self._newest[1]
        said = {"words": self._words, "n": OFFERED, "all": number}
        if self._words and not number:
            return _("Nothing that we hold has “%(words)s”.") % said
        if self._words and number <= OFFERED:
            return ngettext("%(all)s item has “%(words)s”.", "%(all)s items have “%(words)s”.", number) % said
        if self._words:
            return (
                _("%(all)s items have “%(words)s”; the %(n)s newest of them are offered. Add a word.") % said
            )
        if number > OFFERED:
            return _("Of %(all)s items the %(n)s newest are offered. Look for others by “Find”.") % said
        return ""

    def item(self, key: object) -> Evidence | None:
        """Return the item of this key if the person can see it, else None."""
        key = str(key or "")
        if key and key not in self._items:
            self._items[key] = next((item for item in self.offered if str(item.key) == key), None)
            self._items[key] = self._items[key] or self._visible.filter(key=uuid_or_none(key)).first()
        return self._items.get(key)

    def add(self, item: Evidence) -> None:
        """Add an item that was made just now."""
        self._items[str(item.key)] = item

    def key_of_link(self, url: str) -> UUID:
        """Return the key of the item that is made of an address on this form."""
        return self._link_key(content=url)

    @cached_property
    def waiting(self) -> dict[str, StagedUpload]:
        """The files that wait for this form, by key."""
        return {str(one.key): one for one in self._waiting}
