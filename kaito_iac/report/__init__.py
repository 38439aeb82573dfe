"""Reports of a preview: engine events or plans in, comment, JSON, SARIF and HTML out."""
