// SPDX-License-Identifier: Apache-2.0
#include <google/protobuf/descriptor.pb.h>

#include <algorithm>

#include "proto/schema/schema.h"

namespace entente::schema {
namespace {

namespace pb = google::protobuf;

std::string TypeOf(const pb::FieldDescriptor& field) {
  if (field.message_type() != nullptr) return field.message_type()->full_name();
  if (field.enum_type() != nullptr) return field.enum_type()->full_name();
  return field.type_name();
}

std::string LineOf(const pb::FieldDescriptor& field) {
  std::string line = "field " + field.full_name() + " = " + std::to_string(field.number()) + " ";
  if (field.is_map()) {
    const pb::Descriptor& entry = *field.message_type();
    return line + "map " + TypeOf(*entry.map_key()) + " to " + TypeOf(*entry.map_value());
  }
  if (field.is_repeated()) line += "repeated ";
  if (field.has_optional_keyword()) line += "optional ";
  line += TypeOf(field);
  if (const pb::OneofDescriptor* oneof = field.real_containing_oneof()) line += " in " + oneof->name();
  return line;
}

template <typename Descriptor>
void DescribeReserved(const Descriptor& descriptor, int end_beyond, Lines& lines) {
  for (int i = 0; i < descriptor.reserved_range_count(); ++i) {
    const auto* range = descriptor.reserved_range(i);
    for (int number = range->start; number < range->end + end_beyond; ++number) {
      lines.push_back("reserved " + descriptor.full_name() + " = " + std::to_string(number));
    }
  }
  for (int i = 0; i < descriptor.reserved_name_count(); ++i) {
    lines.push_back("reserved " + descriptor.full_name() + "." + descriptor.reserved_name(i));
  }
}

void DescribeEnum(const pb::EnumDescriptor& descriptor, Lines& lines) {
  lines.push_back("enum " + descriptor.full_name());
  for (int i = 0; i < descriptor.value_count(); ++i) {
    const pb::EnumValueDescriptor& value = *descriptor.value(i);
    // Protobuf scopes a value beside its enum; here it stands under it.
    lines.push_back("value " + descriptor.full_name() + "." + value.name() + " = " + std::to_string(value.number()));
  }
  DescribeReserved(descriptor, 1, lines);  // an enum's range includes its end
}

void DescribeMessage(const pb::Descriptor& descriptor, Lines& lines) {
  if (descriptor.options().map_entry()) return;
  lines.push_back("message " + descriptor.full_name());
  for (int i = 0; i < descriptor.field_count(); ++i) lines.push_back(LineOf(*descriptor.field(i)));
  DescribeReserved(descriptor, 0, lines);
  for (int i = 0; i < descriptor.enum_type_count(); ++i) DescribeEnum(*descriptor.enum_type(i), lines);
  for (int i = 0; i < descriptor.nested_type_count(); ++i) DescribeMessage(*descriptor.nested_type(i), lines);
}

void DescribeService(const pb::ServiceDescriptor& descriptor, Lines& lines) {
  lines.push_back("service " + descriptor.full_name());
  for (int i = 0; i < descriptor.method_count(); ++i) {
    const pb::MethodDescriptor& method = *descriptor.method(i);
    const std::string client = method.client_streaming() ? "stream " : "";
    const std::string server = method.server_streaming() ? "stream " : "";
    lines.push_back("method " + method.full_name() + " = " + client + method.input_type()->full_name() + " to " + server +
                    method.output_type()->full_name());
  }
}

}  // namespace

Lines Describe(const std::vector<const pb::FileDescriptor*>& files) {
  Lines lines;
  for (const pb::FileDescriptor* file : files) {
    for (int i = 0; i < file->message_type_count(); ++i) DescribeMessage(*file->message_type(i), lines);
    for (int i = 0; i < file->enum_type_count(); ++i) DescribeEnum(*file->enum_type(i), lines);
    for (int i = 0; i < file->service_count(); ++i) DescribeService(*file->service(i), lines);
  }
  return lines;
}

Lines ReadLines(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (!line.empty() && line.front() != '#') lines.emplace_back(line);
  }
  return lines;
}

}  // namespace entente::schema
