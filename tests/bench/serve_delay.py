#!/usr/bin/python3
"""The cost of --serve for the detector, and the delay of results at clients.

    serve_delay.py [DETECTOR] [--frames 500] [--fps 25] [--chromium]

A camera of this script's sends the demo clip, over and over, as Motion JPEG. Measured are the delay from a frame's
arrival to its labels (latency_ms of --stats) with four clients (two of pictures, two of events) and with none, in turns;
the time from sending a frame to its event at a client, in this script or in headless Chromium; and the memory before and
after a client that stops reading and 200 connections at once. All share the processor.
"""
import argparse
import json
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/cli"))


class Camera(threading.Thread):
    """Sends pictures to one viewer and records the times; the k-th is the detector's frame k."""

    def __init__(self, pictures, fps):
        super().__init__(daemon=True)
        self.pictures, self.fps, self.sent_s = pictures, fps, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/"
        self.start()

    def run(self):
        viewer, _ = self.listener.accept()
        viewer.recv(4096)
        try:
            viewer.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=frame\r\n\r\n")
            begun = time.monotonic()
            while True:
                picture = self.pictures[len(self.sent_s) % len(self.pictures)]
                part = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(picture)
                self.sent_s.append(time.time())
                viewer.sendall(part + picture + b"\r\n")
                time.sleep(max(0.0, begun + len(self.sent_s) / self.fps - time.monotonic()))
        except OSError:
            viewer.close()


class Detector:
    def __init__(self, program, camera, folder, frames=None):
        self.stats = pathlib.Path(folder) / "stats.json"
        command = [program, "--headless", camera.url, "--serve", "0", "--stats", self.stats]
        if frames:
            command += ["--max-frames", str(frames)]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if found := re.search(r"serving (http://127\.0\.0\.1:(\d+)/)", line):
                self.url, self.port = found[1], int(found[2])
                break

    def rss_mb(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s*(\d+)", status)[1]) / 1024

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait()


def read_all(url, times=None):
    """Reads a stream to its end; `times` are those of each frame's event."""
    with urllib.request.urlopen(url) as stream:
        if times is None:
            while stream.read1(65536):
                pass
            return
        for line in stream:
            if line.startswith(b'data: {"source'):
                times[json.loads(line[6:])["frame"]] = time.time()


def percentiles(values):
    ordered = sorted(values)
    at = lambda share: ordered[min(len(ordered) - 1, int(share * len(ordered)))]
    return f"median {at(0.5):.1f} ms, p95 {at(0.95):.1f}, p99 {at(0.99):.1f}, of {len(ordered)}"


def with_clients(program, pictures, fps, frames, clients, folder):
    camera = Camera(pictures, fps)
    detector = Detector(program, camera, folder, frames)
    threads = [threading.Thread(target=read_all, args=[detector.url + path], daemon=True)
               for path in ("stream.mjpg", "stream.mjpg", "api/events?status", "api/events")[:clients]]
    for thread in threads:
        thread.start()
    detector.process.wait()
    return json.loads(detector.stats.read_text())["latency_ms"]


def delays_ms(camera, times):
    return [1e3 * (came - camera.sent_s[frame]) for frame, came in sorted(times.items()) if frame > 25]


def events_here(program, pictures, fps, frames, folder):
    camera = Camera(pictures, fps)
    detector = Detector(program, camera, folder, frames)
    times = {}
    read_all(detector.url + "api/events", times)
    detector.process.wait()
    return delays_ms(camera, times)


def events_in_chromium(program, pictures, fps, frames, folder):
    from serve_page import Browser
    camera = Camera(pictures, fps)
    detector = Detector(program, camera, folder)
    browser = Browser()
    try:
        browser.call("POST", "/url", {"url": detector.url})
        browser.run("window.came = {}; new EventSource('/api/events').onmessage = (event) => { window.came["
                    "JSON.parse(event.data).frame] = performance.timeOrigin + performance.now(); };")
        while len(came := browser.run("return window.came")) < frames:
            time.sleep(2)
    finally:
        browser.close()
        detector.end()
    return delays_ms(camera, {int(frame): ms / 1e3 for frame, ms in came.items()})


def memory(program, pictures, fps, folder):
    camera = Camera(pictures, fps)
    detector = Detector(program, camera, folder)
    reader = threading.Thread(target=read_all, args=[detector.url + "stream.mjpg"], daemon=True)
    reader.start()
    time.sleep(10)
    lines = [f"with one who watches {detector.rss_mb():.1f} MB"]

    def connect(path):
        connection = socket.create_connection(("127.0.0.1", detector.port))
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        return connection

    deaf = [connect("/stream.mjpg") for _ in range(4)]
    time.sleep(8)
    lines.append(f"and four who read nothing {detector.rss_mb():.1f} MB")
    many = [connect("/api/events") for _ in range(200)]
    time.sleep(5)
    lines.append(f"and 200 connections {detector.rss_mb():.1f} MB")
    for connection in deaf + many:
        connection.close()
    detector.end()
    return ", ".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("detector", nargs="?", default=ROOT / "build/release/bin/emotion-detector")
    parser.add_argument("--frames", type=int, default=500)
    parser.add_argument("--fps", type=float, default=25.0)
    parser.add_argument("--chromium", action="store_true", help="measure the events in headless Chromium too")
    arguments = parser.parse_args()
    if not pathlib.Path(arguments.detector).exists():
        sys.exit(f"{arguments.detector}: not there, build it first")
    if not shutil.which("ffmpeg"):
        print("frame to labels and events    skipped: ffmpeg not installed")
        return
    program, fps, frames = arguments.detector, arguments.fps, arguments.frames
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["ffmpeg", "-v", "error", "-i", ROOT / "assets/demo.mp4", "-frames:v", "100", "-q:v", "4",
                        f"{folder}/%03d.jpg"], check=True)
        pictures = [file.read_bytes() for file in sorted(pathlib.Path(folder).glob("*.jpg"))]
        for turn in range(3):
            for clients in (0, 4):
                latency = with_clients(program, pictures, fps, frames, clients, folder)
                print(f"frame to labels, {clients} clients   " +
                      ", ".join(f"{name} {value:.1f} ms" for name, value in latency.items()), flush=True)
        print("frame to event, this script   " +
              percentiles(events_here(program, pictures, fps, frames, folder)), flush=True)
        if arguments.chromium:
            print("frame to event, Chromium      " +
                  percentiles(events_in_chromium(program, pictures, fps, frames, folder)), flush=True)
        print("memory                        " + memory(program, pictures, fps, folder))


if __name__ == "__main__":
    main()
