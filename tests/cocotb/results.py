# SPDX-License-Identifier: Apache-2.0
"""Exit status of what cocotb has reported: 1 if a test has failed, or none has run.

usage: results.py RESULTS.xml
"""

import sys
from xml.etree import ElementTree


def main():
    tests = list(ElementTree.parse(sys.argv[1]).iter("testcase"))
    bad = [test.get("name") for test in tests if test.find("failure") is not None or test.find("error") is not None]
    print(f"cocotb: {len(tests)} tests, {len(bad)} failed{''.join(f' {name}' for name in bad)}")
    sys.exit(bool(bad) or not tests)


if __name__ == "__main__":
    main()
