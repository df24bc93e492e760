// SPDX-License-Identifier: Apache-2.0
#pragma once

// The files of package entente.v1 that this build was made with.

#include <google/protobuf/descriptor.h>

#include <vector>

#include "entente/v1/bus.pb.h"
#include "entente/v1/control.pb.h"
#include "entente/v1/exercise.pb.h"
#include "entente/v1/label.pb.h"
#include "entente/v1/message.pb.h"
#include "entente/v1/policy.pb.h"
#include "entente/v1/record.pb.h"

namespace entente::schema {

inline std::vector<const google::protobuf::FileDescriptor*> PackageV1() {
  return {v1::Label::descriptor()->file(),        v1::ExercisePolicy::descriptor()->file(), v1::Envelope::descriptor()->file(),
          v1::ClientFrame::descriptor()->file(),  v1::RecordEvent::descriptor()->file(),    v1::Exercise::descriptor()->file(),
          v1::StatusRequest::descriptor()->file()};
}

}  // namespace entente::schema
