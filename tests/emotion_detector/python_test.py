"""Tests of the Python package emotion_detector."""

import contextlib
import dataclasses
import io
import json
import os
import pathlib
import pickle
import tempfile
import threading
import unittest

import numpy as np

import emotion_detector

try:
    import cv2
except ImportError:
    cv2 = None

ROOT = pathlib.Path(os.environ["EMOTION_SOURCE_DIR"])
FACES = ROOT / "assets/faces"


def picture_of(name):
    """240x240 BGR."""
    return cv2.imread(str(FACES / f"{name}.png"))


def black(*shape, dtype=np.uint8):
    return np.zeros(shape, dtype)


class Mistakes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.detector = emotion_detector.Detector()

    def assert_refused(self, picture, *said, error=ValueError):
        with self.assertRaises(error) as raised:
            self.detector.faces(picture)
        for text in said:
            self.assertIn(text, str(raised.exception))

    def test_what_is_no_array_is_a_type_error(self):
        self.assert_refused([[1, 2], [3, 4]], "expected a picture as a NumPy array, got list", error=TypeError)
        self.assert_refused(None, "got NoneType", error=TypeError)  # of cv2.imread without a file

    def test_another_shape_or_dtype_is_told_with_what_was_expected(self):
        expected = "expected a picture of shape (height, width, 3) or (height, width) and dtype uint8, got shape "
        self.assert_refused(black(40, 50, 3, dtype=np.float32), expected + "(40, 50, 3) and dtype float32")
        self.assert_refused(black(40, 50, 3, dtype=np.int8), "dtype int8")
        self.assert_refused(black(3, 40, 50), expected + "(3, 40, 50) and dtype uint8")
        self.assert_refused(black(2, 40, 50, 3), "(2, 40, 50, 3)")
        self.assert_refused(black(40, 50, 4), "leaves the alpha out")
        self.assert_refused(black(0, 50, 3), "no pixels")
        self.assert_refused(black(50), "(50,)")

    def test_pixels_that_are_not_in_order_are_told_with_the_mend(self):
        rgb = black(40, 50, 3)
        for name, picture in {
            "channels turned": rgb[:, :, ::-1],
            "upside down": rgb[::-1],
            "mirrored": rgb[:, ::-1],
            "every second column": rgb[:, ::2],
            "transposed": rgb.transpose(1, 0, 2),
            "one row again and again": np.broadcast_to(rgb[:1], rgb.shape),
            "of a planar picture": np.moveaxis(black(3, 40, 50), 0, 2),
        }.items():
            with self.subTest(name):
                self.assert_refused(picture, "numpy.ascontiguousarray(picture)")
                self.assertEqual(self.detector.faces(np.ascontiguousarray(picture)), [])

    def test_time_that_runs_backwards_and_boxes_outside_are_value_errors(self):
        detector = emotion_detector.Detector()
        detector.follow(black(60, 60, 3), 1.0)
        with self.assertRaisesRegex(ValueError, "time runs backwards"):
            detector.follow(black(60, 60, 3), 0.5)
        for time in (float("inf"), float("nan")):
            with self.assertRaisesRegex(ValueError, "expected a finite number"):
                detector.follow(black(60, 60, 3), time)
        self.assertEqual(detector.follow(black(60, 60, 3), 1.1), [])
        with self.assertRaises(ValueError):
            detector.score(black(60, 60, 3), (500, 500, 20, 20))

    def test_what_the_user_can_mend_is_an_error_of_the_package(self):
        self.assertTrue(issubclass(emotion_detector.Error, RuntimeError))
        with self.assertRaisesRegex(emotion_detector.Error, "no-such-card.yaml"):
            emotion_detector.Detector("no-such-card.yaml")
        with tempfile.TemporaryDirectory() as folder:
            settings = pathlib.Path(folder) / "typo.yaml"
            settings.write_text("haar:\n  min_face: 5\n")
            with self.assertRaisesRegex(emotion_detector.Error, "min_face_px") as raised:
                emotion_detector.Detector(settings=settings)
            self.assertNotIn("\n", str(raised.exception))


