"""regopy: four rules of KAITO's admission in Rego over the manifests of a file. Argument: manifests."""

import json
import sys

import regopy
import yaml

RULES = """
package kaito
deny[m] { not input.resource.labelSelector; m := "labelSelector is missing" }
deny[m] { input.resource.count < 1; m := "count is below 1" }
deny[m] { not input.inference; not input.tuning; m := "neither inference nor tuning" }
deny[m] { input.inference.preset.name == ""; m := "preset without a name" }
"""

interpreter = regopy.Interpreter()
interpreter.add_module("kaito", RULES)
with open(sys.argv[1]) as manifests:
    for found in yaml.load_all(manifests, yaml.CSafeLoader):
        interpreter.set_input_term(json.dumps(found))
        print(interpreter.query("data.kaito.deny"))
