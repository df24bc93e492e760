// SPDX-License-Identifier: Apache-2.0
#pragma once

// A protobuf package as lines of text, one for each message, field, enum value and method; and what may not change between two such
// texts within one version of the package (proto/README.md). For the test that guards entente.v1 and the program that prints it.
//
//   message entente.v1.Hello
//   field entente.v1.Hello.node = 2 string
//   field entente.v1.Hello.subscriptions = 4 repeated entente.v1.Subscription
//   field entente.v1.Envelope.track = 40 entente.v1.Track in body
//   reserved entente.v1.Hello = 7
//   reserved entente.v1.Hello.old_name
//   value entente.v1.Precedence.PRECEDENCE_FLASH = 4
//   method entente.v1.Bus.Attach = stream entente.v1.ClientFrame to stream entente.v1.BrokerFrame

#include <google/protobuf/descriptor.h>

#include <string>
#include <string_view>
#include <vector>

namespace entente::schema {

using Lines = std::vector<std::string>;

// In the order of the files and of what stands in them.
Lines Describe(const std::vector<const google::protobuf::FileDescriptor*>& files);
// Of a text as Describe gives it; empty lines and those that begin with '#' are left out.
Lines ReadLines(std::string_view text);

// One sentence for each forbidden change: what changed, and what to do instead. Empty: everything that was released still holds.
std::vector<std::string> ForbiddenChanges(const Lines& released, const Lines& present);

}  // namespace entente::schema
