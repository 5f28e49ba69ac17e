"""Instruments and countries that words name."""

import pytest

from recommendations.choices import TagKind
from recommendations.rules.naming import named_in

NAMED = {
    "in accordance with UNSCRs 2375 and 2397": ["UNSCR 2375", "UNSCR 2397"],
    "UN Security Council resolutions 1718, 2375, and 2397": ["UNSCR 1718", "UNSCR 2375", "UNSCR 2397"],
    "Accede to the 2000 UN TIP Protocol.": ["UN TIP Protocol"],
    "the Palermo Protocol, called the UN TIP Protocol": ["UN TIP Protocol"],
    "ratify ILO Conventions No. 29 and 105": ["ILO Convention 29", "ILO Convention 105"],
    "Article 150 and article 278 of the Criminal Code": ["Criminal Code, article 278"],
    "Articles 150 and 278 of the criminal code": ["Criminal Code, article 150", "Criminal Code, article 278"],
    "workers in Russia, the PRC, and the Democratic Republic of the Congo.": ["CD", "CN", "RU"],
    "the Republic of Korea and the Republic of the Congo": ["CG", "KR"],
    "the DPRK and North Koreans in Dandong": [],
    "a republic of the people; chad and turkey, in lower case": [],
    "": [],
}


@pytest.mark.parametrize("words", NAMED)
def test_what_words_name(words):
    found = named_in(words, besides="KP")
    assert sorted(value for _kind, value in found) == sorted(NAMED[words])
    assert all((kind == TagKind.COUNTRY) == (len(value) == 2) for kind, value in found)


def test_each_is_named_once_and_the_own_country_only_where_it_is_not_left_out():
    assert named_in("China and China; UNSCR 2397, UNSCR 2397") == [
        (TagKind.INSTRUMENT, "UNSCR 2397"),
        (TagKind.COUNTRY, "CN"),
    ]
    assert named_in("North Korea", besides="KP") == [] and named_in("North Korea") == [
        (TagKind.COUNTRY, "KP")
    ]
