"""Somebody who uses the site over HTTP while things are broken."""

import http.cookiejar
import re
import time
import urllib.error
import urllib.parse
import urllib.request

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class _Stay(urllib.request.HTTPRedirectHandler):
    """Shows redirects instead of following them."""

    def redirect_request(self, *_args):
        return None


class Visitor:
    """A browser with cookies that notes what every request was answered with, and how long it took."""

    def __init__(self, site):
        self.site, self.answers, self.slowest = site, [], 0.0
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._browser = urllib.request.build_opener(cookies, _Stay())

    def get(self, path):
        """Open a page. Returns: its text."""
        return self._ask(path, None)

    def post(self, path, **fields):
        """Fill in the form on a page. Returns: the answer's text."""
        token = TOKEN.search(self.get(path))
        if not token:
            raise AssertionError(f"There is no form on {path}.")
        return self._ask(path, urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **fields}).encode())

    def _ask(self, path, data):
        began = time.monotonic()
        request = urllib.request.Request(self.site + path, data, {"Referer": self.site + path})
        try:
            with self._browser.open(request, timeout=60) as answer:
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            status, text = error.code, ""
        self.slowest = max(self.slowest, time.monotonic() - began)
        self.answers.append((path, status))
        return text

    @property
    def refused(self):
        """The answers that are neither success nor a redirect."""
        return [(path, status) for path, status in self.answers if not 200 <= status < 400]
