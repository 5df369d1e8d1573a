#!/usr/bin/env python3
"""What it brings to know how people look at rest, by pictures of the same people.

    trainer evaluate --model CARD --data DIR --split . --detect --predictions answers.csv
    tests/bench/faces_at_rest.py CARD answers.csv

DIR holds folders `neutral` and `happy` of pictures named PERSON_NUMBER.jpg. For each share of the difference that is taken
off (emotion-detector's own is NeutralBaseline::kStrength): of the people's resting pictures those that get a label when
nothing is known, when it is gathered from the picture itself, and from one other resting picture of the person; of their
happy pictures those shown happy before, and gathered from one resting picture. Once of all people and once of each half.
"""

import collections
import csv
import math
import re
import sys
import zlib

LEAST = 1e-6  # as kMinProbability


def listed(card, key):
    line = re.search(rf"^{key}: \[(.*)\]$", card, re.MULTILINE)
    if not line:
        sys.exit(f"the card has no line {key}: [...]")
    return [item.strip() for item in line[1].split(",")]


def logarithms(row, classes):
    return [math.log(max(float(row[f"p_{name}"]), LEAST)) for name in classes]


class Model:
    def __init__(self, card):
        self.classes = listed(card, "classes")
        self.neutral = [float(mean) for mean in listed(card, "neutral")]
        shown = re.findall(r"- class: (\S+)\n    min_probability: (\S+)", card)
        self.shown = [(self.classes.index(name), float(least)) for name, least in shown]
        self.rest = self.classes.index("neutral")

    def label(self, answer, known=None, strength=0.0):
        """The index of the class shown, if `known` is how the face looks at rest; None: unsure."""
        shifted = answer
        if known:
            excess = [known[i] - known[self.rest] - self.neutral[i] + self.neutral[self.rest] for i in range(len(known))]
            shifted = [value - strength * max(0.0, more) for value, more in zip(answer, excess)]
        weights = [math.exp(value) for value in shifted]
        reach = [(weights[i] / sum(weights) / least, i) for i, least in self.shown]
        return max(reach)[1] if max(reach)[0] >= 1 else None


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else 0.0


def figures(model, resting, happy, strength):
    several = {person: answers for person, answers in resting.items() if len(answers) > 1}
    pictures = [(answers, i) for answers in several.values() for i in range(len(answers))]
    alone = [answer for answers in resting.values() for answer in answers]

    def labelled(answer, known):
        return model.label(answer, known, strength) is not None

    other = sum(mean(labelled(answers[i], answers[j]) for j in range(len(answers)) if j != i) for answers, i in pictures)
    joy = [(answer, resting[person]) for person, answers in happy.items() if person in resting for answer in answers]
    return (f"{sum(model.label(a) is not None for a in alone):4} of {len(alone)} to {sum(labelled(a, a) for a in alone)}",
            f"{sum(model.label(answers[i]) is not None for answers, i in pictures):4} of {len(pictures)} to {other:.1f}",
            f"{sum(model.label(a) == 0 for a, _ in joy):4} of {len(joy)} to "
            f"{sum(mean(model.label(a, known, strength) == 0 for known in rests) for a, rests in joy):.1f}")


def main():
    card, answers = sys.argv[1:]
    model = Model(open(card, encoding="utf-8").read())
    people = {"neutral": collections.defaultdict(list), "happy": collections.defaultdict(list)}
    for row in csv.DictReader(open(answers, encoding="utf-8")):
        if row["truth"] in people and row["p_neutral"]:
            person = re.sub(r"_\d+\.\w+$", "", row["picture"].split("/")[-1])
            people[row["truth"]][person].append(logarithms(row, model.classes))
    halves = {"all": lambda person: True, "one half": lambda person: zlib.crc32(person.encode()) % 2 == 0,
              "other half": lambda person: zlib.crc32(person.encode()) % 2 == 1}
    print(f"{'people':11} share  {'at rest, by itself':22} {'by another picture':22} happy")
    for name, belongs in halves.items():
        parts = [{p: a for p, a in people[kind].items() if belongs(p)} for kind in ("neutral", "happy")]
        for tenths in range(1, 11):
            print(f"{name:11} {tenths / 10:5.1f}  " + " ".join(f"{text:22}" for text in
                                                             figures(model, *parts, tenths / 10)).rstrip())


if __name__ == "__main__":
    main()
