// SPDX-License-Identifier: Apache-2.0
#pragma once

// The projection's tables and views; SCHEMA.md explains them.

namespace entente::record {

// PRAGMA user_version of a projection. Another one is not read: the projection is rebuilt from the record.
inline constexpr int kSchemaVersion = 4;

extern const char* const kTables;
extern const char* const kViews;

}  // namespace entente::record
