"""Opens the page of emotion-detector --serve in headless Chromium and uses it like a person.

    serve_page.py URL DOCUMENT PROCESS

URL is the page's, of a camera that shows a happy face; DOCUMENT holds the line of JavaScript that is to run in it;
PROCESS is the detector's, ended last to see what the page says then. Ends with 1 and a line for what is not as it
should be. Speaks to chromedriver by the WebDriver protocol, with Python's own library alone.
"""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

LIMIT_S = 300  # only against hanging
LEARNABLE_RATE = 4  # the program wants ten frames in three seconds to learn how a face looks at rest


class Browser:
    def __init__(self):
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True)
        for line in self.driver.stdout:
            if found := re.search(r"started successfully on port (\d+)", line):
                self.base = f"http://127.0.0.1:{found[1]}/session"
                break
        options = {"args": ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                            "--window-size=1280,900"]}
        answer = self.call("POST", "", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}})
        self.base += "/" + answer["sessionId"]

    def call(self, method, path, body=None):
        data = None if method == "GET" else json.dumps(body or {}).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=LIMIT_S) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            sys.exit(f"chromedriver: {path}: {error.read().decode()[:500]}")

    def run(self, script, *arguments):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def press(self, key):
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": [
            {"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]}]})

    def close(self):
        try:
            self.call("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait()


def wait_for(what, condition):
    limit = time.monotonic() + LIMIT_S
    while not condition():
        if time.monotonic() > limit:
            sys.exit(f"not within {LIMIT_S} s: {what}")
        time.sleep(0.05)


def use_page(browser, url, script, process):
    browser.call("POST", "/url", {"url": url})

    def is_true(expression):
        return lambda: browser.run(f"return {expression}")

    def text(id_):
        return browser.run("return document.getElementById(arguments[0]).textContent", id_)

    def click(action):
        browser.run("document.querySelector(`button[data-action=${arguments[0]}]`).click()", action)

    def pressed(action):
        return is_true(f"document.querySelector('button[data-action={action}]').getAttribute('aria-pressed') === 'true'")

    def released(action):
        return lambda: not pressed(action)()

    told = []
    too_busy = False

    def sees_too_rarely():
        rate = re.fullmatch(r"[\d.]+", text("rate"))
        return bool(rate) and float(rate[0]) < LEARNABLE_RATE

    def learned_or_too_busy():
        nonlocal too_busy
        if (word := text("toast")) not in told[-1:]:
            told.append(word)
            if "no face was found in" in word:  # where the machine is so busy that it sees three frames a second
                too_busy = sees_too_rarely()
                if not too_busy:
                    click("neutral")
        return too_busy or "(happy) did not look at rest" in word

    wait_for("a face labelled happy", is_true("/^happy \\d+\\s%$/.test(document.querySelector('#faces b')?.textContent)"))
    wait_for("a picture", is_true("document.getElementById('picture').naturalWidth === 640"))
    wait_for("a rate and a delay", is_true("/\\d/.test(document.getElementById('rate').textContent) && "
                                           "/ms/.test(document.getElementById('delay').textContent)"))
    wait_for("seconds of happy", is_true("document.querySelector('#seconds b[data-label=happy]').textContent > '0:01'"))
    timeline = "document.getElementById('timeline').toDataURL()"
    before = browser.run(f"return {timeline}")
    wait_for("a timeline that moves", lambda: browser.run(f"return {timeline}") != before)
    wait_for("the timeline in words", is_true(
        "document.getElementById('timeline').getAttribute('aria-label').includes('face 1: happy')"))

    browser.run("window.told = []; console.log = (line) => window.told.push(JSON.stringify(line)); " + script)
    wait_for("what the document's JavaScript is told", is_true("window.told.some((line) => line.includes('happy'))"))

    for action, key in (("mirror", "m"), ("explain", "e"), ("pause", "p")):
        click(action)
        wait_for(f"{action} on, by the button", pressed(action))
        if action == "pause":
            wait_for("a word that it is paused", is_true("!document.getElementById('problem').hidden"))
        browser.press(key)
        wait_for(f"{action} off, by the key", released(action))
    click("neutral")
    wait_for("a word that it is learned", learned_or_too_busy)
    if too_busy:
        print(f"only {text('rate')} frames a second: how a face looks at rest cannot be learned")
    else:
        wait_for("a face that is marked", is_true("document.querySelector('.face-head .soft')?.textContent.endsWith('at rest known')"))
        browser.press("n")
        wait_for("a face that is not", is_true("/^face \\d+$/.test(document.querySelector('.face-head .soft')?.textContent)"))
    least = text("thresholds")
    click("threshold-up")
    wait_for("a higher threshold", lambda: text("thresholds") != least)
    browser.press("-")
    wait_for("the threshold that was", lambda: text("thresholds") == least)
    click("snapshot")
    wait_for("a picture that is saved", lambda: re.search(r"\.png: saved", text("toast")))
    click("record")
    wait_for("a video that is recorded", pressed("record"))
    wait_for("how long it is", lambda: re.fullmatch(r"[\d:]*[1-9][\d:]*", text("record-text")))
    click("record")
    wait_for("a video that is saved", lambda: re.search(r"\.mp4: saved", text("toast")))

    others = browser.run("return performance.getEntriesByType('resource').map((one) => one.name)"
                         ".filter((name) => !name.startsWith(location.origin) && !name.startsWith('data:'))")
    if others:
        sys.exit(f"loaded from elsewhere: {others}")
    if complaints := [entry["message"] for entry in browser.call("POST", "/se/log", {"type": "browser"})
                      if entry["level"] == "SEVERE"]:
        sys.exit(f"the browser complains: {complaints}")
    os.kill(process, signal.SIGINT)
    wait_for("a word that the program has ended", is_true("document.getElementById('connection').textContent === 'ended'"))


def main():
    url, document, process = sys.argv[1:]
    script = re.search(r"^    (new EventSource\(.*)$", pathlib.Path(document).read_text(), re.MULTILINE)
    if not script:
        sys.exit(f"{document}: has no line of JavaScript")
    browser = Browser()
    try:
        use_page(browser, url, script[1], int(process))
    finally:
        browser.close()


if __name__ == "__main__":
    main()
