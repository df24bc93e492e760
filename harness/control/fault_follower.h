// SPDX-License-Identifier: Apache-2.0
#pragma once

// For a gateway in a process of its own: asks the run that conducts the exercise, ten times a second, which faults of messages act
// now. Each answer is good for two seconds, so that nothing acts for longer when the run answers no more. On a thread of its own,
// from construction to destruction.

#include <string>
#include <thread>

#include "harness/control/control_client.h"
#include "harness/run/standing_faults.h"

namespace entente::harness {

class FaultFollower {
 public:
  // `standing` and `clock` outlive it. A run of another exercise than this is not followed.
  FaultFollower(std::string endpoint, std::shared_ptr<grpc::ChannelCredentials> credentials, std::string exercise,
                StandingFaults& standing, const Clock& clock);

 private:
  void Follow(const std::stop_token& stop);
  // What acts now, by the run's word.
  Result<StandingFaults::List> Ask();
  Status CheckExercise();
  // What changed is logged, once.
  void Tell(const Status& answered);

  const std::string endpoint_;
  const std::string exercise_;
  StandingFaults& standing_;
  const Clock& clock_;
  ControlClient client_;
  bool same_exercise_ = false;  // asked since the run answered anew
  std::string trouble_;         // why there is no answer; "none yet" before the first
  std::jthread thread_;
};

}  // namespace entente::harness
