// SPDX-License-Identifier: Apache-2.0
#include "base/io/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>

namespace entente::log {
namespace {

spdlog::level::level_enum LevelOf(std::string_view level) {
  if (level == "debug") return spdlog::level::debug;
  if (level == "info") return spdlog::level::info;
  if (level == "error") return spdlog::level::err;
  if (level == "off") return spdlog::level::off;
  return spdlog::level::warn;
}

}  // namespace

void Open(std::string_view level) {
  auto logger = std::make_shared<spdlog::logger>("entente", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
  logger->set_level(LevelOf(level));
  logger->set_pattern("%H:%M:%S.%e %^%l%$ %v");
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace entente::log
