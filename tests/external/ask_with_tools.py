# SPDX-License-Identifier: Apache-2.0
"""Asks a broker what any tool of gRPC would: health, the list of services, and the schema of the bus by reflection. Prints JSON."""

import json
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool

from standard import health_pb2, reflection_pb2


def health(channel, service):
    check = channel.unary_unary(
        "/grpc.health.v1.Health/Check",
        request_serializer=health_pb2.HealthCheckRequest.SerializeToString,
        response_deserializer=health_pb2.HealthCheckResponse.FromString,
    )
    try:
        status = check(health_pb2.HealthCheckRequest(service=service), timeout=30).status
        return health_pb2.HealthCheckResponse.ServingStatus.Name(status)
    except grpc.RpcError as error:
        return error.code().name


def reflect(channel, *requests):
    ask = channel.stream_stream(
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
        response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
    )
    return list(ask(iter(requests), timeout=30))


def main(broker):
    channel = grpc.insecure_channel(broker, [("grpc.enable_http_proxy", 0)])
    services, bus = reflect(
        channel,
        reflection_pb2.ServerReflectionRequest(list_services=""),
        reflection_pb2.ServerReflectionRequest(file_containing_symbol="entente.v1.Bus"),
    )
    files = [descriptor_pb2.FileDescriptorProto.FromString(file) for file in bus.file_descriptor_response.file_descriptor_proto]
    pool = descriptor_pool.DescriptorPool()
    for name in ("label", "message", "bus"):  # each after what it imports
        for file in files:
            if file.name.endswith(f"/{name}.proto"):
                pool.Add(file)
    attach = pool.FindServiceByName("entente.v1.Bus").FindMethodByName("Attach")
    print(
        json.dumps(
            {
                "health": {service: health(channel, service) for service in ("", "entente.v1.Bus", "no.such.Service")},
                "services": sorted(service.name for service in services.list_services_response.service),
                "attach": [attach.input_type.full_name, attach.output_type.full_name],
                "envelope": pool.FindMessageTypeByName("entente.v1.Envelope").fields_by_name["id"].number,
            }
        )
    )


main(sys.argv[1])
