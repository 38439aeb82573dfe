"""What the catalogue knows of the images of charts and workloads."""

import re

import pytest

from kaito_iac.catalog.image import chart_images, default_registry, workload_images
from kaito_iac.catalog.load import DEFAULT_VERSION, table_of, versions

CHARTS = [(chart, version) for chart, found in table_of("images.json")["charts"].items() for version in found]
REFERENCE = re.compile(r"[a-z0-9.-]+(/[a-z0-9._-]+)+(:[a-z0-9._-]+)?")


@pytest.mark.parametrize(("chart", "version"), CHARTS)
def test_every_row_names_an_image(chart, version):
    """Every image of a chart is a reference with a host, has a reason, and its switches have paths and defaults."""
    for row in chart_images(chart, version):
        assert REFERENCE.fullmatch(row.image), row.image
        assert row.why
        assert ":" in row.image or "not on record" in row.why
        assert all("." in path and isinstance(default, bool) for path, default in row.when)


def test_charts_of_the_default_release_are_described():
    """The charts that the default release installs have their images on record, but for those of Karpenter."""
    charts = versions()[DEFAULT_VERSION].charts
    undescribed = {chart for chart, version in charts.items() if chart_images(chart, version) is None}
    assert undescribed <= {"karpenter-azure", "karpenter-aws"}


def test_chart_nobody_described():
    """A chart or a version that is not on record gives None, not an empty list."""
    assert chart_images("workspace", "0.1.0") is None
    assert chart_images("nginx", "1.0.0") is None


def test_model_server_is_that_of_the_release():
    """The image of model servers is the base image of the release, below a registry that the chart can change."""
    base = workload_images()["base"]["image"]
    assert base == f"{{registry}}/{versions()[DEFAULT_VERSION].base_image}"
    assert default_registry() == "mcr.microsoft.com/aks/kaito"
