// SPDX-License-Identifier: Apache-2.0
#include "broker/record/sqlite.h"

#include <sqlite3.h>

namespace entente::record {
namespace {

Error Failed(sqlite3* handle, const std::filesystem::path& path) {
  const int code = sqlite3_errcode(handle);
  const bool is_full = code == SQLITE_FULL;
  return {is_full ? ErrorCode::kExhausted : ErrorCode::kIo,
          std::string("the projection cannot be written: ") + sqlite3_errmsg(handle), path.string(),
          "the record itself is not touched; rebuild the projection from it"};
}

}  // namespace

Result<std::unique_ptr<Sqlite>> Sqlite::Open(const std::filesystem::path& path) {
  sqlite3* handle = nullptr;
  const int opened =
      sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<Sqlite> database(new Sqlite(path, handle));
  if (opened != SQLITE_OK) return std::unexpected(Failed(handle, path));
  return database;
}

Sqlite::~Sqlite() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(handle_);
}

void Sqlite::Check(int code) {
  if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW && !failure_) failure_ = Failed(handle_, path_);
}

void Sqlite::Execute(const char* sql) {
  if (!failure_) Check(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr));
}

bool Sqlite::Attempt(const char* sql) {
  return !failure_ && sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
}

sqlite3_stmt* Sqlite::Prepare(const char* sql) {
  sqlite3_stmt*& statement = statements_[sql];
  if (!statement && !failure_) Check(sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
  return statement;
}

void Sqlite::BindNumber(sqlite3_stmt* statement, int at, std::int64_t value) {
  if (!failure_) Check(sqlite3_bind_int64(statement, at, value));
}

void Sqlite::Bind(sqlite3_stmt* statement, int at, double value) {
  if (!failure_) Check(sqlite3_bind_double(statement, at, value));
}

void Sqlite::Bind(sqlite3_stmt* statement, int at, std::string_view value) {
  if (!failure_) Check(sqlite3_bind_text64(statement, at, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Sqlite::Bind(sqlite3_stmt* statement, int at, Blob value) {
  if (!failure_) Check(sqlite3_bind_blob64(statement, at, value.octets.data(), value.octets.size(), SQLITE_STATIC));
}

// True when there is a row.
bool Sqlite::StepOnce(sqlite3_stmt* statement) {
  if (failure_) return false;
  const int code = sqlite3_step(statement);
  Check(code);
  return code == SQLITE_ROW && sqlite3_column_type(statement, 0) != SQLITE_NULL;
}

void Sqlite::Reset(sqlite3_stmt* statement) {
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
}

void Sqlite::Step(sqlite3_stmt* statement) {
  StepOnce(statement);
  Reset(statement);
}

std::optional<std::int64_t> Sqlite::StepForNumber(sqlite3_stmt* statement) {
  std::optional<std::int64_t> number;
  if (StepOnce(statement)) number = sqlite3_column_int64(statement, 0);
  Reset(statement);
  return number;
}

std::string Sqlite::StepForText(sqlite3_stmt* statement) {
  std::string text;
  if (StepOnce(statement)) text = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
  Reset(statement);
  return text;
}

std::int64_t Sqlite::last_row() const {
  return sqlite3_last_insert_rowid(handle_);
}

}  // namespace entente::record
