"""Names, labels, images and addresses are checked as Kubernetes and KAITO's Go do."""

from __future__ import annotations

import pytest

from kaito_iac.kubernetes.names import (
    is_image,
    is_label,
    is_label_key,
    is_label_value,
    is_request_uri,
    is_subdomain,
    source_problem,
)


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        pytest.param(is_label, ["a", "a-1", "1a", "a" * 63], ["", "-a", "a-", "A", "a.b", "a_b", "a" * 64, "a\n"], id="label"),
        pytest.param(is_subdomain, ["a.b", "a" * 253], ["a..b", ".a", "a" * 254, "A"], id="subdomain"),
        pytest.param(is_label_key, ["a", "A_b.c", "x.y/z"], ["", "a b", "/a", "a/", "X/y", "a/b/c", "a" * 64], id="label key"),
        pytest.param(is_label_value, ["", "a", "A_1.b"], ["a b", "-a", "a" * 64, "a/b"], id="label value"),
        pytest.param(
            is_image,
            ["adapters", "a/b", "r.example.com/a/b:1", "localhost:5000/a", "R.example.com/a", f"a@sha256:{'0' * 64}", "a:T"],
            ["A", "a/B", "a:b:c", "A B", "", "a@sha256:0", "0" * 64, "r.example.com/", "a//b"],
            id="image reference",
        ),
        pytest.param(
            is_request_uri,
            ["https://a/b", "/path", "a.example.com:80/x", "http://a/x y", "ftp://a", "*", "http://[::1]:80/"],
            ["", "a.example.com", "v1/chat", ":80", "http://a b/", "http://a:x/", "http://a/%zz", "1.2.3.4:80", "http://a\n"],
            id="request URI",
        ),
    ],
)
def test_shapes(check, good, bad):
    """Good ones are good, and bad ones bad."""
    assert [text for text in good if not check(text)] == []
    assert [text for text in bad if check(text)] == []


@pytest.mark.parametrize(
    ("address", "why"),
    [
        pytest.param("https://data.example.com/x", None, id="an address"),
        pytest.param("HTTP://93.184.216.34/x", None, id="a public address"),
        pytest.param("http://[2001:4860:4860::8888]/x", None, id="a public address of version 6"),
        pytest.param("http://0.0.0.0/", None, id="KAITO forgets the unspecified address"),
        pytest.param("http://127.1/", None, id="a short form is a name"),
        pytest.param("data.csv", "not an absolute address with a host", id="a file"),
        pytest.param("https:///x", "not an absolute address with a host", id="no host"),
        pytest.param("s3://bucket/x", "neither http nor https", id="another scheme"),
        pytest.param("http://LocalHost:80/", "a local or metadata host", id="localhost"),
        pytest.param("http://a.localhost/", "a local or metadata host", id="below localhost"),
        pytest.param("http://metadata.google.internal/", "a local or metadata host", id="metadata"),
        pytest.param("http://user@10.1.2.3/", "a loopback, private or link-local address", id="a private address"),
        pytest.param("http://[::ffff:192.168.0.1]/", "a loopback, private or link-local address", id="mapped"),
        pytest.param("http://[fe80::1%25eth0]/", "a loopback, private or link-local address", id="a zone"),
        pytest.param("http://[fd00::1]/", "a loopback, private or link-local address", id="unique local"),
    ],
)
def test_addresses_of_data(address, why):
    """KAITO takes data from outside the cluster alone."""
    assert source_problem(address) == why
