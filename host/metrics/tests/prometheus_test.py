#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prometheus scrapes three gateways, and its rules find what is wrong with them.

usage: prometheus_test.py FLEET RULES DASHBOARD     FLEET: metrics_fleet; the others: as they are shipped
"""
import json
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse

import fleet

CONFIG = """
global: {{ scrape_interval: 200ms, scrape_timeout: 200ms, evaluation_interval: 200ms }}
rule_files: [{rules}]
scrape_configs:
  - job_name: sapulse
    scrape_timeout: 200ms
    static_configs: [{{ targets: {targets} }}]
"""
EXPECTED = {("SapulseSaDown", "second", 1), ("SapulseDataSequenceHigh", "second", 2)}


class Prometheus:
    """The server, with its data in a folder of the test's."""

    def __init__(self, folder, rules, urls):
        targets = json.dumps([url.removeprefix("http://").rstrip("/") for url in urls])
        config = folder / "prometheus.yaml"
        config.write_text(CONFIG.format(rules=json.dumps(str(rules)), targets=targets), encoding="utf-8")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self.log = (folder / "log").open("w+", encoding="utf-8")
        self.process = subprocess.Popen(
            ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder}/data",
             f"--web.listen-address={self.address}"], stdout=self.log, stderr=subprocess.STDOUT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.log.close()

    def ask(self, path):
        """`data` of an answer; nothing while it does not serve yet."""
        if self.process.poll() is not None:
            self.log.seek(0)
            raise RuntimeError(f"prometheus has ended:\n{self.log.read()}")
        try:
            return fleet.fetch_json(f"http://{self.address}/api/v1/{path}")["data"]
        except (ConnectionError, urllib.error.URLError):
            return None

    def query(self, expression):
        answer = self.ask("query?" + urllib.parse.urlencode({"query": expression}))
        return answer["result"] if answer else []


def wait_for(what, condition):
    """The value of the condition once it is true."""
    end = time.monotonic() + fleet.PATIENCE_S
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.05)
    raise SystemExit(f"never came: {what}")


def alerts_of(prometheus, instances):
    answer = prometheus.ask("alerts")
    alerts = [alert["labels"] for alert in answer["alerts"]] if answer else []
    return {(labels["alertname"], labels.get("sa"), instances.index(labels["instance"])) for labels in alerts}


def check_names(metrics, rules, dashboard):
    """Whatever rules and dashboard ask for is there."""
    known = set(re.findall(r"^# TYPE (\S+)", metrics, re.MULTILINE)) | set(re.findall(r"record: (\S+)", rules))
    asked = set(re.findall(r"\bsapulse[_:][\w:]+(?=[{\[ )>])", rules + dashboard))
    assert len(asked) > 10, asked
    missing = {name for name in asked if name not in known and name.removesuffix("_bucket") not in known}
    assert not missing, missing


def main():
    program, rules, dashboard = sys.argv[1:]
    rules = pathlib.Path(rules).resolve()
    with fleet.running(program) as urls, tempfile.TemporaryDirectory() as folder:
        metrics = fleet.fetch(urls[1] + "metrics")
        subprocess.run(["promtool", "check", "metrics"], input=metrics, text=True, check=True)
        check_names(metrics, rules.read_text(encoding="utf-8"), pathlib.Path(dashboard).read_text(encoding="utf-8"))
        with Prometheus(pathlib.Path(folder), rules, urls) as prometheus:
            instances = [url.removeprefix("http://").rstrip("/") for url in urls]
            wait_for("the SAs of three gateways", lambda: len(prometheus.query("sapulse_sa_up")) == 6)
            names = {(instances.index(sample["metric"]["instance"]), sample["metric"]["sa"])
                     for sample in prometheus.query("sapulse_sa_up")}
            assert names == {(0, "first"), (0, "second"), (1, "<script>document.title='taken'</script>\"\\"), (1, "second"),
                             (2, "first"), (2, "second")}, names
            up = {instances.index(sample["metric"]["instance"]): sample["value"][1]
                  for sample in prometheus.query("sum by (instance) (sapulse_sa_up)")}
            assert up == {0: "2", 1: "1", 2: "2"}, up
            wait_for(f"alerts {EXPECTED}", lambda: alerts_of(prometheus, instances) == EXPECTED)


if __name__ == "__main__":
    main()
