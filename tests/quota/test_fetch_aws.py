"""AWS Service Quotas and EC2 on loopback, asked by the real SDK; every answer has the shape of the services' own model."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

import pytest

from kaito_iac.cli.main import main
from kaito_iac.quota.fetch import Usage
from kaito_iac.quota.fetch_aws import read_account, used_vcpus

botocore = pytest.importorskip("botocore")

ACCOUNT = "123456789012"
KEY = "AKIDEXAMPLE"
P, G = "L-417A185B", "L-DB2E81BA"


def quota(code, value, region="us-east-1", account=ACCOUNT):
    arn = f"arn:aws:servicequotas:{region}:{account}:ec2/{code}"
    return {"ServiceCode": "ec2", "QuotaCode": code, "QuotaArn": arn, "QuotaName": code, "Value": value, "Unit": "None"}


def instance(type, cores, threads=2, spot=False):
    lifecycle = "<instanceLifecycle>spot</instanceLifecycle>" if spot else ""
    cpus = f"<cpuOptions><coreCount>{cores}</coreCount><threadsPerCore>{threads}</threadsPerCore></cpuOptions>"
    return f"<item><instancesSet><item><instanceType>{type}</instanceType>{lifecycle}{cpus}</item></instancesSet></item>"


def offer(type, zone):
    place = f"<locationType>availability-zone</locationType><location>{zone}</location>"
    return f"<item><instanceType>{type}</instanceType>{place}</item>"


class Aws:
    """What the services answer by operation: pages, one after the other, or an error."""

    def __init__(self):
        self.quotas = [[quota(P, 192.0), quota(G, 64.0), quota("L-0000000A", 5.0)]]
        self.instances = [[instance("p4d.24xlarge", 48), instance("g5.xlarge", 2), instance("g5.xlarge", 2, spot=True)]]
        self.offers = [
            [offer("p4d.24xlarge", "us-east-1a"), offer("p4d.24xlarge", "us-east-1b"), offer("m5.large", "us-east-1a")]
        ]
        self.error = None
        self.asked = []

    def answer(self, target, body):
        if target:
            operation, page = target.rpartition(".")[2], int(json.loads(body or b"{}").get("NextToken", 0))
        else:
            form = parse_qs(body.decode())
            operation, page = form["Action"][0], int(form.get("NextToken", ["0"])[0])
        self.asked.append(operation)
        if self.error:
            status, code = self.error
            if target:
                return status, json.dumps({"__type": code, "message": f"key {KEY}"})
            told = f"<Errors><Error><Code>{code}</Code><Message>key {KEY}</Message></Error></Errors>"
            return status, f"<Response>{told}<RequestID>r</RequestID></Response>"
        pages = {"ListServiceQuotas": self.quotas, "DescribeInstances": self.instances}.get(operation, self.offers)
        more = str(page + 1) if page + 1 < len(pages) else ""
        if target:
            return 200, json.dumps({"Quotas": pages[page], **({"NextToken": more} if more else {})})
        outer = {"DescribeInstances": "reservationSet"}.get(operation, "instanceTypeOfferingSet")
        token = f"<nextToken>{escape(more)}</nextToken>" if more else ""
        inner = f"<requestId>r</requestId><{outer}>{''.join(pages[page])}</{outer}>{token}"
        return 200, f"<{operation}Response>{inner}</{operation}Response>"


@pytest.fixture
def aws(monkeypatch, tmp_path):
    """Starts the services, and lets the SDK ask them with a key that always works."""
    found = Aws()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            assert KEY in self.headers["Authorization"]
            status, text = found.answer(self.headers.get("X-Amz-Target"), body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_): ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    given = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": "x", "AWS_MAX_ATTEMPTS": "1"}
    given |= {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}", "AWS_CONFIG_FILE": str(tmp_path / "none")}
    given["AWS_SHARED_CREDENTIALS_FILE"] = str(tmp_path / "none")
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


ON_DEMAND_P, ON_DEMAND_G = "Running On-Demand P instances", "Running On-Demand G and VT instances"


def test_what_is_read(aws):
    """Limits of GPU families, the vCPUs of running instances, and the sizes of each zone, over all pages."""
    aws.quotas = [aws.quotas[0][:1], aws.quotas[0][1:]]
    aws.offers = [aws.offers[0][:1], aws.offers[0][1:]]
    usages, taken, problems = read_account(ACCOUNT, ["us-east-1"])
    assert problems == []
    assert usages == [
        Usage(region="us-east-1", family=ON_DEMAND_P, limit=192, used=96),
        Usage(region="us-east-1", family=ON_DEMAND_G, limit=64, used=4),
    ]
    assert taken.sold == {"us-east-1": {"p4d.24xlarge": ("us-east-1a", "us-east-1b")}}


def test_vcpus_of_instances():
    """vCPUs are cores times threads; spot requests count against their own quota, and other families against none of GPUs."""
    kinds = [("p5.48xlarge", 96, 2, "spot"), ("p5.48xlarge", 96, 1, ""), ("x9.unknown", 4, 2, "")]
    instances = [
        {"InstanceType": type, "CpuOptions": {"CoreCount": cores, "ThreadsPerCore": threads}, "InstanceLifecycle": lifecycle}
        for type, cores, threads, lifecycle in kinds
    ]
    assert used_vcpus([{"Instances": instances}]) == {"All P5 Spot Instance Requests": 192, ON_DEMAND_P: 96}


@pytest.mark.parametrize(
    ("error", "text"),
    [
        pytest.param(
            (400, "AccessDeniedException"),
            "AWS: no right to read quotas and use in us-east-1; expected servicequotas:ListServiceQuotas, ec2:DescribeInstances "
            "and ec2:DescribeInstanceTypeOfferings [KQ120]\n  fix: ask for a policy with these actions",
            id="no right",
        ),
        pytest.param(
            (400, "UnrecognizedClientException"),
            "AWS: no login that AWS accepts; expected a login [KQ120]\n"
            "  fix: log in with `aws sso login`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
            id="a key that is over",
        ),
        pytest.param(
            (400, "TooManyRequestsException"),
            "AWS: too many requests, after 4 tries; expected an answer [KQ120]\n  fix: try again in some minutes",
            id="throttled",
        ),
        pytest.param(
            (500, "ServiceException"),
            "AWS: answered 500 ServiceException; expected limits and use [KQ120]\n  fix: try again later",
            id="an error of the service",
        ),
    ],
)
def test_what_aws_refuses(aws, error, text, monkeypatch):
    """Every refusal is one problem in words of ours, without the key."""
    monkeypatch.setattr("kaito_iac.quota.fetch_aws.RETRIES", 1)
    aws.error = error
    usages, _, problems = read_account(ACCOUNT, ["us-east-1"])
    assert usages == []
    assert [problem.text(indent="").replace("after 1 tries", "after 4 tries") for problem in problems] == [text]
    assert KEY not in text


def test_another_account(aws):
    """A login of another account writes nothing under the one that is named."""
    aws.quotas = [[quota(P, 8.0, account="999999999999")]]
    _, _, problems = read_account(ACCOUNT, ["us-east-1"])
    assert [problem.headline for problem in problems] == [
        "--subscription: the login is of account 999999999999; expected a login of 123456789012 [KQ120]"
    ]


@pytest.mark.parametrize(
    ("account", "region", "text"),
    [
        pytest.param("12", "us-east-1", "--subscription: '12'; expected the 12 digits of an AWS account [KQ120]", id="account"),
        pytest.param(
            ACCOUNT, "East US", "--region East US: not a region of AWS; expected a region such as us-east-1 [KQ120]", id="region"
        ),
    ],
)
def test_what_is_no_account(account, region, text):
    """Account and region are checked before anything is asked."""
    assert [problem.headline for problem in read_account(account, [region])[2]] == [text]


def test_without_a_login(aws, monkeypatch):
    """Without a key the login is what is asked for."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert [problem.headline for problem in read_account(ACCOUNT, ["us-east-1"])[2]] == [
        "AWS: no login; expected a login [KQ120]"
    ]


