"""Pairs that ``compare_reports`` printed and a person corrected, for ``import_report --pairs``."""

import json
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from recommendations.choices import LineageKind
from recommendations.models import User
from recommendations.rules.lineage import ChosenLine
from recommendations.succession.handing_over import Succession, check
from recommendations.succession.meeting import predecessor


def person_called(address):
    """Return the person with an e-mail address. Raises: CommandError."""
    person = User.objects.filter(email=address.strip().casefold()).first()
    if person is None:
        raise CommandError(f"There is nobody with the address {address}.")
    return person


def succession_of(path: Path, parsed, *, carries):
    """Return what an import takes over by the pairs of a file, each checked.

    Args:
        parsed: the report that is imported.
        carries: whether what people set on the earlier recommendations is carried over.

    Raises: CommandError that names the pair, or the line of the file.
    """
    earlier = predecessor(parsed)
    if earlier is None:
        raise CommandError(
            f"--pairs: there is no earlier report of {parsed.country_name} here to which {parsed.year} is "
            "the next."
        )
    pairs = _read(path)
    old = list(earlier.recommendations.listed().order_by("position"))
    lines = [_line(path, number, pair, old, carries) for number, pair in enumerate(pairs, 1)]
    try:
        check(
            lines,
            old={row.reference: row.text for row in old},
            new={item.position: item.text for item in parsed.recommendations},
            earlier=earlier,
            later_is_whole=parsed.complete,
        )
    except ValidationError as problems:
        place, (sentence, *_more) = next(iter(problems.message_dict.items()))
        raise CommandError(f"{_called(path, int(place) + 1, pairs[int(place)])}: {sentence}") from problems
    return Succession(earlier, lines)


def _read(path):
    """Return the pairs of a file. Raises: CommandError."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise CommandError(f"{path}, line {error.lineno}: this is no JSON ({error.msg}).") from error
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read as text in UTF-8: {error}.") from error
    pairs = said.get("pairs") if isinstance(said, dict) else None
    if not isinstance(pairs, list):
        raise CommandError(f'{path} has no "pairs". Give a file as compare_reports --format json prints it.')
    return pairs


def _line(path, number, pair, old, carries):
    """Return the line that a pair of the file says. Raises: CommandError."""
    if not isinstance(pair, dict):
        raise CommandError(f'{path}, pair {number}: give it as {{"old": [1], "new": [1], "kind": "same"}}.')
    called = _called(path, number, pair)
    olds, news = (_numbers(called, pair, side) for side in ("old", "new"))
    if max(olds, default=0) > len(old):
        raise CommandError(f"{called}: the earlier report has {len(old)} recommendations.")
    if pair.get("kind") not in LineageKind.values:
        kinds = ", ".join(LineageKind.values)
        raise CommandError(f"{called}: its kind is none of {kinds}.")
    return ChosenLine(tuple(old[at - 1].reference for at in olds), news, LineageKind(pair["kind"]), carries)


def _numbers(called, pair, side):
    """Return the positions of one side. Raises: CommandError."""
    found = pair.get(side)
    if not isinstance(found, list) or any(type(one) is not int or one < 1 for one in found):
        raise CommandError(f'{called}: "{side}" has to be a list of numbers from 1, such as [2] or [2, 3].')
    return tuple(found)


def _called(path, number, pair):
    """Return how a refusal names a pair: where it is in the file, and what it says."""
    ends = (json.dumps(pair.get(side, []), ensure_ascii=False) for side in ("old", "new"))
    return f"{path}, pair {number} ({' → '.join(ends)}, {pair.get('kind', 'no kind')})"
