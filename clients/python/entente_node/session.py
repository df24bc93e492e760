# SPDX-License-Identifier: Apache-2.0
"""A node's end of the bus as a state machine: frames in, frames out, no sockets and no threads. docs/native-client.md has the rules."""

import time
from collections import OrderedDict

from entente.v1 import bus_pb2

from entente_node.memory import PRECEDENCES

BUS_VERSION = 1
FRAME_ENVELOPES = 128
FRAME_OCTETS = 256 * 1024


class ProtocolError(Exception):
    """The broker broke the protocol; the stream is of no more use."""


def record_octets(envelope_octets):
    """What an envelope takes in a frame, with its tag and length: the unit in which credit counts."""
    octets, length = 2, envelope_octets
    while length >= 0x80:
        octets, length = octets + 1, length >> 7
    return octets + envelope_octets


class Session:
    """One node over any number of streams. What was published and has no receipt goes out again on the next stream."""

    def __init__(self, node, subscriptions, memory, credit_octets=1 << 20):
        self._node = node
        self._subscriptions = subscriptions
        self._memory = memory
        self._credit_octets = credit_octets
        self._unreceipted = {precedence: OrderedDict() for precedence in PRECEDENCES}
        self._sent = {precedence: 0 for precedence in PRECEDENCES}  # on this stream
        self._received = dict(memory.cursors)  # handed out; acknowledged once dealt with
        self._due = bus_pb2.ClientFrame()
        self._leave = None
        self._left = False  # said on this stream
        self.welcomed = False

    @property
    def outstanding(self):
        return sum(len(lane) for lane in self._unreceipted.values())

    # From the node

    def publish(self, envelope, precedence):
        """Gives the message its id; returns its sequence, by which the receipt names it."""
        sequence = self._memory.next_sequence(precedence)
        envelope.id.origin = self._node
        envelope.id.incarnation = self._memory.incarnation
        envelope.id.precedence = precedence
        envelope.id.sequence = sequence
        self._unreceipted[precedence][sequence] = envelope.SerializeToString()
        return sequence

    def acknowledge(self, delivery):
        """Dealt with for good: it will not come again, and its credit goes back."""
        self._memory.cursors[delivery.precedence] = delivery.number
        self._due.credit.octets += delivery.octets
        for acknowledgement in self._due.acknowledgement:
            if acknowledgement.precedence == delivery.precedence:
                acknowledgement.delivery = delivery.number
                return
        self._due.acknowledgement.add(precedence=delivery.precedence, delivery=delivery.number)

    def leave(self, reason):
        """Says leave once everything published is out: the broker forgets what waits for this node."""
        self._leave = reason

    # To and from a stream

    def hello(self):
        """The first frame of a stream."""
        self.welcomed = self._left = False
        self._sent = {precedence: 0 for precedence in PRECEDENCES}
        self._due.Clear()  # the cursors say the same, and the credit is granted afresh
        self._received = dict(self._memory.cursors)
        hello = bus_pb2.Hello(
            version=BUS_VERSION,
            node=self._node,
            incarnation=self._memory.incarnation,
            subscriptions=self._subscriptions,
            credit_octets=self._credit_octets,
        )
        for precedence, delivery in self._memory.cursors.items():
            hello.cursors.add(precedence=precedence, delivery=delivery)
        return bus_pb2.ClientFrame(hello=hello)

    def next_frame(self):
        """What is to be sent now; None: nothing."""
        if not self.welcomed:
            return None
        frame, self._due = self._due, bus_pb2.ClientFrame()
        self._add_envelopes(frame)
        everything_out = all(not lane or next(reversed(lane)) <= self._sent[p] for p, lane in self._unreceipted.items())
        if self._leave is not None and not self._left and everything_out:
            frame.leave.reason = self._leave
            self._left = True
        return frame if frame.ByteSize() else None

    def on_frame(self, frame):
        """Yields Welcome, Clock, Delivery, Receipt and Goodbye."""
        # Refusals before the welcome's summary, which would take them for accepted.
        for receipt in frame.receipt:
            yield from self._on_receipt(receipt)
        if frame.HasField("welcome"):
            yield from self._on_welcome(frame.welcome)
        if frame.HasField("goodbye"):
            yield Goodbye(frame.goodbye.reason)
            return
        if not self.welcomed:
            raise ProtocolError("no welcome in the first frame: is this a broker of entente.v1.Bus?")
        if frame.HasField("clock_probe"):
            yield Clock(frame.clock_probe, time.time_ns())
        yield from self._on_deliveries(frame)

    def _add_envelopes(self, frame):
        octets = 0
        for precedence in PRECEDENCES:
            for sequence, envelope in self._unreceipted[precedence].items():
                if sequence <= self._sent[precedence]:
                    continue
                octets += record_octets(len(envelope))
                if len(frame.envelope) == FRAME_ENVELOPES or (frame.envelope and octets > FRAME_OCTETS):
                    return
                frame.envelope.append(envelope)
                self._sent[precedence] = sequence

    def _on_welcome(self, welcome):
        if welcome.version != BUS_VERSION:
            raise ProtocolError(f"the broker speaks bus version {welcome.version}, this node version {BUS_VERSION}")
        self.welcomed = True
        for published in welcome.published:
            yield from self._accepted(published.precedence, published.sequence)
        if not welcome.resumed:
            self._memory.cursors.clear()  # the broker's delivery numbers have nothing to do with those known so far
        for precedence in PRECEDENCES:
            # Zeros, not nothing: no cursor at all would mean, on the next stream, that what waited meanwhile is of no interest.
            self._memory.cursors.setdefault(precedence, 0)
        self._received = dict(self._memory.cursors)
        self._due.clock_probe.t1_ns = time.time_ns()
        yield Welcome(welcome)

    def _on_receipt(self, receipt):
        if not receipt.refused:
            yield from self._accepted(receipt.precedence, receipt.sequence)
        elif self._unreceipted.get(receipt.precedence, {}).pop(receipt.sequence, None) is not None:
            yield Receipt(receipt.precedence, receipt.sequence, receipt.refused)

    def _accepted(self, precedence, up_to):
        """An acceptance is for everything of its precedence up to its sequence."""
        lane = self._unreceipted.get(precedence, {})
        while lane and next(iter(lane)) <= up_to:
            sequence, _ = lane.popitem(last=False)
            yield Receipt(precedence, sequence, "")

    def _on_deliveries(self, frame):
        for i, envelope in enumerate(frame.envelope):
            octets = record_octets(len(envelope))
            number = frame.first_delivery + i
            if number <= self._received.get(frame.precedence, 0):
                self._due.credit.octets += octets  # had it; the credit goes back
                continue
            self._received[frame.precedence] = number
            yield Delivery(frame.precedence, number, envelope, octets)


class Welcome:
    def __init__(self, welcome):
        self.exercise = welcome.exercise
        self.broker = welcome.broker
        self.resumed = welcome.resumed


class Clock:
    """What to add to this machine's time to have the broker's, and by how much that may be wrong."""

    def __init__(self, probe, t4_ns):
        self.offset_ns = ((probe.t2_ns - probe.t1_ns) + (probe.t3_ns - t4_ns)) // 2
        self.error_ns = ((t4_ns - probe.t1_ns) - (probe.t3_ns - probe.t2_ns)) // 2


class Delivery:
    def __init__(self, precedence, number, envelope, octets):
        self.precedence = precedence
        self.number = number
        self.envelope = envelope
        self.octets = octets


class Receipt:
    def __init__(self, precedence, sequence, refused):
        self.precedence = precedence
        self.sequence = sequence
        self.refused = refused  # why; empty: accepted


class Goodbye:
    def __init__(self, reason):
        self.reason = reason
