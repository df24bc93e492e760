// SPDX-License-Identifier: Apache-2.0
#include "tests/durability/growth_watch.h"

#include <poll.h>
#include <sys/inotify.h>

#include "base/invariant.h"

namespace entente::durability {

GrowthWatch::GrowthWatch(const std::filesystem::path& folder) : watch_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  ENTENTE_INVARIANT(inotify_add_watch(watch_.number(), folder.c_str(), IN_MODIFY) >= 0);
}

void GrowthWatch::AwaitWriting(std::chrono::milliseconds at_most) {
  pollfd writing{watch_.number(), POLLIN, 0};
  poll(&writing, 1, static_cast<int>(at_most.count()));
}

}  // namespace entente::durability
