// SPDX-License-Identifier: Apache-2.0
// The part of configuration files about SAs that are taken from the kernel.
#pragma once

#include "sapulse/kernel_sas.h"
#include "yaml_tree.h"

namespace sapulse {

/// Reads the field `kernel`; what is not given is as in `defaults`. Throws YamlMistake.
KernelSaSettings read_kernel(const YamlNode& node, const KernelSaSettings& defaults);

}  // namespace sapulse
