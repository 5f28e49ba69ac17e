"""How the recommendations of one report descend from those of an earlier one: a proposal; no database.

    compare(old, new, old_complete=True, new_complete=True, old_year=2017, new_year=2018).pairs

Both lists are solved as a whole (docs/domain.md, "How lineage is proposed").
"""

from .comparing import MOST, Comparison, Pair, compare
from .source_versions import Match, match

__all__ = ["MOST", "Comparison", "Match", "Pair", "compare", "match"]
