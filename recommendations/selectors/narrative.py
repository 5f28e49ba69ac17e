"""What people kept of a narrative on a recommendation: baseline claims and tags, and tags to offer."""

from recommendations.models import BaselineClaim, Recommendation, Tag, User
from recommendations.models.narrative import tag_label
from recommendations.rules.naming import named_in


def offered_tags(recommendation: Recommendation) -> list[tuple[str, str]]:
    """Return kind and value of each tag that its words, or those of its baseline claims, name."""
    claims = BaselineClaim.objects.filter(recommendation=recommendation, removed_at=None)
    words = [recommendation.text, *claims.values_list("words", flat=True)]
    own = recommendation.report.country_code
    found = [(str(kind), value) for text in words for kind, value in named_in(text, besides=own)]
    return list(dict.fromkeys(found))


def claims_of(recommendation: Recommendation, person: User) -> list[BaselineClaim]:
    """Return the baseline claims on a recommendation, in the order of the text. One statement."""
    claims = BaselineClaim.objects.visible_to(person).filter(recommendation=recommendation, removed_at=None)
    found = list(claims.select_related("kept_by"))
    for claim in found:
        claim.recommendation = recommendation
    return found


def tags_in_use(person: User) -> list[tuple[str, str]]:
    """Return (parameter, label) of each tag that a recommendation has which ``person`` can see."""
    rows = Tag.objects.visible_to(person).order_by("kind", "value").values_list("kind", "value").distinct()
    labels = [(f"{kind}:{value}", tag_label(kind, value)) for kind, value in rows]
    return sorted(labels, key=lambda one: (one[0].partition(":")[0] == "country", one[1]))
