# SPDX-License-Identifier: Apache-2.0
# cmake -DLOG=<file> -P ShowLogAndFail.cmake: for "command > log || this": prints the log and fails.
file(READ ${LOG} text)
message(FATAL_ERROR "${text}")
