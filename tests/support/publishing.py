"""What the story of the locks does with what may be said outside."""

from functools import partial

from recommendations.choices import Earlier, Extent, Sensitivity
from recommendations.selectors import held_back
from recommendations.services import counting, publications
from recommendations.services.evidence import details, outside
from tests.support import factories
from tests.support.factories import NOW


def _words_of(story):
    """Approve an update with words to quote. Returns: what its publication is about."""
    about = {"reviewer": story.team["second"], "public_text": "The words."}
    update = factories.approve(story.team["author"], story.recommendation, **about)
    return {"update": update, "now": NOW}


def proposes(story):
    about = {**_words_of(story), "actor": story.team["author"]}
    return partial(publications.propose, **about, extent=Extent.WORDS)


def confirms(story):
    act = proposes(story)
    act()
    return partial(publications.confirm, **{**act.keywords, "actor": story.team["reviewer"]})


def withdraws(story):
    act = confirms(story)
    act()
    about = {name: act.keywords[name] for name in ("update", "now", "actor")}
    return partial(publications.withdraw, **about, reason="She asked for it.")


def counts(story):
    team, about = (
        story.team,
        {"reviewer": story.team["second"], "cites": [factories.link(story.team["author"])]},
    )
    update = factories.approve_restricted(team["author"], story.recommendation, **about)
    factories.grant(team["reviewer"], update=update)
    return partial(counting.count_from_now, update=update, actor=team["reviewer"], now=NOW)


def tells(story):
    """Evidence that was changed after its publication is told again."""
    item = factories.link(story.team["author"], sensitivity=Sensitivity.PUBLIC)
    about = {"reviewer": story.team["second"], "cites": [item], "extent": Extent.WORDS}
    factories.publish(story.team["author"], story.recommendation, earlier=Earlier.LEAVE, **about)
    item = details.change(item=item, actor=story.team["author"], details={"title": "Another"}, now=NOW)
    seen = held_back.held(item).seen
    return partial(outside.tell, item=item, actor=story.team["reviewer"], seen=seen, now=NOW)


ACTS = {
    "let count": counts,
    "propose publication": proposes,
    "publish": confirms,
    "withdraw publication": withdraws,
    "tell changed evidence": tells,
}
