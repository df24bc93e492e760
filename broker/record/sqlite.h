// SPDX-License-Identifier: Apache-2.0
#pragma once

// As much of SQLite as the projection needs: statements prepared once, values bound in order, the first failure kept.
// Single-threaded.

#include <concepts>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace entente::record {

// Octets bound as a BLOB.
struct Blob {
  std::string_view octets;
};

class Sqlite {
 public:
  static Result<std::unique_ptr<Sqlite>> Open(const std::filesystem::path& path);
  ~Sqlite();
  Sqlite(const Sqlite&) = delete;
  Sqlite& operator=(const Sqlite&) = delete;

  // Several statements, without values.
  void Execute(const char* sql);
  // The same where failing does no harm: false, and nothing is kept.
  bool Attempt(const char* sql);

  // `sql` is a literal: its address is the key under which it stays prepared. Values may be integers, doubles, text, Blob, bool,
  // and std::optional of these (empty: NULL). After a failure nothing more is done; status() has it.
  template <typename... Values>
  void Run(const char* sql, const Values&... values) {
    sqlite3_stmt* statement = Prepare(sql);
    BindAll(statement, values...);
    Step(statement);
  }
  // The first column of the first row; std::nullopt when there is no row or it is NULL.
  template <typename... Values>
  std::optional<std::int64_t> Find(const char* sql, const Values&... values) {
    sqlite3_stmt* statement = Prepare(sql);
    BindAll(statement, values...);
    return StepForNumber(statement);
  }

  // The same for text; empty when there is none.
  template <typename... Values>
  std::string FindText(const char* sql, const Values&... values) {
    sqlite3_stmt* statement = Prepare(sql);
    BindAll(statement, values...);
    return StepForText(statement);
  }

  [[nodiscard]] std::int64_t last_row() const;
  [[nodiscard]] Status status() const { return failure_ ? Status(std::unexpected(*failure_)) : Status(); }

 private:
  explicit Sqlite(std::filesystem::path path, sqlite3* handle) : path_(std::move(path)), handle_(handle) {}

  sqlite3_stmt* Prepare(const char* sql);
  template <typename... Values>
  void BindAll([[maybe_unused]] sqlite3_stmt* statement, const Values&... values) {
    [[maybe_unused]] int at = 0;
    (Bind(statement, ++at, values), ...);
  }
  template <std::integral Number>
  void Bind(sqlite3_stmt* statement, int at, Number value) {
    BindNumber(statement, at, static_cast<std::int64_t>(value));
  }
  template <typename Value>
  void Bind(sqlite3_stmt* statement, int at, const std::optional<Value>& value) {
    if (value) Bind(statement, at, *value);
  }
  void Bind(sqlite3_stmt* statement, int at, double value);
  void Bind(sqlite3_stmt* statement, int at, std::string_view value);
  void Bind(sqlite3_stmt* statement, int at, const std::string& value) { Bind(statement, at, std::string_view(value)); }
  void Bind(sqlite3_stmt* statement, int at, const char* value) { Bind(statement, at, std::string_view(value)); }
  void Bind(sqlite3_stmt* statement, int at, Blob value);
  void BindNumber(sqlite3_stmt* statement, int at, std::int64_t value);
  void Step(sqlite3_stmt* statement);
  std::optional<std::int64_t> StepForNumber(sqlite3_stmt* statement);
  std::string StepForText(sqlite3_stmt* statement);
  bool StepOnce(sqlite3_stmt* statement);
  static void Reset(sqlite3_stmt* statement);
  void Check(int code);

  const std::filesystem::path path_;
  sqlite3* const handle_;
  std::unordered_map<const char*, sqlite3_stmt*> statements_;
  std::optional<Error> failure_;
};

}  // namespace entente::record
