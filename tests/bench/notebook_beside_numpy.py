#!/usr/bin/python3
"""Compares the notebook's logistic regression with its formulas in NumPy (double precision), one thread each.

    notebook_beside_numpy.py [--program build/release/bin/trainer] [--data DIR] [--full]

Prints the time of an epoch, NumPy's over ours, and, with --full (NumPy takes minutes), whether after all 5000 epochs the
losses agree within 1e-4 and each of tp, tn, fp, fn on the validation part within 2; exits with 1 if not.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")
try:
    import cv2
    import numpy as np
except ImportError:
    print("[skipped] python3-numpy or python3-opencv is not installed")
    sys.exit(0)

ROOT = pathlib.Path(__file__).resolve().parents[2]
EPOCHS, TIMED_EPOCHS, RATE = 5000, 20, 1e-7


def load(folder):
    pictures, labels = [], []
    for label, name in enumerate(["happy", "fear"]):
        for file in sorted((folder / name).iterdir()):
            gray = cv2.cvtColor(cv2.imread(str(file)), cv2.COLOR_BGR2GRAY)
            pictures.append(cv2.resize(gray, (50, 50)).reshape(-1))
            labels.append(label)
    return np.array(pictures) / 255.0, np.array(labels, float)


def with_ones(pictures):
    return np.hstack([np.ones((len(pictures), 1)), pictures])


def descend(pictures, labels, epochs):
    weights = np.zeros(pictures.shape[1])
    probability = np.full(len(labels), 0.5)
    started = time.perf_counter()
    for _ in range(epochs):
        weights -= RATE * (pictures.T @ (probability - labels))
        probability = 1 / (1 + np.exp(-(pictures @ weights)))
        loss = -np.mean(labels * np.log(probability + 1e-4) + (1 - labels) * np.log(1 - probability + 1e-4))
    return weights, loss, (time.perf_counter() - started) / epochs


def run_ours(program, data, recipe, folder):
    card, report = folder / f"{recipe}.yaml", folder / f"{recipe}.json"
    subprocess.run([program, "train", "--data", data, "--recipe", ROOT / f"config/recipes/{recipe}.yaml", "--output", card,
                    "--json", report, "--threads", "1"], check=True, capture_output=True)
    figures = folder / f"{recipe}-figures.json"
    subprocess.run([program, "evaluate", "--model", card, "--data", data, "--json", figures], check=True,
                   capture_output=True)
    return json.loads(report.read_text()), json.loads(figures.read_text())["forced"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=ROOT / "build/release/bin/trainer")
    parser.add_argument("--data", type=pathlib.Path,
                        default=pathlib.Path(os.environ.get("EMOTION_SHARED_DATA", ROOT / "../shared/data")) / "fer2013")
    parser.add_argument("--full", action="store_true")
    options = parser.parse_args()
    if not (options.data / "train").is_dir():
        print(f"[skipped] no pictures in {options.data}")
        return 0
    train, labels = load(options.data / "train")
    validation, truth = load(options.data / "validation")
    agree = True
    with tempfile.TemporaryDirectory() as folder:
        for recipe in ["notebook-gd", "notebook-bias"]:
            bias = recipe == "notebook-bias"
            weights, loss, seconds = descend(with_ones(train) if bias else train, labels,
                                             EPOCHS if options.full else TIMED_EPOCHS)
            report, forced = run_ours(options.program, options.data, recipe, pathlib.Path(folder))
            ours = report["seconds"] / report["epochs"]
            print(f"{recipe}: {1e3 * ours:.2f} ms an epoch, NumPy {1e3 * seconds:.1f} ms: {seconds / ours:.1f} times")
            if options.full:
                fear = (with_ones(validation) if bias else validation) @ weights >= 0
                counts = {"tp": (fear & (truth == 1)).sum(), "tn": (~fear & (truth == 0)).sum(),
                          "fp": (fear & (truth == 0)).sum(), "fn": (~fear & (truth == 1)).sum()}
                print(f"  loss {report['loss']:.6f}, NumPy {loss:.6f}; " +
                      ", ".join(f"{name} {forced[name]} and {count}" for name, count in counts.items()))
                agree &= abs(report["loss"] - loss) <= 1e-4
                agree &= all(abs(forced[name] - count) <= 2 for name, count in counts.items())
    return 0 if agree else 1


sys.exit(main())
