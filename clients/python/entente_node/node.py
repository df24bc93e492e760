# SPDX-License-Identifier: Apache-2.0
"""A session on real streams: opens one, moves its frames, opens another when it breaks."""

import threading

import grpc

from entente.v1 import bus_pb2

from entente_node.session import Delivery, Goodbye, ProtocolError, Session

ATTACH = "/entente.v1.Bus/Attach"
FRAME_OCTETS = 4 * 1024 * 1024  # the broker's limit of one frame
BACKOFF_S = (0.1, 0.2, 0.5, 1, 2, 5)
OUTSTANDING_MESSAGES = 4096  # published without a receipt; full: publish waits

# Trying again would not help.
FOR_GOOD = (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.UNAUTHENTICATED)


class Refused(Exception):
    """The broker turned the node away for good; the text says why."""


def open_channel(endpoint, authority=None, certificate=None, key=None):
    """With an authority's certificate: TLS; with a certificate and its key, too: mutual TLS. Without: loopback, unprotected."""
    options = [
        ("grpc.max_receive_message_length", FRAME_OCTETS + 64 * 1024),
        ("grpc.keepalive_time_ms", 20_000),
        ("grpc.keepalive_timeout_ms", 10_000),
        ("grpc.enable_http_proxy", 0),
    ]
    if authority is None:
        return grpc.insecure_channel(endpoint, options)
    credentials = grpc.ssl_channel_credentials(
        root_certificates=_read(authority),
        private_key=_read(key) if key else None,
        certificate_chain=_read(certificate) if certificate else None,
    )
    return grpc.secure_channel(endpoint, credentials, options)


def _read(path):
    with open(path, "rb") as file:
        return file.read()


class Node:
    """`on_event` is called on the thread of run(), with what the session yields; when it returns, a delivery counts as dealt with."""

    def __init__(self, channel, session: Session, memory, on_event, on_broken=lambda reason: None):
        self._attach = channel.stream_stream(
            ATTACH,
            request_serializer=bus_pb2.ClientFrame.SerializeToString,
            response_deserializer=bus_pb2.BrokerFrame.FromString,
        )
        self._session = session
        self._memory = memory
        self._on_event = on_event
        self._on_broken = on_broken
        self._changed = threading.Condition()  # guards the session; told whenever there may be something to send
        self._call = None
        self._stream = None  # tells the threads of earlier calls that theirs is over
        self._leaving = False
        self._stopping = False

    # Any thread

    def publish(self, envelope, precedence):
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or self._session.outstanding < OUTSTANDING_MESSAGES)
            sequence = self._session.publish(envelope, precedence)
            self._changed.notify_all()
            return sequence

    def leave_once_receipted(self, reason):
        """Waits for every receipt, then says leave; run() returns after the broker's goodbye."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or self._session.outstanding == 0)
            self._session.leave(reason)
            self._leaving = True
            self._changed.notify_all()

    def stop(self):
        """Ends the stream as a broken line would: the broker keeps what waits for this node."""
        with self._changed:
            self._stopping = True
            if self._call is not None:
                self._call.cancel()
            self._changed.notify_all()

    # One thread

    def run(self):
        """Until stopped or left; raises Refused when the broker will not have this node."""
        attempt = 0
        while not self._stopping:
            welcomed, goodbye, status = self._run_stream()
            if self._stopping or (self._leaving and goodbye):
                return
            if status in FOR_GOOD:
                raise Refused(goodbye or status.name)
            attempt = 0 if welcomed else attempt + 1
            with self._changed:
                self._changed.wait_for(lambda: self._stopping, BACKOFF_S[min(attempt, len(BACKOFF_S) - 1)])

    def _run_stream(self):
        goodbye, status = "", None
        stream = object()
        with self._changed:
            self._stream = stream
            call = self._call = self._attach(self._requests(stream, self._session.hello()))
        try:
            for frame in call:
                goodbye = self._on_frame(frame) or goodbye
        except grpc.RpcError as error:
            status = error.code()
            goodbye = goodbye or error.details()
        except ProtocolError as error:
            goodbye = str(error)
        with self._changed:
            self._call = self._stream = None
            self._changed.notify_all()
        call.cancel()
        self._on_broken(goodbye or "the broker closed the stream")
        return self._session.welcomed, goodbye, status

    def _on_frame(self, frame):
        goodbye = ""
        with self._changed:
            events = list(self._session.on_frame(frame))
        for event in events:
            self._on_event(event)
            if isinstance(event, Goodbye):
                goodbye = event.reason
        with self._changed:
            for event in events:
                if isinstance(event, Delivery):
                    self._session.acknowledge(event)
            self._memory.save()
            self._changed.notify_all()
        return goodbye

    def _requests(self, stream, hello):
        """Runs on a thread of gRPC's, which writes one frame at a time: what piles up meanwhile goes into the next."""
        yield hello
        while True:
            with self._changed:
                frame = None
                while self._stream is stream and (frame := self._session.next_frame()) is None:
                    self._changed.wait()
                if frame is None:
                    return
            yield frame
