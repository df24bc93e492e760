// SPDX-License-Identifier: Apache-2.0
#include "proto/schema/schema.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iterator>

#include "proto/schema/package_v1.h"

namespace entente::schema {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Schema, PresentPackageKeepsWhatWasReleased) {
  std::ifstream file(ENTENTE_SOURCE_DIR "/proto/released/v1.txt");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const Lines released = ReadLines(text);
  ASSERT_THAT(released, Contains("field entente.v1.Envelope.id = 1 entente.v1.MessageId")) << "proto/released/v1.txt is damaged";
  EXPECT_THAT(ForbiddenChanges(released, Describe(PackageV1())), IsEmpty());
}

// A made-up package; `change` is applied to its only file before it is described.
constexpr const char* kMadeUp = R"(
  name: "made_up.proto" package: "made.up" syntax: "proto3"
  message_type {
    name: "Order"
    field { name: "id" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
    field { name: "units" number: 2 type: TYPE_STRING label: LABEL_REPEATED }
    field { name: "speed" number: 3 type: TYPE_DOUBLE label: LABEL_OPTIONAL proto3_optional: true oneof_index: 1 }
    field { name: "attack" number: 4 type: TYPE_BOOL label: LABEL_OPTIONAL oneof_index: 0 }
    field { name: "urgency" number: 5 type: TYPE_ENUM type_name: ".made.up.Urgency" label: LABEL_OPTIONAL }
    oneof_decl { name: "task" }
    oneof_decl { name: "_speed" }
    reserved_range { start: 9 end: 10 }
    reserved_name: "old"
  }
  message_type { name: "Answer" }
  enum_type { name: "Urgency" value { name: "NONE" number: 0 } value { name: "HIGH" number: 1 } }
  service { name: "Orders" method { name: "Give" input_type: ".made.up.Order" output_type: ".made.up.Answer" server_streaming: true } }
)";

Lines MadeUp(const std::function<void(google::protobuf::FileDescriptorProto&)>& change = [](auto&) {}) {
  google::protobuf::FileDescriptorProto file;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(kMadeUp, &file));
  change(file);
  google::protobuf::DescriptorPool pool;
  const google::protobuf::FileDescriptor* built = pool.BuildFile(file);
  EXPECT_NE(built, nullptr);
  return built == nullptr ? Lines{} : Describe({built});
}

auto ChangedBy(const std::function<void(google::protobuf::FileDescriptorProto&)>& change) {
  return ForbiddenChanges(MadeUp(), MadeUp(change));
}

void Remove(google::protobuf::FileDescriptorProto& file, int field) {
  file.mutable_message_type(0)->mutable_field()->DeleteSubrange(field, 1);
}

TEST(Schema, IsALineForEachPart) {
  EXPECT_THAT(MadeUp(),
              ElementsAre("message made.up.Order", "field made.up.Order.id = 1 string",
                          "field made.up.Order.units = 2 repeated string", "field made.up.Order.speed = 3 optional double",
                          "field made.up.Order.attack = 4 bool in task", "field made.up.Order.urgency = 5 made.up.Urgency",
                          "reserved made.up.Order = 9", "reserved made.up.Order.old", "message made.up.Answer",
                          "enum made.up.Urgency", "value made.up.Urgency.NONE = 0", "value made.up.Urgency.HIGH = 1",
                          "service made.up.Orders", "method made.up.Orders.Give = made.up.Order to stream made.up.Answer"));
}

TEST(Schema, AddingIsAllowed) {
  EXPECT_THAT(ChangedBy([](auto& file) {
                auto& field = *file.mutable_message_type(0)->add_field();
                field.set_name("place");
                field.set_number(6);
                field.set_type(google::protobuf::FieldDescriptorProto::TYPE_STRING);
                field.set_label(google::protobuf::FieldDescriptorProto::LABEL_OPTIONAL);
                auto& value = *file.mutable_enum_type(0)->add_value();
                value.set_name("HIGHEST");
                value.set_number(2);
                file.add_message_type()->set_name("Report");
                auto& method = *file.mutable_service(0)->add_method();
                method.set_name("Withdraw");
                method.set_input_type(".made.up.Order");
                method.set_output_type(".made.up.Answer");
              }),
              IsEmpty());
}

