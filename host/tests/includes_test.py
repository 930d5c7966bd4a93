#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/includes.py on trees with and without violations. usage: includes_test.py SCRIPTS"""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, sys.argv.pop(1))
sys.dont_write_bytecode = True
import includes  # noqa: E402


class Violations(unittest.TestCase):
    def found(self, files):
        """Violations of a tree of these files, by path."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text, encoding="utf-8")
            return list(includes.violations(root))

    def test_names_file_and_line(self):
        found = self.found({"sim/include/sapulse/sim/card.h": "", "driver/vfio/src/a.cpp": '// a\n#include "sapulse/sim/card.h"\n'})
        self.assertEqual(found, ["driver/vfio/src/a.cpp:2: driver/vfio may not include sim/include/sapulse/sim/card.h"])

    def test_private_headers_are_private(self):
        files = {"host/src/sa_store.h": "", "host/include/sapulse/sa.h": "", "host/command/a.cpp": '#include "sa_store.h"\n',
                 "host/command/b.cpp": "#include <sapulse/sa.h>\n", "host/tests/c.cpp": '#include "sa_store.h"\n'}
        self.assertEqual(self.found(files), ["host/command/a.cpp:1: host/command may not include host/src/sa_store.h"])

    def test_header_beside_the_source_comes_first(self):
        files = {"host/src/wire.h": "", "sim/pcie/wire.h": "",
                 "sim/pcie/wire.cpp": '#include "wire.h"\n', "sim/src/a.cpp": '#include "wire.h"\n'}
        self.assertEqual(self.found(files), [])

    def test_headers_of_others_do_not_matter(self):
        self.assertEqual(self.found({"sim/a.cpp": '#include <vector>\n#include "generated.h"\n'}), [])


class Circle(unittest.TestCase):
    def test_none(self):
        self.assertIsNone(includes.circle())

    def test_found_through_others(self):
        before = includes.ALLOWED["driver/open"]
        includes.ALLOWED["driver/open"] = {*before, "host/command"}
        try:
            self.assertEqual(set(includes.circle()), {"driver/open", "host/command"})
        finally:
            includes.ALLOWED["driver/open"] = before


if __name__ == "__main__":
    unittest.main()
