#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What Chromium makes of the page of a gateway.

usage: page_test.py FLEET     FLEET: metrics_fleet
"""
import html.parser
import subprocess
import sys
import tempfile

import fleet

HOSTILE_NAME = "<script>document.title='taken'</script>\"\\"


class Page(html.parser.HTMLParser):
    """Cells of the table's rows, scripts and title."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.scripts, self.title = [], [], ""
        self.within = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.within.append(tag)
        if tag == "script":
            self.scripts.append(dict(attrs).get("src"))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        while self.within and self.within.pop() != tag:
            pass

    def handle_data(self, data):
        if self.within and self.within[-1] in ("td", "th"):
            self.rows[-1][-1] += data
        if self.within and self.within[-1] == "title":
            self.title += data


def page_of(url):
    """The page after its script has fetched the table."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}",
                   "--virtual-time-budget=1500", "--dump-dom", url]
        done = subprocess.run(command, capture_output=True, text=True, timeout=fleet.PATIENCE_S, check=True)
    return Page(done.stdout)


def main():
    with fleet.running(sys.argv[1]) as urls:
        page = page_of(urls[1])
    assert [row[0:5] for row in page.rows[1:]] == [
        ["second", "0x00002000", "198.51.100.1", "down", "silence"],
        [HOSTILE_NAME, "0x00001000", "198.51.100.1", "up", "sign-of-life"]], page.rows
    assert page.scripts == ["sapulse.js"], page.scripts
    assert page.title == "1 down - sapulse", page.title


if __name__ == "__main__":
    main()
