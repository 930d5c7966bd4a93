#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What tshark says of the captures of `sapulse ping` and `sapulse lab`.

usage: tshark_test.py SOURCE-FOLDER SAPULSE [unittest arguments]
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

from captures import NS_PER_SECOND, dissect

ROOT = pathlib.Path(sys.argv.pop(1)).resolve()
SAPULSE = sys.argv.pop(1)
SCRIPT = ROOT / "host/wireshark/sapulse.lua"
DEMO = ROOT / "tests/demo"
IN, OUT = "0x00000001", "0x00000002"
REQUEST, REPLY = "1", "2"
FIELDS = ["frame.time_epoch", "frame.interface_name", "frame.packet_flags", "sapulse.type", "sapulse.transaction",
          "_ws.malformed"]
PINGS = 3
LAB = """
duration: 20ms
nodes: [west, east]
links: [{between: [west, east], sas: 2, interval: 5ms}]
events: [{at: 10ms, crash: east}]
"""


def sapulse(*arguments):
    return subprocess.run([SAPULSE, *map(str, arguments)], capture_output=True, text=True, check=False)


def ns(epoch):
    seconds, _, fraction = epoch.partition(".")
    return int(seconds) * NS_PER_SECOND + int(fraction.ljust(9, "0"))


class Captures(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name) / "out.pcapng"
        self.lab = self.file.with_name("lab.yaml")
        self.lab.write_text(LAB)

    def capture(self, *arguments):
        done = sapulse(*arguments, "--capture", self.file)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return self.file

    def dissected(self, *arguments):
        return dissect(SCRIPT, self.capture(*arguments), FIELDS)

    def test_pings_and_their_replies(self):
        before = time.time_ns()
        frames = self.dissected("ping", "peer0", "-c", PINGS, "-i", "1ms", "--sas", DEMO / "sas.yaml", "--device", "model")
        after = time.time_ns()
        times = [ns(frame["frame.time_epoch"]) for frame in frames]
        self.assertTrue(all(before <= each <= after for each in times))
        self.assertEqual({frame["frame.interface_name"] for frame in frames}, {"line"})
        requests = {frame["sapulse.transaction"]: frame for frame in frames if frame["sapulse.type"] == REQUEST}
        replies = {frame["sapulse.transaction"]: frame for frame in frames if frame["sapulse.type"] == REPLY}
        self.assertGreaterEqual(sum(reply["frame.packet_flags"] == IN for reply in replies.values()), PINGS)
        self.assertLessEqual(set(replies), set(requests))
        for transaction, reply in replies.items():
            request = requests[transaction]
            self.assertEqual({request["frame.packet_flags"], reply["frame.packet_flags"]}, {IN, OUT})
            self.assertLess(ns(request["frame.time_epoch"]), ns(reply["frame.time_epoch"]))

    def test_both_nodes_of_a_lab_in_its_time(self):
        frames = self.dissected("lab", self.lab, "--model", "fast")
        self.assertEqual([frame for frame in frames if frame["_ws.malformed"]], [])
        times = [ns(frame["frame.time_epoch"]) for frame in frames]
        self.assertEqual(times, sorted(times))
        by_transaction = {}
        for frame in frames:
            seen = by_transaction.setdefault(frame["sapulse.transaction"], [])
            seen.append((frame["frame.interface_name"], frame["frame.packet_flags"], frame["sapulse.type"]))
        for asks, answers in [("west", "east"), ("east", "west")]:
            ping = [(f"{asks} line", OUT, REQUEST), (f"{answers} line", IN, REQUEST),
                    (f"{answers} line", OUT, REPLY), (f"{asks} line", IN, REPLY)]
            self.assertIn(ping, by_transaction.values())

    def test_the_same_scenario_gives_the_same_capture(self):
        first, second = (self.capture("lab", self.lab, "--model", "fast").read_bytes() for _ in range(2))
        self.assertEqual(first, second)

    def test_the_section_says_who_has_written_it(self):
        version = re.search(r"\d+\.\d+\.\d+", sapulse("--version").stdout)
        file = self.capture("ping", "peer0", "-c", "1", "--sas", DEMO / "sas.yaml", "--device", "sim")
        about = subprocess.run(["capinfos", file], capture_output=True, text=True, check=True).stdout
        self.assertIn(f"sapulse {version[0]}", about)
        self.assertIn("nanoseconds (9)", about)
        self.assertRegex(about, r"(?s)Name = line.*Name = core")

    def test_a_full_disk_ends_the_capture_and_not_the_service(self):
        socket = self.file.with_name("socket")
        service = subprocess.Popen([SAPULSE, "serve", "--sas", DEMO / "sas.yaml", "--socket", socket, "--capture", "/dev/full"],
                                   stdout=subprocess.PIPE, text=True)
        self.addCleanup(service.stdout.close)
        self.addCleanup(service.wait)
        self.addCleanup(service.terminate)
        log = ""
        while "the capture has ended" not in log or ", socket " not in log:  # the time limit of the test ends what never comes
            line = service.stdout.readline()
            self.assertTrue(line, log)
            log += line
        self.assertIn("--capture: /dev/full: No space left on device", log)
        self.assertEqual(sapulse("ping", "peer0", "-c", "1", "--socket", socket).returncode, 0)

    def test_refusals(self):
        sas = self.file.with_name("sas.yaml")
        sas.write_text((DEMO / "sas.yaml").read_text())
        sas.chmod(0o600)
        ping = ["ping", "peer0", "-c", "1", "--sas", sas]
        card = ["--device", "vfio:0000:41:00.0", "--state", sas.with_name("state")]
        for arguments, code, text in [
                ([*ping, *card, "--capture", self.file], 2, "mirror port of the switch"),
                ([*ping, "--capture", sas], 2, "is the file that is read"),
                ([*ping, "--capture", "-"], 2, "- is no file"),
                ([*ping, "--capture", self.file.parent], 1, "Is a directory"),
                ([*ping, "--capture", "/dev/full"], 1, "No space left on device: the capture has ended"),
                (["ping", "peer0", "--capture", self.file], 2, "sapulse serve --capture")]:
            with self.subTest(arguments):
                done = sapulse(*arguments)
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertIn(text, done.stderr)
                self.assertFalse(self.file.exists())
        self.assertEqual(sas.read_text(), (DEMO / "sas.yaml").read_text())


if __name__ == "__main__":
    unittest.main()
