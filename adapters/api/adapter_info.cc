// SPDX-License-Identifier: Apache-2.0
#include "adapters/api/adapter_info.h"

#include <algorithm>

namespace entente::adapter {

const Form* AdapterInfo::FindForm(std::string_view form) const {
  const auto found = std::ranges::find(forms, form, &Form::name);
  return found == forms.end() ? nullptr : &*found;
}

const Form* AdapterInfo::DefaultForm(Carrier carrier) const {
  const auto found = std::ranges::find(forms, carrier, &Form::carrier);
  return found == forms.end() ? nullptr : &*found;
}

std::string_view TransportName(TransportKind kind) {
  switch (kind) {
    case TransportKind::kTcp:
      return "tcp";
    case TransportKind::kTls:
      return "tls";
    case TransportKind::kUdp:
      return "udp";
    case TransportKind::kUdpMulticast:
      return "multicast";
  }
  return "tcp";
}

Carrier CarrierOf(TransportKind kind) {
  return kind == TransportKind::kTcp || kind == TransportKind::kTls ? Carrier::kStream : Carrier::kDatagram;
}

}  // namespace entente::adapter
