"""A bundle of evidence: asked for by the page, unpacked, and verified as a partner does it."""

import io
import subprocess
import sys
import zipfile

from django.urls import reverse

from tests.support.pages import browser_of

WHY = "For the UN mandate holder."


def bundle_of(person, recommendation, **said):
    """Ask for the bundle by the page. Returns: the answer, its bytes read."""
    page = reverse("recommendation-bundle", args=[recommendation.reference])
    answer = browser_of(person).post(page, {"pictures": "copies", "reason": WHY, **said})
    answer.data = b"".join(answer.streaming_content) if answer.streaming else None
    return answer


def unpacked(data, folder):
    """Unpack a bundle; return its folder."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return folder


def verified(folder):
    """Run both commands of the README. Returns: (exit status of sha256sum, of the script, what it said)."""
    sums = subprocess.run(
        ["sha256sum", "-c", "--quiet", "manifest-sha256.txt"], cwd=folder, capture_output=True, check=False
    )
    script = subprocess.run(
        [sys.executable, "verify.py"], cwd=folder, capture_output=True, text=True, check=False
    )
    return sums.returncode, script.returncode, script.stdout


def check_is_found(answer, folder, forgery, fault):
    """Forge a bundle, and check that the script of the bundle says so."""
    unpacked(answer.data, folder)
    forgery(folder)
    _sums, status, said = verified(folder)
    assert status == 1 and fault in said
