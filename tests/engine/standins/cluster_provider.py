"""A small Kubernetes provider over kubectl: server-side apply, reads and imports as the real one does them, on a real API server.

For machines without the real plugin. Like that one, it imports metadata alone of kinds outside its schema, and takes over the
fields that kubectl set.
"""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor

import grpc
from google.protobuf import json_format, struct_pb2
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

SIGNATURE, SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"
LATER = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
MANAGER = "pulumi-kubernetes-0a1b2c3d"
FORCE = "pulumi.com/patchForce"
YIELDING = ("kubectl", "kaito", "pulumi-")
"""Beginnings of the names of field managers whose fields are taken."""


def plain(message):
    """Return properties as JSON data: secrets in plain sight, whole numbers as such, nothing for null."""
    return _plain(json_format.MessageToDict(message))


def _plain(value):
    if isinstance(value, dict):
        if value.get(SIGNATURE) == SECRET:
            return _plain(value["value"])
        return {key: _plain(part) for key, part in value.items() if part is not None}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def struct(values):
    made = struct_pb2.Struct()
    made.update(values)
    return made


def state(inputs, live):
    return struct({**live, "__inputs": inputs, "__fieldManager": MANAGER})


def kubectl(*words, data=None):
    text = None if data is None else json.dumps(data)
    done = subprocess.run(["kubectl", *words], input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return json.loads(done.stdout) if done.stdout.startswith("{") else {}


def object_of(urn, identity):
    """Return apiVersion, kind, namespace and name."""
    _, module, kind = urn.split("::")[2].rpartition("$")[2].split(":")
    namespace, _, name = identity.rpartition("/")
    return module.removeprefix("core/"), kind, namespace, name


def words_of(urn, identity):
    """Return the words by which kubectl finds an object."""
    version, kind, namespace, name = object_of(urn, identity)
    group, _, number = version.rpartition("/")
    return [f"{kind}.{number}.{group}" if group else kind, name, *(["-n", namespace] if namespace else [])]


def changed(old, new, path=""):
    """Yields the paths that differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {*old, *new}:
            inner = f'{path}["{key}"]' if "/" in key or "." in key else f"{path}.{key}".lstrip(".")
            yield from changed(old.get(key), new.get(key), inner)
    elif old != new:
        yield path


class Cluster(provider_pb2_grpc.ResourceProviderServicer):
    """Answers the engine from the cluster of KUBECONFIG."""

    def Configure(self, request, context):
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    def CheckConfig(self, request, context):
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request, context):
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Check(self, request, context):
        return provider_pb2.CheckResponse(inputs=struct(plain(request.news)))

    def Diff(self, request, context):
        paths = list(changed(plain(request.old_inputs), plain(request.news)))
        kinds = provider_pb2.DiffResponse
        return provider_pb2.DiffResponse(
            changes=kinds.DIFF_SOME if paths else kinds.DIFF_NONE,
            diffs=sorted({path.partition(".")[0] for path in paths}),
            detailedDiff={
                path: provider_pb2.PropertyDiff(kind=provider_pb2.PropertyDiff.UPDATE, inputDiff=True) for path in paths
            },
            hasDetailedDiff=True,
            replaces=[path for path in paths if path in ("metadata.name", "metadata.namespace")],
        )

    def Create(self, request, context):
        inputs = plain(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(properties=struct(inputs))
        live = self._asked(context, "create", "-f", "-", "-o", "json", data=inputs)
        metadata = live.get("metadata", {})
        identity = "/".join(part for part in (metadata.get("namespace"), metadata.get("name")) if part)
        return provider_pb2.CreateResponse(id=identity, properties=state(inputs, live))

    def Read(self, request, context):
        version, kind, namespace, name = object_of(request.urn, request.id)
        stated = plain(request.inputs)
        if "kind" in stated:  # as the real one, which then reads in the namespace of the inputs
            namespace = (stated.get("metadata") or {}).get("namespace", "default")
        words = words_of(request.urn, f"{namespace}/{name}" if namespace else name)
        live = self._asked(context, "get", *words, "-o", "json", "--show-managed-fields", "--ignore-not-found")
        if not live:
            return provider_pb2.ReadResponse()
        known = {
            "apiVersion": version,
            "kind": kind,
            "metadata": {"name": name, **({"namespace": namespace} if namespace else {})},
        }
        inputs = stated or known
        return provider_pb2.ReadResponse(id=request.id, properties=state(inputs, live), inputs=struct(inputs))

    def Update(self, request, context):
        inputs, old = plain(request.news), plain(request.olds)
        if request.preview and LATER in json.dumps(inputs):
            return provider_pb2.UpdateResponse(properties=struct(inputs))
        managers = {str(one["manager"]) for one in old.get("metadata", {}).get("managedFields", ())}
        force = inputs["metadata"].get("annotations", {}).get(FORCE) == "true" or all(
            one.startswith(YIELDING) for one in managers
        )
        words = ["apply", "--server-side", f"--field-manager={MANAGER}", "-f", "-", "-o", "json", "--show-managed-fields"]
        words += [*(["--force-conflicts"] if force else []), *(["--dry-run=server"] if request.preview else [])]
        return provider_pb2.UpdateResponse(properties=state(inputs, self._asked(context, *words, data=inputs)))

    def Delete(self, request, context):
        self._asked(context, "delete", *words_of(request.urn, request.id), "--wait=false", "--ignore-not-found")
        return Empty()

    def Cancel(self, request, context):
        return Empty()

    def GetPluginInfo(self, request, context):
        return plugin_pb2.PluginInfo(version="4.32.0")

    def _asked(self, context, *words, data=None):
        try:
            return kubectl(*words, data=data)
        except RuntimeError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))


if __name__ == "__main__":
    server = grpc.server(ThreadPoolExecutor(8))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Cluster(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    server.wait_for_termination()
