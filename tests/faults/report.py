"""The table of a run, its JSON, and whether it passed."""

import json

HEADS = ("no.", "test", "kills", "rows", "lost", "extra", "unknown", "passes at", "passed")
WIDEST = 46


def lines(rows):
    """Yield the table of one database: a line for each variant, what was measured below, misses marked."""
    table = [HEADS, *(_cells(row) for row in rows)]
    widths = [min(WIDEST, max(len(line[column]) for line in table)) for column in range(len(HEADS))]
    yield _ruled(HEADS, widths)
    yield "-+-".join("-" * width for width in widths)
    for row in rows:
        yield from _wrapped(_cells(row), widths)
        for words in filter(None, [row.get("said"), *(f"MISSED {miss}" for miss in row.get("misses", []))]):
            yield f"{'':{widths[0]}} |   {words}"


def _cells(row):
    name = f"{row['title']} [{row['variant']}]" if row.get("variant") else row["title"]
    if "not_run" in row:
        return (row["number"], name, "", "", "", "", "", row["not_run"], "not run")
    figures = (str(row[key]) for key in ("kills", "rows", "lost", "extra", "unknown"))
    return (row["number"], name, *figures, row["pass"], "yes" if row["passed"] else "NO")


def _wrapped(cells, widths):
    """Yield as many lines as the longest cell takes."""
    columns = [_folded(cell, width) for cell, width in zip(cells, widths, strict=True)]
    for number in range(max(map(len, columns))):
        yield _ruled([column[number] if number < len(column) else "" for column in columns], widths)


def _folded(cell, width):
    lines, line = [], ""
    for word in cell.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]


def _ruled(cells, widths):
    return " | ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip()


def shortcomings(stages, asked):
    """Return what keeps a run from having passed, as sentences.

    Args:
        stages: {database: rows}.
        asked: the numbers of the tests that were to run.
    """
    found = []
    for database, rows in stages.items():
        seen = {row["number"] for row in rows}
        found += [f"{database}: test {number} did not run" for number in asked if number not in seen]
        for row in rows:
            if "not_run" not in row and not row["passed"]:
                found.append(f"{database}: test {row['number']}: {'; '.join(row['misses'])}")
    return found


def write(path, *, size, stages, not_run, failures, seconds):
    """Write all of it as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = {
        "size": size,
        "passed": not failures,
        "failures": failures,
        "databases": stages,
        "databases_not_run": not_run,
        "seconds": round(seconds),
    }
    path.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
