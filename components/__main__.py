"""Serves the components to programs in every Pulumi language."""

from kaito_iac.components.package import serve

if __name__ == "__main__":
    serve()
