#!/usr/bin/python3
"""Compares time and memory of emotion-detector on a recording with FFmpeg alone.

    recorded_beside_ffmpeg.py [DETECTOR] [--clip VIDEO] [--runs 5]

Without --clip a clip is made: a minute of 1280x720 H.264 with one face that moves over a changing background. The
table alone is set against decoding (ffmpeg -f null), the annotated video against encoding again with the settings that
the detector uses. Programs take turns, so that a busy machine slows all alike; times are the least of all runs, of the
wall clock and of the processor.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

FACE = pathlib.Path(__file__).resolve().parents[2] / "assets/faces/happy-1.png"
ENCODER = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p"]


def run(command):
    """Wall-clock seconds, CPU seconds, and peak resident memory in MB."""
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(map(str, command))}: {error}")
    return time.monotonic() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def ffmpeg(*arguments):
    return ["ffmpeg", "-v", "error", "-y", "-nostdin", *map(str, arguments)]


def make_clip(path):
    scene = "[0:v]scale=1280:720,noise=alls=4:allf=t[scene];[1:v]scale=300:300[face];[scene][face]overlay=x='480+200*sin(t)':y='200+60*cos(t)'"
    run(ffmpeg("-f", "lavfi", "-i", "gradients=size=320x180:rate=30:speed=0.02", "-loop", 1, "-i", FACE,
               "-filter_complex", scene, "-t", 60, *ENCODER, path))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("detector", nargs="?", default=FACE.parents[2] / "build/release/bin/emotion-detector")
    parser.add_argument("--clip")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        clip = options.clip or folder / "clip.mp4"
        if not options.clip:
            make_clip(clip)
        detector = [*str(options.detector).split(), clip, "--headless"]
        programs = {
            "decoding": ffmpeg("-threads", 2, "-i", clip, "-f", "null", "-"),
            "table": [*detector, "--jsonl", folder / "table.jsonl"],
            "encoding": ffmpeg("-threads", 2, "-i", clip, *ENCODER, "-threads", 2, folder / "again.mp4"),
            "annotated": [*detector, "--output", folder / "annotated.mp4"],
        }
        best = {program: (float("inf"),) * 3 for program in programs}
        for _ in range(options.runs):
            for program, command in programs.items():
                best[program] = tuple(map(min, best[program], run(command)))
    for program, (wall, processors, memory) in best.items():
        print(f"{program:10} {wall:7.2f} s  {processors:7.2f} s of processors  {memory:5.0f} MB")
    for ours, theirs in (("table", "decoding"), ("annotated", "encoding")):
        print(f"{ours} / {theirs}: {best[ours][0] / best[theirs][0]:.2f} by the wall, "
              f"{best[ours][1] / best[theirs][1]:.2f} of processors, "
              f"{best[ours][2] - best[theirs][2]:+.0f} MB")


if __name__ == "__main__":
    main()
