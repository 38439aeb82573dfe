"""Writes screenshots of the HTML report at phone and desktop width, light and dark: needs Chromium on PATH.

python tools/report_screenshots.py docs/images
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STREAM = ROOT / "tests" / "report" / "streams" / "07-replace-preview.jsonl.gz"
POOL = ROOT / "tests" / "report" / "streams" / "23-pool-replace-up.jsonl.gz"
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}


def page(folder: Path) -> Path:
    """Write the page that is photographed."""
    words = ["report", "render", "--events", str(STREAM), "--events", str(POOL), "--time", "2026-11-28", "--format", "html"]
    done = subprocess.run(
        [sys.executable, "-m", "kaito_iac.cli.main", *words], capture_output=True, text=True, cwd=ROOT, check=False
    )
    (folder / "report.html").write_text(done.stdout)
    return folder / "report.html"


def main(target: Path) -> None:
    """Write one picture for each width and colour scheme."""
    browser = next((found for name in ("chromium", "google-chrome", "chrome") if (found := shutil.which(name))), None)
    if browser is None:
        sys.exit("no Chromium on PATH")
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        address = page(Path(folder)).as_uri()
        for name, (width, height) in SIZES.items():
            for scheme in ("light", "dark"):
                dark = ["--blink-settings=preferredColorScheme=0"] if scheme == "dark" else []
                words = [
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--hide-scrollbars",
                    f"--user-data-dir={folder}/profile",
                    *dark,
                ]
                picture = target / f"report-{name}-{scheme}.png"
                words += [f"--window-size={width},{height}", f"--screenshot={picture}", address]
                subprocess.run([browser, *words], capture_output=True, check=True, timeout=120)
                print(picture)


if __name__ == "__main__":
    main(Path(sys.argv[1] if sys.argv[1:] else ROOT / "docs" / "images"))
