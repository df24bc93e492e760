// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

namespace entente {

std::string Error::Text() const {
  std::string text;
  if (!where.empty()) text += where + ": ";
  text += what;
  if (!advice.empty()) text += "; " + advice;
  return text;
}

}  // namespace entente
