#!/usr/bin/python3
"""The overhead of a call of the Python package over the same call in C++.

    python_beside_cpp.py [BUILD] [--runs 10]

The frames of the demo clip, 640x480, are followed in C++ (library-times) and in Python (this program, started by
itself), in turns and on one thread, whose time of the processor counts: of each frame the least of all runs, so that
what else the machine does matters little. Figures are the means over the clip. Both have to see the same number of faces.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SIZE, FPS = (480, 640, 3), 25


def print_times(raw_frames):
    """As library-times does."""
    import time

    import cv2
    import emotion_detector
    import numpy as np

    cv2.setNumThreads(1)
    detector = emotion_detector.Detector()
    frame, index = np.empty(SIZE, np.uint8), 0
    with open(raw_frames, "rb", buffering=0) as file:
        while file.readinto(frame) == frame.nbytes:
            begun = time.thread_time_ns()
            faces = detector.follow(frame, index / FPS)
            ended = time.thread_time_ns()
            print(ended - begun, len(faces))
            index += 1


def times_of(command, environment):
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"{command[0]}: {result.stderr}")
    return [tuple(map(int, line.split())) for line in result.stdout.splitlines()]


def least_of(runs):
    return sum(min(times) for times in zip(*([time for time, _ in run] for run in runs)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", nargs="?", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--print-times", metavar="RAW_FRAMES", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.print_times:
        return print_times(arguments.print_times)
    environment = {**os.environ, "PYTHONPATH": str(arguments.build / "python")}
    with tempfile.TemporaryDirectory() as folder:
        raw = str(pathlib.Path(folder) / "frames.bgr")
        subprocess.run(["ffmpeg", "-v", "error", "-i", ROOT / "assets/demo.mp4", "-f", "rawvideo", "-pix_fmt", "bgr24", raw],
                       check=True)
        programs = {"C++": [arguments.build / "bin/library-times", raw, str(FPS)],
                    "Python": [sys.executable, __file__, "--print-times", raw]}
        runs = {name: [] for name in programs}
        for _ in range(arguments.runs):
            for name, command in programs.items():
                runs[name].append(times_of(command, environment))
    faces = {tuple(count for _, count in run) for each in runs.values() for run in each}
    if len(faces) != 1:
        sys.exit("C++ and Python do not see the same faces")
    frames = len(faces.pop())
    least = {name: least_of(each) / frames / 1e3 for name, each in runs.items()}
    print(f"{frames} frames, least of {arguments.runs} runs: C++ {least['C++']:.1f} us of the processor a frame, Python {least['Python']:.1f} us, "
          f"{least['Python'] - least['C++']:+.1f} us or {100 * (least['Python'] / least['C++'] - 1):+.2f} %")


if __name__ == "__main__":
    main()
