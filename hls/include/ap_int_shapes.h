// SPDX-License-Identifier: Apache-2.0
// Width and signedness of the results of operators, and of what they are computed with.
#pragma once

#include "ap_int_operands.h"

namespace ap_detail {

template <int W, bool S>
struct shape {
  static constexpr int width = W;
  static constexpr bool is_signed = S;
};

// Width and signedness of results (UG1399, "Class Methods, Operators, and Data Members").
template <class X, class Y>
inline constexpr bool is_signed = X::is_signed || Y::is_signed;
template <class X, class Y>
using logic = shape<max(X::width + (is_signed<X, Y> && !X::is_signed), Y::width + (is_signed<X, Y> && !Y::is_signed)),
                    is_signed<X, Y>>;
template <class X, class Y>
using sum = shape<logic<X, Y>::width + 1, is_signed<X, Y>>;
template <class X, class Y>
using difference = shape<logic<X, Y>::width + 1, true>;
template <class X, class Y>
using product = shape<X::width + Y::width, is_signed<X, Y>>;
template <class X, class Y>
using quotient = shape<X::width + Y::is_signed, is_signed<X, Y>>;
template <class X, class Y>
using remainder = shape<min(X::width, Y::width + (X::is_signed && !Y::is_signed)), X::is_signed>;

/// What a quotient is computed with: the wider operand's type, as in C. An unsigned value and a narrower negative one
/// have the quotient 0.
template <class X, class Y>
using division = shape<max(X::width, Y::width) + is_signed<X, Y>, (X::width == Y::width    ? is_signed<X, Y>
                                                                   : (X::width > Y::width) ? X::is_signed
                                                                                           : Y::is_signed)>;
/// For a remainder, a negative divisor of an unsigned value is a large number always.
template <class X, class Y>
using modulus = shape<division<X, Y>::width, division<X, Y>::is_signed && X::is_signed>;

// Comparisons follow the rule of C: from 32 bits on, a signed operand counts as unsigned beside an unsigned one that is
// not narrower, and -1 is its largest value. Equality looks at the wider operand's bits, or 32; but below 64 bits,
// operands of one width are equal only as numbers.
template <class X, class Y>
using equality = std::conditional_t<X::is_signed == Y::is_signed || (X::width == Y::width && X::width < 64),
                                    logic<X, Y>, shape<max(32, max(X::width, Y::width)), false>>;
template <class X, class Y>
inline constexpr bool orders_signed =
    X::is_signed == Y::is_signed
        ? X::is_signed
        : max(X::width, Y::width) < 32 || (X::is_signed ? X::width > Y::width : Y::width > X::width);
template <class X, class Y>
using order = shape<max(X::width, Y::width) + (X::is_signed != Y::is_signed), orders_signed<X, Y>>;

/// What a result's type is made of: Lifted, the shape of the operand T. But the vendor's header takes a range beside a
/// number for as signed as its variable is, though it computes with the unsigned value.
template <class T, class Other, class Lifted>
struct declared : Lifted {};
template <int W, bool S, class Other, class Lifted>
  requires(kind_of<Other> == kind::number)
struct declared<ap_range_ref<W, S>, Other, Lifted> : shape<W, S> {};

/// The two shapes that make a result's type. The vendor's header has them in the wrong order for a C integer and a
/// number, which shows in the widths of quotients and remainders alone.
template <class A, class B, class X, class Y>
struct ordered {
  static constexpr bool swapped =
      (kind_of<A> == kind::c || kind_of<A> == kind::concatenation) && kind_of<B> == kind::number;
  using first = std::conditional_t<swapped, Y, declared<A, B, X>>;
  using second = std::conditional_t<swapped, X, declared<B, A, Y>>;
};

}  // namespace ap_detail
