# SPDX-License-Identifier: Apache-2.0
"""The node at the command line: a message a line in, an event a line out, both JSON."""

import argparse
import json
import signal
import sys
import threading

from google.protobuf import json_format

from entente.v1 import bus_pb2, message_pb2

from entente_node.memory import Memory
from entente_node.node import Node, Refused, open_channel
from entente_node.session import Clock, Delivery, Goodbye, Receipt, Session, Welcome

EXIT_REFUSED = 1
EXIT_USAGE = 2


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="python3 -m entente_node",
        description="Attaches to an Entente broker as one node. Each line of standard input is an entente.v1.Envelope as JSON, without "
        "id and family, which it is given; each line of standard output is an event: welcome, clock, delivery, receipt, goodbye, broken.",
    )
    parser.add_argument("--broker", default="127.0.0.1:7400", help="address and port (%(default)s)")
    parser.add_argument("--node", required=True, help="name, as in FRA/logger")
    parser.add_argument("--family", action="append", default=[], help="family to receive, as in track; may repeat; none: all")
    parser.add_argument("--from", dest="nations", action="append", default=[], help="nation to receive from; may repeat; none: all")
    parser.add_argument("--deaf", action="store_true", help="receive nothing")
    parser.add_argument("--memory", metavar="FILE", help="go on after a restart where the last process with this file was")
    parser.add_argument("--leave-at-end", action="store_true", help="leave once standard input has ended and all has a receipt")
    parser.add_argument("--authority", metavar="PEM", help="certificate of the authority that signed the broker's; switches TLS on")
    parser.add_argument("--certificate", metavar="PEM", help="this node's certificate, for mutual TLS")
    parser.add_argument("--key", metavar="PEM", help="its key")
    arguments = parser.parse_args()
    if bool(arguments.certificate) != bool(arguments.key) or (arguments.certificate and not arguments.authority):
        parser.error("--certificate needs --key and --authority")
    return arguments


def subscriptions_of(arguments):
    if arguments.deaf:
        return []
    known = {name.removeprefix("FAMILY_").lower().replace("_", "-"): number for name, number in message_pb2.Family.items()}
    unknown = [name for name in arguments.family if name not in known]
    if unknown:
        sys.exit(f"entente_node: no family is called {unknown[0]}; there are: {', '.join(list(known)[1:])}")
    return [bus_pb2.Subscription(families=[known[name] for name in arguments.family], origin_nations=arguments.nations)]


SAYING = threading.Lock()


def say(event, **fields):
    with SAYING:
        print(json.dumps({"event": event, **fields}), flush=True)


def name_of(precedence):
    return message_pb2.Precedence.Name(precedence).removeprefix("PRECEDENCE_")


def on_event(event):
    if isinstance(event, Welcome):
        say("welcome", exercise=event.exercise, broker=event.broker, resumed=event.resumed)
    elif isinstance(event, Clock):
        say("clock", offset_ns=event.offset_ns, error_ns=event.error_ns)
    elif isinstance(event, Receipt):
        say("receipt", precedence=name_of(event.precedence), sequence=event.sequence, refused=event.refused)
    elif isinstance(event, Goodbye):
        say("goodbye", reason=event.reason)
    elif isinstance(event, Delivery):
        envelope = message_pb2.Envelope.FromString(event.envelope)
        message = json_format.MessageToDict(envelope)
        say("delivery", precedence=name_of(event.precedence), delivery=event.number, message=message)


def publish_lines(node, leave_at_end):
    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        envelope = message_pb2.Envelope()
        try:
            json_format.Parse(line, envelope)
        except json_format.ParseError as error:
            print(f"entente_node: line {number} of standard input is no envelope: {error}", file=sys.stderr, flush=True)
            continue
        body = envelope.WhichOneof("body")
        envelope.family = message_pb2.Family.Value("FAMILY_" + body.upper()) if body else message_pb2.FAMILY_UNSPECIFIED
        precedence = envelope.id.precedence or message_pb2.PRECEDENCE_ROUTINE
        sequence = node.publish(envelope, precedence)
        say("published", line=number, precedence=name_of(precedence), sequence=sequence)
    if leave_at_end:
        node.leave_once_receipted("all is said")


def main():
    arguments = parse_arguments()
    memory = Memory(arguments.memory)
    session = Session(arguments.node, subscriptions_of(arguments), memory)
    channel = open_channel(arguments.broker, arguments.authority, arguments.certificate, arguments.key)
    node = Node(channel, session, memory, on_event, lambda reason: say("broken", reason=reason))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: node.stop())
    threading.Thread(target=publish_lines, args=(node, arguments.leave_at_end), daemon=True).start()
    try:
        node.run()
    except Refused as refusal:
        print(f"entente_node: the broker will not have {arguments.node}: {refusal}", file=sys.stderr)
        return EXIT_REFUSED
    finally:
        channel.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
