"""Saved pages as sites make them: nothing but the narrative becomes a recommendation."""

import html
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from recommendations.choices import SourceForm
from recommendations.documents import read
from recommendations.documents.forms import form_of
from recommendations.importing import parse
from tests.support.documents import BANNER, FOOTER, NAVIGATION, SIDEBAR, as_page
from tests.support.narratives import ORDERS, narrative

# What a careless reader would take for orders to a government.
MENU = ("Home", "Increase your knowledge", "Investigate our offices", "Submit a request; train with us.")
LINKS = "".join(f'<div><a href="/{number}">{words}</a></div>' for number, words in enumerate(MENU))
WORDS = "".join(f"<div><span onclick='go()'>{words}</span></div>" for words in MENU)
CONSENT = (
    "<div><div><p>We use cookies. End tracking. Provide your consent.</p><div><button>OK</button></div></div>"
    "</div>"
)
TIERS = "<p>Chad (Tier 3)<br>Chile: Tier 1<br>Cuba: Tier 2 Watch List</p>"


def page(body):
    return f"<!doctype html><html><head><title>A site</title></head><body>{body}</body></html>".encode()


def blocks(tag="p", after=True):
    """Return the narrative in blocks, its recommendations as a list."""
    front, back = narrative("|", after=after).split("|")
    listed = "".join(f"<li>{html.escape(order)}</li>" for order in ORDERS)
    made = [
        "".join(f"<{tag}>{html.escape(part)}</{tag}>" for part in text.split("\n\n") if part)
        for text in (front, back)
    ]
    return f"<ul>{listed}</ul>".join(made)


def broken():
    """Return the narrative with line breaks alone."""
    return html.escape(narrative("\n\n".join(f"• {order}" for order in ORDERS))).replace("\n", "<br>")


PAGES = {
    "elements without names": lambda: (
        f"{CONSENT}<div>{LINKS}</div><div><div>{blocks('div')}</div></div><div>{WORDS}</div>"
    ),
    "cells of a table": lambda: f"<table><tr><td>{LINKS}{WORDS}<td>{blocks()}<td>{TIERS}</table>",
    "line breaks": lambda: f"{LINKS}<div>{broken()}</div>{WORDS}",
    "a text that is set": lambda: f"{LINKS}<pre>{html.escape(narrative(' • '.join(ORDERS)))}</pre>{WORDS}",
    "a banner, shares and links beside the paragraphs": lambda: (
        f"<main>{CONSENT}<div class='share'>Share this</div>{blocks()}<div class='related-posts'>"
        "<h3>Related</h3><p>Increase your reading.</p></div><p><a href='/x'>Permalink</a></p></main>"
    ),
    "a class that names the sidebar": lambda: (
        f"<form><div class='content with-sidebar'>{blocks()}</div>"
        f"<div class='sidebar'>{TIERS}{WORDS}</div></form>"
    ),
    "a page that a window covered": lambda: (
        f"<div aria-hidden='true' class='modal-open'>{blocks()}</div>{CONSENT}"
    ),
    "the list at the end": lambda: (
        f"<div>{LINKS}</div><div>{blocks(after=False)}</div><div>{WORDS}{TIERS}</div>"
    ),
    "a list of contents": lambda: (
        "<div id='contents'><ul><li><a href='#a'>PRIORITIZED RECOMMENDATIONS</a><li><a href='#b'>PROSECUTION"
        f"</a></ul></div>{blocks()}"
    ),
    "elements that are never closed": lambda: f"<div><p>{LINKS}<div><b>{blocks()}",
}


@pytest.mark.parametrize("how", PAGES)
def test_only_the_narrative_becomes_recommendations(how):
    report = parse(read(page(PAGES[how]())).text, sha256="", country="FJ", year=2023)
    assert [item.text for item in report.recommendations] == list(ORDERS)
    assert report.tier == "2"


def test_the_title_above_the_narrative_says_the_year():
    heads = "<header><h1>2021 Trafficking in Persons Report: Fiji</h1></header><article>{}</article>"
    body = narrative("\n\n".join(ORDERS), title="")
    paragraphs = "".join(f"<p>{html.escape(part)}</p>" for part in body.split("\n\n"))
    assert parse(read(page(heads.format(paragraphs))).text, sha256="").year == 2021


@pytest.mark.parametrize("part", [BANNER, NAVIGATION, SIDEBAR, FOOTER])
def test_what_is_around_the_narrative_is_not_in_its_text(part):
    around = [part if one == part else "" for one in (BANNER, NAVIGATION, SIDEBAR, FOOTER)]
    text = narrative(" • ".join(ORDERS))
    assert read(as_page(text, around=around)).text == read(as_page(text, around=[""] * 4)).text


def test_a_mark_of_a_note_and_hidden_signs_are_no_words():
    words = "The&nbsp;law<sup><a href='#n1'>1</a></sup> anti&shy;traf&shy;ficking\u200b UN<sup>2</sup>"
    assert "The\u00a0law antitrafficking UN2" in read(page(f"<main><p>{words}</p></main>")).text


def test_a_page_that_was_saved_in_one_file_with_its_pictures_is_read():
    saved = MIMEMultipart("related")
    saved.attach(MIMEText(as_page(narrative(" • ".join(ORDERS), name="Curaçao")).decode(), "html", "utf-8"))
    saved.attach(MIMEText("p { color: red }", "css"))
    report = parse(read(saved.as_bytes()).text, sha256="")
    assert [item.text for item in report.recommendations] == list(ORDERS)
    assert report.country_code == "CW"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_a_page_is_read_in_its_own_encoding(encoding):
    named = {"cp1252": "windows-1252"}.get(encoding, encoding)
    made = as_page(narrative(" • ".join(ORDERS), name="Curaçao")).decode()
    data = made.replace('charset="utf-8"', f'charset="{named}"').encode(encoding)
    assert parse(read(data).text, sha256="").country_code == "CW"


def test_a_row_of_comments_is_looked_at_once():
    """An expression that tried each comment in several ways would never end here."""
    for before in (b"", b"<?xml version='1.0'?>"):
        comments = before + b"<!---->" * 5000
        assert form_of(comments + b"x") is SourceForm.TEXT
        assert form_of(comments + b"<html>") is SourceForm.PAGE
    assert form_of(b"<!-- a --> <!-- b --><!DOCTYPE html>") is SourceForm.PAGE
