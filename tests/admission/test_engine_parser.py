"""The judge of vLLM's arguments against vLLM's own parser, of every release that a KAITO release pins."""

import json
from pathlib import Path

import pytest

from kaito_iac.admission.engine_value import judge_arguments
from kaito_iac.admission.engine_words import read_words
from kaito_iac.catalog.engine import engine_arguments
from kaito_iac.catalog.load import table_of

RECORD = json.loads((Path(__file__).parent / "engine_verdicts.json").read_text())
RELEASES = {engine: kaito for kaito, engine in table_of("vllm.json")["releases"].items()}
HARMLESS = {"KS292"}
"""Codes of what vLLM takes and KAITO does not read."""

ELSEWHERE = {
    "config": "the recorded words name no file",
    "lora-modules": "adapters are mounted by KAITO; their own syntax is not judged",
    "speculative-config": "its class is built after parsing, and judged as if it were before",
    "diffusion-config": "its class is built after parsing, and judged as if it were before",
}
"""Arguments that the record says less, or more, of than this tool, and why."""


def refused(entries, kaito):
    """Return whether the judge says that vLLM's parser ends with an error."""
    words = read_words(entries, kaito)
    off = [key for key, word in words.left] if len(words.left) == 1 else []
    found = [w for w in judge_arguments(entries, kaito) if w.code not in HARMLESS and not w.later]
    return [w for w in found if not (w.code == "KS290" and w.key in off)]


@pytest.mark.parametrize("engine", sorted(RECORD))
def test_every_argument_with_every_word(engine):
    """Each argument of the pinned parser, also negated, is known, and takes and refuses the same words here as there."""
    record, kaito = RECORD[engine], RELEASES[engine]
    wrong = []
    for name, verdicts in record["singles"].items():
        for value, verdict in () if name in ELSEWHERE else zip(record["values"], verdicts, strict=True):
            if bool(refused({name: value}, kaito)) != (verdict == "n"):
                wrong.append((name, value, verdict))
    assert wrong == []


@pytest.mark.parametrize("engine", sorted(RECORD))
def test_no_argument_is_known_beside_those_of_the_parser(engine):
    """The table has the names of the parser and no other."""
    positive = {name for name in RECORD[engine]["singles"] if name in engine_arguments(RELEASES[engine])}
    assert positive == set(engine_arguments(RELEASES[engine]))


@pytest.mark.parametrize("engine", sorted(RECORD))
def test_several_entries_together(engine):
    """Several entries end with an error, or switch the same flags on, here as in the parser."""
    kaito = RELEASES[engine]
    for entries, flags in RECORD[engine]["several"]:
        assert bool(refused(entries, kaito)) == (flags is None), entries
        if flags is not None:
            known = engine_arguments(kaito)
            changed = {name for name, on in read_words(entries, kaito).flags.items() if on is not known[name].default}
            assert sorted(changed) == flags, entries
