"""Whether words ask for a practice to end, or for something to be done: the verb of their order decides."""

import pytest

from recommendations.choices import Nature
from recommendations.importing.nature import nature_of, nature_within
from recommendations.services.reports import import_report
from tests.support.factories import NOW
from tests.support.importing import DOCUMENT

PRISONS = (
    "End the use of forced labor, including that performed in prison camps, through mass mobilizations of "
    "adults, and among workers abroad in violation of UNSCR 2397."
)
MIXED = (
    "End the use of the death penalty for victims who are returned, and provide assistance to victims at "
    "home; cease garnishing wages. Allow all to choose their work."
)


@pytest.mark.parametrize(
    "words",
    [
        "End the use of forced labor.",
        "cease the monitoring of overseas workers and the garnishing of their wages",
        "Stop the forcible recruitment and use of child soldiers.",
        "Eliminate coercive tactics to monitor and limit movements.",
        "Discontinue the practice.",
        "Refrain from penalizing victims.",
        "Immediately and unconditionally halt all deportations.",
        "While respecting due process, abolish the sponsorship system.",
        "Put an end to arbitrary arrests.",
        "Do not penalize victims.",
        "Take steps to eliminate all recruitment fees charged to workers.",
        "Increase efforts to end child labor.",
    ],
)
def test_a_practice_to_end(words):
    assert nature_of(words) == Nature.END


@pytest.mark.parametrize(
    "words",
    [
        "Criminalize sex trafficking and labor trafficking.",
        "Accede to the 2000 UN TIP Protocol.",
        "Endorse the guidelines.",
        "Enact a law that ends forced labor.",
        "Ensure victims are not punished for crimes that traffickers compelled them to commit.",
        "Take steps to train judges to stop trafficking.",
        "Prohibit recruitment fees.",
        "",
    ],
)
def test_something_to_do(words):
    assert nature_of(words) == Nature.DO


@pytest.mark.parametrize(
    ("text", "words", "nature"),
    [
        (PRISONS, "prison camps", Nature.END),
        (PRISONS, "among workers abroad", Nature.END),
        (MIXED, "the death penalty", Nature.END),
        (MIXED, "provide assistance", Nature.DO),
        (MIXED, "victims at home", Nature.DO),
        (MIXED, "garnishing wages", Nature.END),
        (MIXED, "choose their work", Nature.DO),
    ],
)
def test_an_ask_is_of_the_nature_of_its_own_order(text, words, nature):
    start = text.index(words)
    assert nature_within(text, start, start + len(words)) == nature


@pytest.mark.django_db
def test_of_the_eleven_the_first_four_are_practices_to_end():
    report, _made = import_report(document=DOCUMENT, now=NOW)
    natures = list(report.recommendations.order_by("position").values_list("nature", flat=True))
    assert natures == [Nature.END] * 4 + [Nature.DO] * 7
