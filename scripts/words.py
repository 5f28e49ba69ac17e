#!/usr/bin/env python3
"""Looks in what people read for words that the glossary does not use. Run by ``make lint-words``.

The words are those of the last column under "Labels" in ``docs/domain.md``. It reads the messages of
templates, the translated strings of the code, and the documents for people who do not know the code.
"""

import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ("README.md", "docs/guide/*.md")
MARKERS = {"_", "_lazy", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
MESSAGE = re.compile(
    r"""\{%\s*translate\s+(?P<quote>["'])(?P<short>.*?)(?P=quote)"""
    r"""|\{%\s*blocktranslate\b(?:[^%]|%(?!\}))*%\}(?P<long>.*?)\{%\s*endblocktranslate""",
    re.DOTALL,
)


def glossary():
    """Return {word that is not used: label to use instead}."""
    text = (ROOT / "docs" / "domain.md").read_text().partition("### Labels")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("|")]
    return {word: label.strip() for _thing, label, unused in rows for word in re.findall("“([^”]+)”", unused)}


def messages_of_template(text):
    """Yield (line, message) of each message of a template, with white space folded."""
    for found in MESSAGE.finditer(text):
        words = found["short"] if found["quote"] else found["long"]
        yield text.count("\n", 0, found.start()) + 1, " ".join(words.split())


def messages_of_code(text):
    """Yield (line, message) of each translated string of a module."""
    for node in ast.walk(ast.parse(text)):
        name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if name in MARKERS:
            for argument in node.args[:2]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.lineno, argument.value


def messages():
    """Yield (path, line, words) of all that is looked into."""
    for path in sorted((ROOT / "templates").rglob("*.*")):
        yield from ((path, line, words) for line, words in messages_of_template(path.read_text()))
    for folder in ("recommendations", "tracker"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from ((path, line, words) for line, words in messages_of_code(path.read_text()))
    for pattern in DOCUMENTS:
        for path in sorted(ROOT.glob(pattern)):
            lines = enumerate(path.read_text().splitlines(), start=1)
            yield from ((path, line, words) for line, words in lines)


def unused_words():
    """Yield a line for each word that the glossary does not use, with what to write instead."""
    labels = glossary()
    any_of = re.compile(rf"\b({'|'.join(map(re.escape, labels))})\b", re.IGNORECASE)
    by_word = {word.lower(): label for word, label in labels.items()}
    for path, line, words in messages():
        for found in any_of.finditer(words):
            place, label = f"{path.relative_to(ROOT)}:{line}", by_word[found[0].lower()]
            yield f"{place}: “{found[0]}” is not used; the label is: {label}"


if __name__ == "__main__":
    problems = list(unused_words())
    print("\n".join(problems), end="\n" if problems else "")
    sys.exit(bool(problems))
