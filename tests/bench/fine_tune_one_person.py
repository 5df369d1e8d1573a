#!/usr/bin/python3
"""Fine-tuning on one person: the shipped network compared with itself after a minute of that person.

    fine_tune_one_person.py [--bin build/release/bin] [--clip CLIP --cuts 62,119] [--recipe FILE] [--model CARD]

The clip shows one person in three spells: neutral, happy, fear, the latter two from the frames of --cuts on. The first
half of each spell is learned from, the last third measured, what lies between left out. Faces are found and cut by the detector's own boxes.
Prints the time that training took and, before and after, how many of the last frames are right: happy or fear, the
likelier of the two, and the label shown (none for neutral). Exits with 1 if fine-tuning took 10 s or made it worse.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

try:
    import cv2
except ImportError:
    print("[skipped] python3-opencv is not installed")
    sys.exit(0)

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("EMOTION_SHARED_DATA", ROOT / "../shared/data"))
SPELLS = ["neutral", "happy", "fear"]


def face_boxes(program, model, clip, folder):
    """The largest face of each frame, or None."""
    lines = folder / "faces.jsonl"
    subprocess.run([program, "--headless", "--model", model, "--jsonl", lines, clip], check=True, capture_output=True)
    frames = [json.loads(line) for line in lines.read_text().splitlines()]
    return [max((face["box"] for face in frame["faces"]), key=lambda box: box[2], default=None) for frame in frames]


def write_crops(clip, boxes, cuts, margin, folder):
    """Writes crops of the spells' first halves to train/, of their last thirds to validation/; returns the counts."""
    video, counts = cv2.VideoCapture(str(clip)), {"train": 0, "validation": 0}
    starts = [0, *cuts, len(boxes)]
    for index, box in enumerate(boxes):
        read, frame = video.read()
        spell = sum(index >= cut for cut in cuts)
        within = (index - starts[spell]) / (starts[spell + 1] - starts[spell])
        part = "train" if within < 1 / 2 else "validation" if within >= 2 / 3 else None
        if not read or box is None or part is None:
            continue
        left, top, width, height = box
        edges = [left - margin * width, top - margin * height, left + (1 + margin) * width, top + (1 + margin) * height]
        left, top, right, bottom = (max(0, round(edge)) for edge in edges)
        target = folder / part / SPELLS[spell]
        target.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(target / f"{index:04}.png"), frame[top:bottom, left:right])
        counts[part] += 1
    return counts


def measure(trainer, model, data, folder):
    report = folder / "figures.json"
    subprocess.run([trainer, "evaluate", "--model", model, "--data", data, "--json", report], check=True,
                   capture_output=True)
    figures = json.loads(report.read_text())
    shown = {name: figures["per_class"][name]["shown"] for name in SPELLS}
    right = sum(shown[name]["none" if name == "neutral" else name] for name in SPELLS)
    return figures["forced"]["accuracy"], right / figures["samples"], shown


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build/release/bin")
    parser.add_argument("--clip", type=pathlib.Path, default=SHARED / "clips/seq_NEU_HAP_FEA.mp4")
    parser.add_argument("--cuts", type=lambda text: [int(frame) for frame in text.split(",")], default=[62, 119])
    parser.add_argument("--model", type=pathlib.Path, default=ROOT / "models/happy-fear.yaml")
    parser.add_argument("--recipe", type=pathlib.Path, help="default: trainer's own")
    options = parser.parse_args()
    if not options.clip.is_file():
        print(f"[skipped] {options.clip} is not there")
        return 0
    trainer, tuned_recipe = options.bin / "trainer", ["--recipe", options.recipe] if options.recipe else []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        margin = next(float(line.split(":")[1]) for line in options.model.read_text().splitlines() if "margin:" in line)
        boxes = face_boxes(options.bin / "emotion-detector", options.model, options.clip, folder)
        counts = write_crops(options.clip, boxes, options.cuts, margin, folder / "data")
        tuned = folder / "tuned.yaml"
        started = time.perf_counter()
        subprocess.run([trainer, "train", "--init", options.model, "--data", folder / "data/train", "--output", tuned,
                        *tuned_recipe], check=True, capture_output=True)
        seconds = time.perf_counter() - started
        print(f"{counts['train']} crops learned from in {seconds:.1f} s, {counts['validation']} later ones measured")
        before = measure(trainer, options.model, folder / "data", folder)
        after = measure(trainer, tuned, folder / "data", folder)
    for name, (forced, shown, labels) in [("before", before), ("after", after)]:
        print(f"{name:7} happy or fear {100 * forced:.1f} % right, label shown as it should be {100 * shown:.1f} %; {labels}")
    return int(seconds >= 10 or after[0] < before[0] or after[1] < before[1])


sys.exit(main())
