// SPDX-License-Identifier: Apache-2.0
#include "proto/value_name.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include "entente/v1/message.pb.h"
#include "entente/v1/record.pb.h"

namespace entente {
namespace {

TEST(ValueName, IsTheWordsAfterTheEnumerationsName) {
  EXPECT_EQ(ValueName(v1::FAMILY_WEAPON_EVENT), "weapon event");
  EXPECT_EQ(ValueName(v1::SEND_OUTCOME_NO_LABEL_SLOT), "no label slot");
  EXPECT_EQ(ValueName(v1::SEND_OUTCOME_NO_LABEL_SLOT, '_'), "no_label_slot");
  EXPECT_EQ(ValueName(v1::NODE_STATE_UNSPECIFIED), "unspecified");
}

TEST(ValueName, OfALaterReleaseIsItsNumber) {
  EXPECT_EQ(ValueName(static_cast<v1::Family>(4711)), "value 4711");
}

// ValueName takes an enumeration's prefix from its first value.
TEST(ValueName, EveryEnumerationOfTheSchemaBeginsWithOneWord) {
  for (const google::protobuf::FileDescriptor* file : {v1::Envelope::descriptor()->file(), v1::RecordEvent::descriptor()->file()}) {
    for (int i = 0; i < file->enum_type_count(); ++i) {
      const google::protobuf::EnumDescriptor& enumeration = *file->enum_type(i);
      const std::string& first = enumeration.value(0)->name();
      const std::string prefix = first.substr(0, first.rfind('_') + 1);
      for (int value = 0; value < enumeration.value_count(); ++value) {
        EXPECT_TRUE(enumeration.value(value)->name().starts_with(prefix)) << enumeration.value(value)->full_name();
      }
    }
  }
}

}  // namespace
}  // namespace entente
