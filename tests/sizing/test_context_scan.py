"""Which context KAITO's estimator finds: a scan by lines, whatever YAML says."""

import pytest

from kaito_iac.sizing.context_scan import scanned_context


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        pytest.param("vllm:\n  max-model-len: 4096\n", 4096, id="plain block YAML"),
        pytest.param("vllm:\r\n  max-model-len: 4096\r\n", 4096, id="lines of Windows"),
        pytest.param("vllm:\n  max-model-len: 4096", 4096, id="no last line break"),
        pytest.param("vllm:\n    max-model-len:    4096   \n", 4096, id="more blanks"),
        pytest.param("vllm:\n  max-model-len:4096\n", 4096, id="no blank, although YAML would see one text"),
        pytest.param("vllm:\n  gpu-memory-utilization: 0.9\n  max-model-len: 4096\n", 4096, id="behind another argument"),
        pytest.param("other: 1\nvllm:\n  max-model-len: 4096\n", 4096, id="behind another section"),
        pytest.param("vllm:\n\n  # the limit\n\n  max-model-len: 4096\n", 4096, id="behind empty lines and a comment of its own"),
        pytest.param("vllm:\n# the limit\n  max-model-len: 4096\n", 4096, id="behind a comment at the margin"),
        pytest.param("outer:\n  vllm:\n    max-model-len: 4096\n", 4096, id="vllm inside another section"),
        pytest.param("vllm: # engine\n  max-model-len: 4096\n", 4096, id="a comment behind vllm"),
        pytest.param("vllm:\n  deeper:\n    max-model-len: 4096\n", 4096, id="deeper than vLLM would look"),
        pytest.param("vllm:\n\t\tmax-model-len: 4096\n", 4096, id="two tabs, which YAML refuses"),
        pytest.param("vllm:\n  max-model-len: +4096\n", 4096, id="a plus sign"),
        pytest.param("vllm:\n  max-model-len: 04096\n", 4096, id="a leading zero"),
        pytest.param("vllm:\n  max-model-len: 1\n  max-model-len: 2\n", 1, id="the first of two"),
        pytest.param("", None, id="no text"),
        pytest.param("max-model-len: 4096\n", None, id="outside vllm"),
        pytest.param("vllm:\n", None, id="an empty section"),
        pytest.param("vllm:\n max-model-len: 4096\n", None, id="one column of indentation"),
        pytest.param("vllm:\nmax-model-len: 4096\n", None, id="no indentation"),
        pytest.param("vllm:\n\tmax-model-len: 4096\n", None, id="one tab is one column"),
        pytest.param("outer:\n  vllm:\n   max-model-len: 4096\n", None, id="one column deeper than a nested vllm"),
        pytest.param("vllm:\n  max-model-len: 4096 # limit\n", None, id="a comment behind the number"),
        pytest.param('vllm:\n  max-model-len: "4096"\n', None, id="double quotes"),
        pytest.param("vllm:\n  max-model-len: '4096'\n", None, id="single quotes"),
        pytest.param('vllm:\n  "max-model-len": 4096\n', None, id="a quoted key"),
        pytest.param('"vllm":\n  max-model-len: 4096\n', None, id="a quoted vllm"),
        pytest.param("vllm: {max-model-len: 4096}\n", None, id="flow style"),
        pytest.param("vllm: {\n  max-model-len: 4096}\n", None, id="flow style over lines"),
        pytest.param("vllm:\n  max-model-len : 4096\n", None, id="a blank before the colon"),
        pytest.param("vllm:\n  max_model_len: 4096\n", None, id="underscores"),
        pytest.param("vllm:\n  max-model-len: auto\n", None, id="no number"),
        pytest.param("vllm:\n  max-model-len: 4096.0\n", None, id="a fraction"),
        pytest.param("vllm:\n  max-model-len: 4k\n", None, id="a unit"),
        pytest.param("vllm:\n  max-model-len: -1\n", None, id="a negative number"),
        pytest.param("vllm:\n  max-model-len: 0\n", None, id="zero"),
        pytest.param("vllm:\n  max-model-len: \uff14\uff10\uff19\uff16\n", None, id="digits of another script"),
        pytest.param("vllm:\n  max-model-len: " + "9" * 5000 + "\n", None, id="more digits than an integer has"),
        pytest.param("vllm:\n  max-model-len:\n", None, id="nothing behind the key"),
        pytest.param("vllm:\n  a: 1\nother: 2\n  max-model-len: 4096\n", None, id="behind the end of the section"),
        pytest.param("#vllm:\n  max-model-len: 4096\n", None, id="a section behind a comment sign"),
    ],
)
def test_scan(text, tokens):
    """KAITO 0.12 sizes for the number it sees on its own line below vllm, and for 2048 when it sees none."""
    assert scanned_context(text) == tokens
