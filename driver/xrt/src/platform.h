// SPDX-License-Identifier: Apache-2.0
// Whether an xclbin was built for the platform that a card has.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sapulse {

/// A platform (shell) of XRT; what is empty is not known.
struct XrtPlatform {
  std::string name;  ///< xilinx_u55c_gen3x16_xdma_base_3
  std::string uuid;  ///< of its interface
};

/// The first interface UUID in an xclbin's section PARTITION_METADATA (JSON); empty if there is none.
std::string find_interface_uuid(std::string_view partition_metadata);

/// Says that the two are different platforms, with both UUIDs and the commands that show them; nothing if they are not,
/// or if it is not known. `card`, `file`: for the message.
std::optional<std::string> explain_platforms(const XrtPlatform& of_card, const std::string& card,
                                             const XrtPlatform& of_file, const std::string& file);

}  // namespace sapulse
