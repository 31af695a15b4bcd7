#pragma once

#include <gtest/gtest.h>

#include <string>

#include "issuance/store.h"
#include "sql/connection.h"
#include "store/sql_store.h"

namespace passmint::testing {

// A phone that has registered for a card, put straight into the tables of a store that store::Open
// has opened.
inline void PutPhone(issuance::Store& store, const ProgrammeId& programme,
                     const std::string& device, const std::string& token, const std::string& card,
                     Timestamp registered_at) {
  static constexpr sql::Statement kDevice(
      "INSERT INTO device (programme, id, push_token, registered_at, listed_at)"
      " VALUES ($1, $2, $3, $4, NULL) ON CONFLICT (programme, id) DO UPDATE SET"
      " push_token = excluded.push_token, registered_at = excluded.registered_at");
  static constexpr sql::Statement kRegistration(
      "INSERT INTO registration (programme, device, card, registered_at) VALUES ($1, $2, $3, $4)"
      " ON CONFLICT (programme, device, card) DO NOTHING");
  sql::Database& database = static_cast<store::SqlStore&>(store).database();
  const Status put = database.Write([&](sql::Connection& connection) -> Status {
    Status done = connection.Send(kDevice, {programme, device, token, ToMicros(registered_at)});
    if (!done.ok()) return done;
    return connection.Send(kRegistration, {programme, device, card, ToMicros(registered_at)});
  });
  ASSERT_TRUE(put.ok()) << put.error().message;
}

// The phone has asked what has changed.
inline void PutListed(issuance::Store& store, const ProgrammeId& programme,
                      const std::string& device, Timestamp at) {
  static constexpr sql::Statement kListed(
      "UPDATE device SET listed_at = $3 WHERE programme = $1 AND id = $2");
  sql::Database& database = static_cast<store::SqlStore&>(store).database();
  const Status put = database.Write([&](sql::Connection& connection) {
    return connection.Send(kListed, {programme, device, ToMicros(at)});
  });
  ASSERT_TRUE(put.ok()) << put.error().message;
}

}  // namespace passmint::testing
