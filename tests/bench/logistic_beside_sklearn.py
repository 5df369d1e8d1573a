#!/usr/bin/python3
"""Compares logistic regression with scikit-learn's on the same folds, standardization and penalty.

    logistic_beside_sklearn.py [--program build/release/bin/trainer] [--data DIR] [--l2 5600]

Prints the accuracy on each of five folds (whose duplicates stay together) by trainer and by scikit-learn, then the time
of fitting all pictures once, one thread each, best of three. Exits with 1 if the mean accuracies are more than 0.2 points
apart, or if scikit-learn's lbfgs or LIBLINEAR is faster.
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
    from sklearn.linear_model import LogisticRegression
except ImportError:
    print("[skipped] python3-numpy, python3-opencv or python3-sklearn is not installed")
    sys.exit(0)

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLASSES, FOLDS, REPEATS = ["happy", "fear"], 5, 3
RECIPE = """family: logistic
classes: [happy, fear]
crop: {{width: 50, height: 50, margin: 0}}
logistic: {{features: standardised, l2: {l2}, solver: lbfgs}}
"""


def load(folder):
    pictures, labels, names = [], [], []
    for label, name in enumerate(CLASSES):
        for file in sorted((folder / name).iterdir()):
            gray = cv2.cvtColor(cv2.imread(str(file)), cv2.COLOR_BGR2GRAY)
            pictures.append(cv2.resize(gray, (50, 50)).reshape(-1))
            labels.append(label)
            names.append(f"{name}/{file.name}")
    return np.array(pictures, float), np.array(labels), names


def standardiser(pictures):
    mean, deviation = pictures.mean(axis=0), pictures.std(axis=0)
    scale = np.where(deviation > 0, 1 / np.where(deviation > 0, deviation, 1), 0)
    return lambda some: (some - mean) * scale


def run_trainer(program, *arguments):
    subprocess.run([program, "train", "--threads", "1", *arguments], check=True, capture_output=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=ROOT / "build/release/bin/trainer")
    parser.add_argument("--data", type=pathlib.Path,
                        default=pathlib.Path(os.environ.get("EMOTION_SHARED_DATA", ROOT / "../shared/data")) / "fer2013")
    parser.add_argument("--l2", type=float, default=5600)
    options = parser.parse_args()
    if not (options.data / "train").is_dir():
        print(f"[skipped] {options.data} has no pictures")
        return 0
    pictures, labels, names = load(options.data / "train")

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        recipe, report = folder / "recipe.yaml", folder / "report.json"
        recipe.write_text(RECIPE.format(l2=options.l2))
        source = ["--data", options.data, "--recipe", recipe, "--json", report]
        started = time.perf_counter()
        run_trainer(options.program, *source, "--folds", str(FOLDS))
        seconds = time.perf_counter() - started
        result = json.loads(report.read_text())
        ours = [fold["accuracy"] for fold in result["folds"]]
        ours_fit = []
        for _ in range(REPEATS):
            run_trainer(options.program, *source, "--output", folder / "card.yaml")
            ours_fit.append(json.loads(report.read_text())["seconds"])

    fold_of = np.array([result["fold_of"][name] for name in names])
    theirs = []
    for fold in range(FOLDS):
        inside = fold_of != fold
        standardise = standardiser(pictures[inside])
        model = LogisticRegression(C=1 / options.l2, solver="lbfgs", max_iter=1000, tol=1e-6)
        model.fit(standardise(pictures[inside]), labels[inside])
        theirs.append(model.score(standardise(pictures[~inside]), labels[~inside]))
        print(f"fold {fold + 1}: accuracy {ours[fold]:.4f} by trainer, {theirs[-1]:.4f} by scikit-learn", flush=True)
    apart = abs(np.mean(ours) - np.mean(theirs))
    print(f"mean:   {np.mean(ours):.4f} and {np.mean(theirs):.4f}, {100 * apart:.2f} points apart; "
          f"trainer took {seconds:.1f} s for the {FOLDS} folds, loading included")

    failed = apart > 0.002
    print(f"fitting {len(labels)} pictures once, standardising included: trainer {min(ours_fit):.2f} s")
    for solver in ["lbfgs", "liblinear"]:
        times = []
        for _ in range(REPEATS):
            started = time.perf_counter()
            LogisticRegression(C=1 / options.l2, solver=solver, max_iter=1000).fit(standardiser(pictures)(pictures), labels)
            times.append(time.perf_counter() - started)
        print(f"  scikit-learn {solver}: {min(times):.2f} s, {min(times) / min(ours_fit):.1f} times as long")
        failed |= min(times) < min(ours_fit)
    return int(failed)


sys.exit(main())
