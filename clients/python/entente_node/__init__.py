# SPDX-License-Identifier: Apache-2.0
"""A node of an exercise in Python: attaches to a broker over gRPC, publishes, receives, acknowledges and resumes."""