@pytest.mark.parametrize("service", ["service-quotas", "ec2"])
def test_answers_have_the_shape_of_the_model(aws, service):
    """The names that the fakes answer with are members of the shapes that the service publishes."""
    import botocore.session

    model = botocore.session.get_session().get_service_model(service)
    if service == "service-quotas":
        shape = model.operation_model("ListServiceQuotas").output_shape.members["Quotas"].member
        assert set(quota(P, 1.0)) <= set(shape.members)
        return
    reservation = model.operation_model("DescribeInstances").output_shape.members["Reservations"].member
    found = reservation.members["Instances"].member.members
    assert {"InstanceType", "InstanceLifecycle", "CpuOptions"} <= set(found)
    assert {"CoreCount", "ThreadsPerCore"} <= set(found["CpuOptions"].members)
    offers = model.operation_model("DescribeInstanceTypeOfferings").output_shape.members["InstanceTypeOfferings"].member
    assert {"InstanceType", "LocationType", "Location"} <= set(offers.members)


def test_the_command(aws, capsys, tmp_path):
    """`quota fetch` writes the quota file of an account, with use and sizes."""
    path = tmp_path / "quota.yaml"
    words = ["quota", "fetch", "--subscription", ACCOUNT, "--region", "us-east-1", "-o", str(path)]
    assert main(words) == 0
    assert capsys.readouterr().err in ("", "asking AWS …\n")  # a slow machine is told that it waits
    assert path.read_text().partition("subscriptions:\n")[2] == (
        f'  "{ACCOUNT}":\n    regions:\n      us-east-1:\n        families:\n'
        f'          "{ON_DEMAND_G}": {{limit: 64, used: 4}}\n          "{ON_DEMAND_P}": {{limit: 192, used: 96}}\n'
        "        sizes:\n          p4d.24xlarge: [us-east-1a, us-east-1b]\n"
    )
