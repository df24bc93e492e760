// SPDX-License-Identifier: Apache-2.0
// Prints entente.v1 as this build has it: the text that a release commits as proto/released/v1.txt.

#include <cstdio>

#include "proto/schema/package_v1.h"
#include "proto/schema/schema.h"

int main() {
  std::puts(
      "# Package entente.v1 as last released, printed by proto/schema/print_schema. What it may not become: proto/README.md.");
  for (const std::string& line : entente::schema::Describe(entente::schema::PackageV1())) std::puts(line.c_str());
  return std::fflush(stdout) == 0 ? 0 : 1;
}
