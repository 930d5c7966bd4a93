# SPDX-License-Identifier: Apache-2.0
"""Reading one entry of the description: names, numbers and texts, with errors that name the entry at fault."""

from __future__ import annotations

import re

UPPER_NAME = re.compile(r"[A-Z][A-Z0-9_]*\Z")
LOWER_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


class WrittenNumber(int):
    """A number and how it is written in the description, for instance in base 16."""

    text: str


class DescriptionError(Exception):
    """The description contradicts itself or has an entry of unknown form."""


def require(condition: bool, where: str, message: str) -> None:
    if not condition:
        raise DescriptionError(f"{where}: {message}")


class Entry:
    """A YAML mapping with the place it stands at; refuses unknown keys, missing keys and values of the wrong type."""

    def __init__(self, raw: object, where: str, keys: set[str]):
        require(isinstance(raw, dict), where, "must be a mapping")
        name = raw.get("name")
        self.where = f"{where} {name}" if isinstance(name, str) else where
        self.raw = raw
        unknown = sorted(str(k) for k in set(raw) - keys)
        require(not unknown, self.where, f"unknown key {', '.join(unknown)}")

    def _get(self, key: str, kind: type, default: object) -> object:
        value = self.raw.get(key, default)
        require(value is not ..., self.where, f"{key} is missing")
        good = value is default or (isinstance(value, kind) and (kind is bool or not isinstance(value, bool)))
        require(good, self.where, f"{key} must be of type {kind.__name__}")
        return value

    def integer(self, key: str, default=...) -> int:
        value = self._get(key, int, default)
        require(value is None or value >= 0, self.where, f"{key} must not be negative")
        return value

    def number(self, key: str, known: dict[str, int], default=...) -> int:
        """A number, or the value of the constant that is named."""
        value = self.raw.get(key)
        if not isinstance(value, str):
            return self.integer(key, default)
        require(value in known, self.where, f"{key} names no constant: {value}")
        return known[value]

    def text(self, key: str, default=...) -> str:
        return self._get(key, str, default)

    def flag(self, key: str) -> bool:
        return self._get(key, bool, False)

    def entries(self, key: str) -> list:
        return self._get(key, list, [])

    def name(self, pattern: re.Pattern) -> str:
        name = self.text("name")
        require(bool(pattern.match(name)), self.where, f"name must match {pattern.pattern[:-2]}")
        return name


def require_unique(items: list, where: str) -> None:
    seen = set()
    for item in items:
        require(item.name not in seen, where, f"duplicate name {item.name}")
        seen.add(item.name)
