#!/usr/bin/python3
"""How soon emotion-detector shows what it sees: from its start to the first labelled face, and from a frame's arrival
to the window.

    live_latency.py [DETECTOR] [--frames 900]

The first is the time until the line of a picture's result is there, the least of ten starts. For the second FFmpeg
sends the demo clip as MJPEG, 30 frames a second, to a window (without a display under xvfb-run); the figures are
latency_ms of --stats. Sender and display share the processor with the detector.
"""
import argparse
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def seconds_to_first_label(detector):
    begun = time.monotonic()
    command = [detector, "--headless", "--jsonl", "-", ROOT / "assets/faces/happy-1.png"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        seconds = time.monotonic() - begun
        error = process.stderr.read()
    if '"label":"happy"' not in line:
        sys.exit(f"{detector}: {error or line}")
    return seconds


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def latency_ms(detector, frames):
    url = f"http://127.0.0.1:{free_port()}/demo"
    sender = ["ffmpeg", "-v", "quiet", "-nostdin", "-re", "-stream_loop", "-1", "-i", ROOT / "assets/demo.mp4",
              "-r", "30", "-c:v", "mjpeg", "-q:v", "4", "-f", "mpjpeg", "-listen", "1", url]
    display = [] if os.environ.get("DISPLAY") else ["xvfb-run", "-a"]
    with tempfile.TemporaryDirectory() as folder, subprocess.Popen(sender) as sending:
        stats = pathlib.Path(folder) / "stats.json"
        watch = [*display, detector, url, "--wait", "--max-frames", str(frames), "--stats", stats]
        result = subprocess.run(watch, capture_output=True, text=True)
        sending.kill()
        if result.returncode:
            sys.exit(f"{detector}: {result.stderr}")
        return json.loads(stats.read_text())["latency_ms"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("detector", nargs="?", default=ROOT / "build/release/bin/emotion-detector")
    parser.add_argument("--frames", type=int, default=900)
    arguments = parser.parse_args()
    if not pathlib.Path(arguments.detector).exists():
        sys.exit(f"{arguments.detector}: not there, build it first")
    print(f"start to first label   {min(seconds_to_first_label(arguments.detector) for _ in range(10)):.2f} s")
    missing = [name for name in ["ffmpeg"] + ([] if os.environ.get("DISPLAY") else ["xvfb-run"]) if not shutil.which(name)]
    if missing:
        print(f"frame to window        skipped: {' and '.join(missing)} not installed")
        return
    latency = latency_ms(arguments.detector, arguments.frames)
    print("frame to window        " + ", ".join(f"{name} {value:.1f} ms" for name, value in latency.items()))


if __name__ == "__main__":
    main()
