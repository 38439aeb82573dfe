"""A headless Chromium over its debugging pipe: opens pages at a given width, reports their faults, takes pictures, searches."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START = """import fcntl, os, sys
down, up = (fcntl.fcntl(int(word), fcntl.F_DUPFD, 10) for word in sys.argv[1:3])
os.dup2(down, 3), os.dup2(up, 4)
os.execv(sys.argv[3], sys.argv[3:])"""
"""Starts the browser with its pipes where it expects them: commands on 3, answers on 4."""
FAULTS = """(() => {
  const found = [];
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) {
    const right = document.documentElement.clientWidth;
    const all = [...document.querySelectorAll('article *, header *, footer *')];
    const causes = all.filter((one) => one.getBoundingClientRect().right > right + 1).slice(0, 2);
    found.push(`${wide} px wider than the window: ${causes.map((one) => one.tagName + ' ' + one.textContent.slice(0, 40))}`);
  }
  for (const image of document.images) {
    if (image.complete && image.naturalWidth === 0) found.push(`picture without content: ${image.src}`);
  }
  for (const box of document.querySelectorAll('article p, article li, article h1, article h2, article h3')) {
    if (box.scrollWidth > box.clientWidth + 8 && getComputedStyle(box).overflowX === 'visible' && box.clientWidth > 0
        && !box.closest('.md-typeset__scrollwrap, .diagram')) {
      found.push(`text wider than its box: ${box.textContent.slice(0, 60)}`);
    }
  }
  return found;
})()"""
SEARCH = """new Promise((done) => {
  const box = document.querySelector('.md-search__input');
  document.getElementById('__search').checked = true;
  document.getElementById('__search').dispatchEvent(new Event('change'));
  box.focus();
  document.querySelector('.md-search-result__list').replaceChildren();
  box.value = PHRASE;
  box.dispatchEvent(new Event('keyup'));
  const started = Date.now();
  const look = () => {
    const items = [...document.querySelectorAll('.md-search-result__list > .md-search-result__item')];
    const first = items.map((item) => item.querySelector('a').getAttribute('href'));
    if (first.length || Date.now() - started > 5000) done(first); else setTimeout(look, 20);
  };
  setTimeout(look, 20);
})"""


def browser() -> str | None:
    """Return the path of Chromium or Chrome, where there is one."""
    return next((found for name in ("chromium", "google-chrome", "chrome") if (found := shutil.which(name))), None)


class Tab:
    """One page of the browser, opened again for each address."""

    def __init__(self, process: subprocess.Popen[bytes], read: int, write: int) -> None:
        self.process, self.read, self.write = process, read, write
        self.number, self.session, self.rest = 0, "", b""
        self.events: list[dict[str, Any]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def message(self, until: float) -> dict[str, Any]:
        """Return the next message of the browser."""
        while b"\0" not in self.rest:
            if not select.select([self.read], [], [], max(0.0, until - time.monotonic()))[0]:
                raise TimeoutError("the browser does not answer")
            part = os.read(self.read, 1 << 20)
            if not part:
                raise EOFError("the browser ended")
            self.rest += part
        line, _, self.rest = self.rest.partition(b"\0")
        return dict(json.loads(line))

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Return the result of one call, and keep the events that come before it."""
        self.number += 1
        body = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            body["sessionId"] = self.session
        os.write(self.write, json.dumps(body).encode() + b"\0")
        until = time.monotonic() + 60
        while True:
            answer = self.message(until)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return dict(answer["result"])
            self.events.append(answer)

    def value(self, expression: str) -> Any:
        """Return the value of a script in the page."""
        got = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in got:
            raise RuntimeError(got["exceptionDetails"]["exception"].get("description", expression))
        return got["result"].get("value")

    def resize(self, size: tuple[int, int]) -> None:
        """Set the size of the window; one narrower than 600 pixels is that of a phone."""
        width, height = size
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)

    def open(self, address: str, size: tuple[int, int]) -> None:
        """Show an address in a window of a size, and wait until it is loaded."""
        self.resize(size)
        self.events.clear()
        self.call("Page.navigate", url=address)
        until = time.monotonic() + 30
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.message(until))

    def faults(self) -> list[str]:
        """Return what is wrong with the page that is shown: width, pictures, errors of scripts, answers other than 2xx."""
        found = list(self.value(FAULTS))
        for event in self.events:
            told = event.get("params", {})
            if event.get("method") == "Runtime.exceptionThrown":
                found.append(f"error of a script: {told['exceptionDetails'].get('text')}")
            elif event.get("method") == "Log.entryAdded" and told["entry"]["level"] == "error":
                found.append(f"console: {told['entry']['text']} {told['entry'].get('url', '')}")
            elif event.get("method") == "Network.responseReceived" and told["response"]["status"] >= 400:
                found.append(f"{told['response']['status']}: {told['response']['url']}")
        return found

    def asked(self) -> list[str]:
        """Return the addresses that the page asked for."""
        requests = [
            event["params"]["request"]["url"] for event in self.events if event.get("method") == "Network.requestWillBeSent"
        ]
        return [address for address in requests if not address.startswith("data:")]

    def picture(self, target: Path, *, whole: bool = False) -> None:
        """Write a picture of the window, or of the whole page."""
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        target.write_bytes(base64.b64decode(data))

    def search(self, phrase: str) -> list[str]:
        """Return the pages that the search of the site finds for a phrase, best first."""
        return list(self.value(SEARCH.replace("PHRASE", json.dumps(phrase))))


@contextmanager
def tab() -> Iterator[Tab]:
    """Start the browser with one page, and end it."""
    path = browser()
    if path is None:
        raise FileNotFoundError("no Chromium on PATH")
    down, our_write = os.pipe()
    our_read, up = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        words = [path, *QUIET, f"--user-data-dir={profile}", "--remote-debugging-pipe", "about:blank"]
        process = subprocess.Popen(
            [sys.executable, "-c", START, str(down), str(up), *words], pass_fds=(down, up), stderr=subprocess.DEVNULL
        )
        os.close(down)
        os.close(up)
        try:
            yield Tab(process, our_read, our_write)
        finally:
            os.close(our_write)
            process.terminate()
            process.wait(20)
            os.close(our_read)
