"""jsonschema-rs: manifests of a file against the schema of their CRD. Arguments: CRD, manifests."""

import sys

import jsonschema_rs
import yaml

with open(sys.argv[1]) as crd, open(sys.argv[2]) as manifests:
    versions = yaml.load(crd, yaml.CSafeLoader)["spec"]["versions"]
    validators = {one["name"]: jsonschema_rs.Draft7Validator(one["schema"]["openAPIV3Schema"]) for one in versions}
    for found in yaml.load_all(manifests, yaml.CSafeLoader):
        for error in validators[found["apiVersion"].split("/")[1]].iter_errors(found):
            print(error.message)
