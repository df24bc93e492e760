# SPDX-License-Identifier: Apache-2.0
"""What a node must remember to go on where it was: its incarnation, the sequences it has used, the deliveries it has dealt with."""

import json
import os

from entente.v1 import message_pb2

PRECEDENCES = (
    message_pb2.PRECEDENCE_FLASH,
    message_pb2.PRECEDENCE_IMMEDIATE,
    message_pb2.PRECEDENCE_PRIORITY,
    message_pb2.PRECEDENCE_ROUTINE,
)

# Sequences are reserved in the file this many at a time, so that not every message writes it. A restart leaves a gap, which is allowed.
RESERVED_AT_ONCE = 1000


class Memory:
    """Without a file: of this process alone. With one: of every process that uses the file, one after the other."""

    def __init__(self, path=None):
        self._path = path
        self.incarnation = int.from_bytes(os.urandom(8), "little") or 1
        self.sequences = {precedence: 0 for precedence in PRECEDENCES}
        self.cursors = {}  # empty: nothing was ever delivered, and there is nothing to resume
        if path and os.path.exists(path):
            self._read()
        self._reserved = dict(self.sequences)

    def next_sequence(self, precedence):
        self.sequences[precedence] += 1
        if self._path and self.sequences[precedence] > self._reserved[precedence]:
            self._reserved[precedence] = self.sequences[precedence] + RESERVED_AT_ONCE
            self.save()
        return self.sequences[precedence]

    def save(self):
        """Whole or not at all: a process killed in the middle leaves the file as it was."""
        if not self._path:
            return
        new = self._path + ".new"
        with open(new, "w", encoding="utf-8") as file:
            json.dump(
                {
                    "version": 1,
                    "incarnation": self.incarnation,
                    "sequences": self._reserved,
                    "cursors": self.cursors,
                },
                file,
            )
        os.replace(new, self._path)

    def _read(self):
        with open(self._path, encoding="utf-8") as file:
            kept = json.load(file)
        if kept.get("version") != 1:
            raise ValueError(f"{self._path} is not a memory of this program (version 1): name another file")
        self.incarnation = kept["incarnation"]
        self.sequences.update({int(key): value for key, value in kept["sequences"].items()})
        self.cursors = {int(key): value for key, value in kept["cursors"].items()}
