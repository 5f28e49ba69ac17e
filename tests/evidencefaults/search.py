"""How fast the search in the text of documents is, beside bare SQL for the same rows in the same run."""

import os
import re
import subprocess
import sys

from tests.evidencefaults.registry import Figure, figure
from tests.support.processes import ROOT


@figure("search in 20,000 documents", "at most 3 × the bare SQL", quick=False)
def search(_bench):
    """Run the measuring script in a process of its own."""
    command = [sys.executable, "bench/search.py"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True)
    ratios = re.findall(r"ratio (\d+\.\d+)$", done.stdout, re.MULTILINE)
    last = (done.stdout or done.stderr).strip().splitlines()[-1]
    return Figure(tries=len(ratios), missed=int(done.returncode != 0), said=last, notes={"ratios": ratios})
