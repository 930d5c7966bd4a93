# SPDX-License-Identifier: Apache-2.0
"""Gateways to look at: metrics_fleet, a program of the tests."""
import contextlib
import itertools
import json
import subprocess
import urllib.request

PATIENCE_S = 60


@contextlib.contextmanager
def running(program):
    """Runs the program; the URLs of its gateways."""
    with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            urls = [line.strip() for line in itertools.islice(process.stdout, 3)]
            if len(urls) != 3:
                raise RuntimeError(f"{program} has ended")
            yield urls
        finally:
            process.stdin.close()


def fetch(url):
    with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
        return answer.read().decode()


def fetch_json(url):
    return json.loads(fetch(url))
