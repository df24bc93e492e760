// SPDX-License-Identifier: Apache-2.0
#pragma once

// One of several brokers of an exercise, in a process of its own: the relay behind gRPC, ordered by the record on JetStream that
// all of them share. Each may begin, end, or be killed at any time.

#include "broker/record/jetstream/jetstream_log.h"
#include "harness/run/broker_run.h"

namespace entente::harness {

// Until the hook says stop. `options.name` tells the brokers apart; a broker that comes back has the name it had. While the servers
// take nothing, publishers wait for their receipts; the error is what ended it: a taken port, a record that cannot be read.
Status RunSharedBroker(const PreparedRun& plan, const BrokerRunOptions& options, record::JetStreamLog& log,
                       const BrokerHooks& hooks);

}  // namespace entente::harness
