// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the servers say of a record's stream: which of them leads it, and whether all of them have all of it.

#include <memory>
#include <string>
#include <vector>

#include "broker/record/jetstream/nats_link.h"

namespace entente::durability {

class StreamWatch {
 public:
  // Fails the test when none of the servers answers.
  StreamWatch(const std::vector<std::string>& servers, std::string stream);

  struct Standing {
    std::string leader;  // a server's name; empty: none, or nobody answers
    bool whole = false;  // there is a leader, and all others have what it has
  };
  [[nodiscard]] Standing Look() const;

 private:
  const std::string stream_;
  std::unique_ptr<record::NatsLink> link_;
};

}  // namespace entente::durability
