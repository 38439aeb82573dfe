"""A small Azure Resource Manager on loopback, asked by the real SDK."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
TOKEN = "eyJ0eXAi.secret-token.value"
Answer = tuple[int, dict[str, Any], dict[str, str]]


def usages(*entries: tuple[str, int, int], more: str = "") -> Answer:
    """Return a page of usages, as Microsoft.Compute/locations/usages answers."""
    value = [
        {"limit": limit, "unit": "Count", "currentValue": used, "name": {"value": name, "localizedValue": f"{name} vCPUs"}}
        for name, limit, used in entries
    ]
    return 200, {"value": value, **({"nextLink": more} if more else {})}, {}


def refusal(status: int, code: str, **headers: str) -> Answer:
    """Return an error as Azure Resource Manager words it; its message holds what must not be shown."""
    return status, {"error": {"code": code, "message": f"The client with token {TOKEN} may not."}}, headers


@dataclass
class Cloud:
    """What the server answers by path, the last answer again and again, and what it was asked."""

    address: str = ""
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def at(self, region: str, *answers: Answer) -> None:
        self.answers[f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute/locations/{region}/usages"] = list(answers)

    def answer(self, path: str, authorization: str) -> Answer:
        self.asked.append((path, authorization))
        waiting = self.answers.get(path, [refusal(404, "NoRegisteredProviderFound")])
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    """Starts the server, and lets the real client ask it with a login that always works."""
    found = Cloud()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body, headers = found.answer(self.path.partition("?")[0], self.headers["Authorization"])
            data = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setattr("kaito_iac.quota.fetch.compute_client", _client(found.address))
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


def _client(address: str) -> Callable[[str], Any]:
    from azure.core.credentials import AccessToken
    from azure.core.pipeline.policies import SansIOHTTPPolicy
    from azure.mgmt.compute import ComputeManagementClient

    from kaito_iac.quota.fetch import RETRIES

    class Login:
        def get_token(self, *_: str, **__: Any) -> AccessToken:
            return AccessToken(TOKEN, 4102444800)

    class Bearer(SansIOHTTPPolicy):
        """Sends the token without TLS, which the SDK's own policy refuses."""

        def on_request(self, request: Any) -> None:
            request.http_request.headers["Authorization"] = f"Bearer {Login().get_token().token}"

    def make(subscription: str) -> Any:
        return ComputeManagementClient(
            Login(), subscription, base_url=address, authentication_policy=Bearer(), retry_total=RETRIES, retry_backoff_factor=0
        )

    return make
