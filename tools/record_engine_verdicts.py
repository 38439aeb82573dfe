"""Records what the parser of an unpacked vLLM makes of every argument with some words, for tests/admission/engine_verdicts.json.

Usage: record_engine_verdicts.py DATE FOLDER. `tools/stand_in.py` says what Python it needs.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

from refresh_engine_arguments import parser_of

DATA = Path(__file__).resolve().parent.parent / "tests" / "admission" / "engine_verdicts.json"
VALUES = ("1", "0.5", "abc", "True", "False", "1k", "{}", '{"a": 1}', "[1]", "-1", "-x", "None", "--enforce-eager")
ENTRIES: tuple[dict[str, str], ...] = (
    {"enforce-eager": "True", "enable-auto-tool-choice": "True"},
    {"enforce-eager": "--enable-auto-tool-choice"},
    {"enforce-eager": "--enable-auto-tool-choice", "enable-lora": "True"},
    {"enforce-eager": "--enable-auto-tool-choice", "enable-lora": "True", "async-scheduling": "True"},
    {"no-enable-prefix-caching": "True"},
    {"no-disable-log-stats": "True"},
    {"max_num_seqs": "8"},
    {"max-num-seq": "8"},
    {"max-num": "8"},
    {"swap-space": "4"},
    {"task": "generate"},
    {"kaito-max-probe-steps": "3"},
    {"compilation-config.mode": "3"},
    {"compilation_config.cudagraph_mode": "NONE"},
    {"speculative-config": '{"method": "ngram", "num_speculative_tokens": 3}'},
    {"speculative-config": "{method: ngram}"},
    {"max-model-len": "auto"},
    {"max-model-len": "128K"},
    {"max-num-seqs": "1.0"},
    {"kv-cache-dtype": "fp8"},
    {"kv-cache-dtype": "fp7"},
    {"kv-transfer-config": '{"kv_connector": "LMCacheConnectorV1", "kv_role": "kv_both"}'},
    {"kv-transfer-config": '{"connector": "LMCacheConnectorV1"}'},
    {"enforce-eager": "a b", "max-num-seqs": "8"},
    {"served-model-name": "a", "enforce-eager": "True", "seed": "1"},
)


def outcome(parser: Any, entries: dict[str, str]) -> dict[str, Any] | None:
    """Return what is set by entries that are handed on as KAITO does; None: the parser ends with an error."""
    words = [word for key, value in entries.items() for word in (f"--{key}", value)]
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            found = vars(parser.parse_args(words))
    except (SystemExit, Exception):
        return None
    usual = vars(parser.parse_args([]))
    return {key: value for key, value in found.items() if key != "model_tag" and value != usual[key]}


def main(arguments: list[str]) -> int:
    """Write the record; return 0."""
    date, folder = arguments
    parser = parser_of(folder)
    import vllm.version

    names = [option[2:] for action in parser._actions for option in action.option_strings if option.startswith("--")]
    singles = {}
    for name in sorted(set(names) - {"help"}):
        singles[name] = "".join("n" if outcome(parser, {name: value}) is None else "y" for value in VALUES)
    flags = sorted(action.dest for action in parser._actions if action.nargs == 0 and action.dest != "help")
    several = []
    for entries in (*ENTRIES, *({a.replace("_", "-"): "True", b.replace("_", "-"): "True"} for a, b in pairwise(flags))):
        found = outcome(parser, entries)
        on = None if found is None else sorted(key.replace("_", "-") for key, value in found.items() if isinstance(value, bool))
        several.append([entries, on])
    table = json.loads(DATA.read_text()) if DATA.exists() else {}
    table[vllm.version.__version__] = {"date": date, "values": VALUES, "singles": singles, "several": several}
    DATA.write_text(json.dumps(dict(sorted(table.items())), indent=0, sort_keys=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
