"""What the story of the locks does with what may be said outside."""

from functools import partial

from recommendations.choices import Extent
from recommendations.services import publications
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


ACTS = {"propose publication": proposes, "publish": confirms, "withdraw publication": withdraws}
