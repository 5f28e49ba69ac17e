"""Sealing evidence: at the first start, for what came before there was sealing, and anew to other keys."""

import logging

from recommendations import vault
from recommendations.summaries.holdings import expectations
from recommendations.vault import keys, resealing

logger = logging.getLogger(__name__)


def make_first_key():
    """Make the server's key where there never was one. Returns: whether it was made.

    Raises: vault.Locked when the key is missing or wrong though evidence is sealed.
    """
    return keys.make_first(anything_sealed=vault.anything_sealed())


def seal_unsealed(progress=iter):
    """Seal what lies there unsealed; to be called again until nothing is left, whatever stopped it.

    Args:
        progress: wraps the list of names and yields them, as a progress bar does.

    Returns: (how many were sealed, a sentence for each that could not be).
    """
    return _each(resealing.unsealed(), progress)


def _each(names, progress, own=None, done=lambda _name: None):
    """Seal objects anew, one after the other. Returns: (how many, what went wrong in sentences)."""
    expected, sealed, problems = expectations(), 0, []
    for name in progress(names):
        try:
            resealing.reseal(name, expected=expected.get(name), own=own)
        except vault.Locked:
            raise
        except (vault.Damaged, OSError) as error:
            problems.append(f"{error}")
            continue
        done(name)
        sealed += 1
    return sealed, problems
