#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`sapulse watch` on a terminal of 80 columns and 24 lines: fits, takes keys, leaves the terminal as it was.

usage: watch_terminal_test.py SAPULSE SAS.yaml
"""
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import unittest

SAPULSE, SAS = sys.argv.pop(1), sys.argv.pop(1)
LINES, COLUMNS = 24, 80
CONTROL = re.compile(r"\x1b\[[0-9]*[A-Za-z]")


class Terminal:
    """A command that runs on a terminal of its own."""

    def __init__(self, *command):
        self.end, child = pty.openpty()
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self.before = termios.tcgetattr(child)
        environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        # In the foreground of a session of its own, as from a shell.
        self.process = subprocess.Popen(["setsid", "--ctty", "--wait", *command], stdin=child, stdout=child,
                                        stderr=subprocess.PIPE, env=environment)
        self.child = child
        self.output = ""

    def wait_for(self, pattern):
        """Reads until it is there; the time limit of the test ends what never comes. Returns what has come since the last call."""
        while not (match := re.search(pattern, self.output)):
            self.output += os.read(self.end, 65536).decode()
        seen, self.output = self.output[:match.end()], self.output[match.end():]
        return seen

    def wait_for_end(self):
        """Exit status, and what has been complained of."""
        _, errors = self.process.communicate()
        return self.process.returncode, [line for line in errors.decode().splitlines() if "peers are simulated" not in line]

    def type(self, keys):
        os.write(self.end, keys.encode())

    def close(self):
        os.close(self.end)
        os.close(self.child)


class WatchOnTerminal(unittest.TestCase):
    def setUp(self):
        self.terminal = Terminal(SAPULSE, "watch", "--sas", SAS)
        self.addCleanup(self.terminal.close)

    def test_fits_sorts_and_quits(self):
        drawn = self.terminal.wait_for(r"by state[^\n]*q: quit[^\n]*\n")
        lines = CONTROL.sub("", drawn).replace("\r", "").splitlines()
        self.assertLess(len(lines), LINES)
        self.assertEqual([line for line in lines if len(line) > COLUMNS], [])
        self.assertTrue(any(line.startswith("peer0 ") for line in lines), lines)
        self.assertRegex(drawn, "\x1b\\[[0-9]+m")
        self.terminal.type("s")
        self.terminal.wait_for("by name")
        self.terminal.type("q")
        self.assertEqual(self.terminal.wait_for_end(), (0, []))
        self.assertEqual(termios.tcgetattr(self.terminal.child), self.terminal.before)

    def test_a_signal_leaves_the_terminal_as_it_was(self):
        self.terminal.wait_for("q: quit")
        self.assertNotEqual(termios.tcgetattr(self.terminal.child), self.terminal.before)
        self.terminal.type("\x03")
        self.assertEqual(self.terminal.wait_for_end(), (0, []))
        self.assertEqual(termios.tcgetattr(self.terminal.child), self.terminal.before)


if __name__ == "__main__":
    unittest.main()
