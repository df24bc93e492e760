// SPDX-License-Identifier: Apache-2.0
// The contract suite over every adapter and form of this build.
#include "adapters/api/contract_suite.h"

namespace entente::adapter {

INSTANTIATE_TEST_SUITE_P(Every, AdapterContract, testing::ValuesIn(ContractCases()),
                         [](const auto& instance) { return CaseName(instance.param); });

// Without adapters there is nothing to promise.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(AdapterContract);

}  // namespace entente::adapter
