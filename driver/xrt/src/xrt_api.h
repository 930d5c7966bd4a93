// SPDX-License-Identifier: Apache-2.0
// The headers of XRT that have moved: from 2.17 on, those that were experimental/ are xrt/experimental/.
#pragma once

#include <xrt/xrt_device.h>

#if __has_include(<xrt/experimental/xrt_ip.h>)
#include <xrt/experimental/xrt_ip.h>
#else
#include <experimental/xrt_ip.h>
#endif

#if __has_include(<xrt/experimental/xrt_xclbin.h>)
#include <xrt/experimental/xrt_xclbin.h>
#else
#include <experimental/xrt_xclbin.h>
#endif