@unittest.skipUnless(cv2, "python3-opencv is not installed")
class Faces(unittest.TestCase):
    def test_a_smiling_face_is_labelled_happy_and_can_be_printed_and_sent(self):
        (face,) = emotion_detector.Detector().faces(picture_of("happy-1"))
        self.assertEqual(face.label, "happy")
        self.assertEqual(face.confidence, max(face.probabilities.values()))
        self.assertAlmostEqual(sum(face.probabilities.values()), 1.0, places=5)
        x, y, width, height = face.box
        self.assertTrue(0 <= x < x + width <= 241 and 0 <= y < y + height <= 241, face.box)
        self.assertRegex(repr(face), r"^Face\(track=\d+, label='happy', confidence=0\.\d{3}, box=\(.*\), roll_deg=-?\d+\.\d\)$")
        known = json.loads(json.dumps(face.to_dict()))
        self.assertEqual(list(known), ["track", "box", "roll_deg", "label", "confidence", "probabilities", "neutral"])
        self.assertEqual(known, face.to_dict())
        self.assertEqual(pickle.loads(pickle.dumps(face)), face)
        with self.assertRaises(dataclasses.FrozenInstanceError):
            face.label = "fear"

    def test_a_part_of_a_larger_picture_is_read_where_it_is(self):
        larger = black(400, 500, 3)
        larger[100:340, 200:440] = picture_of("happy-1")
        part = larger[100:340, 200:440]
        part.flags.writeable = False
        before = larger.copy()
        detector = emotion_detector.Detector()
        self.assertEqual(detector.faces(part), detector.faces(picture_of("happy-1")))
        self.assertTrue((larger == before).all())

    def test_gray_is_seen_as_the_same_in_color(self):
        detector = emotion_detector.Detector()
        gray = cv2.imread(str(FACES / "happy-2.png"), cv2.IMREAD_GRAYSCALE)
        self.assertEqual(detector.faces(gray), detector.faces(picture_of("happy-2")))

    def test_faces_are_followed_until_it_starts_over(self):
        detector = emotion_detector.Detector()
        frame = picture_of("happy-1").copy()
        for index in range(5):
            (face,) = detector.follow(frame, index / 25)
            self.assertEqual(face.track, 1)
            kept = frame.copy()
            frame[:] = 0  # as a program does that reads each frame into the same array
            frame = kept
        detector.start_over()
        self.assertEqual(detector.follow(frame, 0.0)[0].track, 1)

    def test_how_a_face_looks_at_rest_can_be_learned(self):
        detector = emotion_detector.Detector()
        detector.learn_neutral(0.5)
        seen = [detector.follow(picture_of("happy-1"), index / 25)[0] for index in range(20)]
        self.assertEqual([face.neutral for face in seen], [index >= 13 for index in range(20)])
        detector.forget_neutral()
        self.assertFalse(detector.follow(picture_of("happy-1"), 1.0)[0].neutral)
        with self.assertRaises(ValueError):
            detector.learn_neutral(-1)
        with self.assertRaisesRegex(emotion_detector.Error, "logistic cannot learn"):
            emotion_detector.Detector(model=ROOT / "models/logistic.yaml").learn_neutral()

    def test_a_face_found_by_other_means_is_scored(self):
        detector = emotion_detector.Detector()
        (face,) = detector.faces(picture_of("happy-1"))
        scores = detector.score(picture_of("happy-1"), face.box)
        self.assertEqual(scores, face.probabilities)
        self.assertEqual(tuple(scores), detector.classes)

    def test_another_model_and_its_classes(self):
        detector = emotion_detector.Detector(model=ROOT / "models/logistic.yaml")
        self.assertEqual(detector.classes, ("happy", "fear"))
        self.assertEqual(len(detector.faces(picture_of("happy-1"))[0].probabilities), 2)

    def test_threads_go_on_while_it_works_and_take_turns_at_one_detector(self):
        detector = emotion_detector.Detector()
        large = cv2.resize(picture_of("happy-1"), (3000, 3000))
        alone = detector.faces(large)
        counted = 0
        during, seen = [], []

        def look():
            before = counted
            seen.append(detector.faces(large))
            during.append(counted - before)

        threads = [threading.Thread(target=look) for _ in range(2)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            counted += 1
        self.assertEqual(seen, [alone, alone])
        self.assertTrue(all(count > 100 for count in during), during)

    def test_the_lines_of_the_pages_run(self):
        for page in ("README.md", "assets/docs/python.md"):
            with self.subTest(page):
                self.run_lines_of(page)

    def run_lines_of(self, page):
        section = (ROOT / page).read_text().partition("# Python\n")[2].partition("\n## ")[0]
        lines = [line[4:] for line in section.splitlines() if line.startswith("    ") and "install" not in line]
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as said:
            (pathlib.Path(folder) / "photo.jpg").symlink_to(FACES / "happy-1.png")
            (pathlib.Path(folder) / "talk.mp4").symlink_to(ROOT / "assets/demo.mp4")
            before = os.getcwd()
            os.chdir(folder)
            try:
                exec(compile("\n".join(lines), page, "exec"), {})
            finally:
                os.chdir(before)
        first, *followed = said.getvalue().splitlines()
        self.assertRegex(first, r"^happy 0\.\d+ \(.*\)$")
        self.assertGreater(len(followed), 100)
        self.assertTrue(any("'label': 'happy'" in line for line in followed), followed[:3])


if __name__ == "__main__":
    unittest.main()
