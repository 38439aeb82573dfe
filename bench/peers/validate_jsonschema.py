"""jsonschema: manifests of a file against the schema of their CRD. Arguments: CRD, manifests."""

import sys

import yaml
from jsonschema import Draft7Validator

with open(sys.argv[1]) as crd, open(sys.argv[2]) as manifests:
    versions = yaml.load(crd, yaml.CSafeLoader)["spec"]["versions"]
    validators = {one["name"]: Draft7Validator(one["schema"]["openAPIV3Schema"]) for one in versions}
    for found in yaml.load_all(manifests, yaml.CSafeLoader):
        for error in validators[found["apiVersion"].split("/")[1]].iter_errors(found):
            print(error.message)