TEST(Schema, RemovingAFieldIsAllowedOnceItsNumberAndNameAreReserved) {
  const auto remove = [](auto& file) { Remove(file, 1); };
  EXPECT_THAT(ChangedBy(remove), ElementsAre(AllOf(HasSubstr("made.up.Order.units = 2 is gone"), HasSubstr("reserve its number"))));
  EXPECT_THAT(ChangedBy([](auto& file) {
                Remove(file, 1);
                auto& range = *file.mutable_message_type(0)->add_reserved_range();
                range.set_start(2);
                range.set_end(3);
              }),
              ElementsAre(HasSubstr("is gone")))
      << "the name, too";
  EXPECT_THAT(ChangedBy([](auto& file) {
                Remove(file, 1);
                auto& range = *file.mutable_message_type(0)->add_reserved_range();
                range.set_start(2);
                range.set_end(3);
                file.mutable_message_type(0)->add_reserved_name("units");
              }),
              IsEmpty());
}

TEST(Schema, RenumberingIsForbidden) {
  EXPECT_THAT(ChangedBy([](auto& file) { file.mutable_message_type(0)->mutable_field(0)->set_number(7); }),
              ElementsAre(HasSubstr("made.up.Order.id had number 1 and has 7")));
  EXPECT_THAT(ChangedBy([](auto& file) { file.mutable_enum_type(0)->mutable_value(1)->set_number(3); }),
              ElementsAre(HasSubstr("made.up.Urgency.HIGH had number 1 and has 3")));
}

TEST(Schema, RenamingIsForbidden) {
  EXPECT_THAT(ChangedBy([](auto& file) { file.mutable_message_type(0)->mutable_field(0)->set_name("order_id"); }),
              ElementsAre(HasSubstr("made.up.Order.id gave its number 1 to made.up.Order.order_id")));
}

TEST(Schema, AnotherTypeCardinalityPresenceOrOneofIsForbidden) {
  const auto of_field = [](int field, auto change) {
    return ChangedBy([=](auto& file) { change(*file.mutable_message_type(0)->mutable_field(field)); });
  };
  using Field = google::protobuf::FieldDescriptorProto;
  EXPECT_THAT(of_field(0, [](Field& field) { field.set_type(Field::TYPE_BYTES); }),
              ElementsAre(HasSubstr("was \"string\" and is \"bytes\"")));
  EXPECT_THAT(of_field(1, [](Field& field) { field.set_label(Field::LABEL_OPTIONAL); }),
              ElementsAre(HasSubstr("was \"repeated string\" and is \"string\"")));
  EXPECT_THAT(of_field(4, [](Field& field) { field.set_oneof_index(0); }),
              ElementsAre(HasSubstr("was \"made.up.Urgency\" and is \"made.up.Urgency in task\"")));
  EXPECT_THAT(ChangedBy([](auto& file) {
                file.mutable_message_type(0)->mutable_field(2)->clear_proto3_optional();
                file.mutable_message_type(0)->mutable_field(2)->clear_oneof_index();
                file.mutable_message_type(0)->mutable_oneof_decl()->RemoveLast();
              }),
              ElementsAre(HasSubstr("was \"optional double\" and is \"double\"")));
}

TEST(Schema, ForgettingAReservationIsForbidden) {
  EXPECT_THAT(ChangedBy([](auto& file) {
                file.mutable_message_type(0)->clear_reserved_range();
                file.mutable_message_type(0)->clear_reserved_name();
              }),
              ElementsAre(HasSubstr("made.up.Order = 9 is not reserved"), HasSubstr("made.up.Order.old is not reserved")));
}

TEST(Schema, RemovingAMessageEnumServiceOrMethodIsForbidden) {
  EXPECT_THAT(ChangedBy([](auto& file) { file.clear_service(); }),
              ElementsAre(HasSubstr("service made.up.Orders is gone"), HasSubstr("method made.up.Orders.Give is gone")));
  EXPECT_THAT(ChangedBy([](auto& file) {
                file.clear_enum_type();
                Remove(file, 4);
              }),
              AllOf(Contains(HasSubstr("enum made.up.Urgency is gone")), Contains(HasSubstr("made.up.Order.urgency = 5 is gone"))));
}

TEST(Schema, AnotherStreamingOrOtherMessagesOfAMethodAreForbidden) {
  EXPECT_THAT(ChangedBy([](auto& file) { file.mutable_service(0)->mutable_method(0)->set_server_streaming(false); }),
              ElementsAre(HasSubstr("is \"made.up.Order to made.up.Answer\"")));
  EXPECT_THAT(ChangedBy([](auto& file) { file.mutable_service(0)->mutable_method(0)->set_input_type(".made.up.Answer"); }),
              ElementsAre(HasSubstr("is \"made.up.Answer to stream made.up.Answer\"")));
}

}  // namespace
}  // namespace entente::schema
