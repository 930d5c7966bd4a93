// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

namespace sapulse::hlsc {

/// Words that a co-simulation takes instead of random ones, by the stream or scalar that gets them: hexadecimal digits
/// without leading zeros.
using Given = std::map<std::string, std::vector<std::string>>;

/// Adds what a file gives.
/// @param text NAME=FILE. The file has a hexadecimal number a line; empty lines, and what comes after #, do not count.
/// Throws Error with file and line for what is no number, and for a file that cannot be read or has none.
void read_given(const std::string& text, Given& given);

/// The words of a stream or scalar as C++: ", {"1f", "20"}". Throws Error for a word of more bits.
std::string initialiser(const std::string& name, const std::vector<std::string>& words, unsigned bits);

}  // namespace sapulse::hlsc
