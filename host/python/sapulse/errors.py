# SPDX-License-Identifier: Apache-2.0
"""What the library refuses, as an exception."""
import enum


class Status(enum.IntEnum):
    """Why a call failed."""

    OK = 0
    INVALID_ARGUMENT = 1  # something out of range
    NOT_FOUND = 2  # no such SA, device or file
    EXISTS = 3  # an SA with this SPI is installed already
    NO_SPACE = 4  # table, ring or memory is full
    INCOMPATIBLE = 5  # device of another version or build
    DEVICE_ERROR = 6  # the device answered with an error or not at all
    DMA_FAULT = 7  # the device accessed memory it was not given
    TIMEOUT = 8  # nothing happened in time
    IO_ERROR = 9  # operating system call failed
    PARSE_ERROR = 10  # malformed file or frame
    UNSUPPORTED = 11  # this device lacks the feature
    INTERNAL = 12  # out of memory, or a defect of the library

    def __str__(self) -> str:
        return self.name.lower()


class Error(Exception):
    """A call failed; the text is the library's message, which says what and where and contains no key material."""

    def __init__(self, status: Status, message: str) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message

    def __str__(self) -> str:
        return self.message


def invalid(message: str) -> Error:
    """An argument that does not fit the C face."""
    return Error(Status.INVALID_ARGUMENT, message)
