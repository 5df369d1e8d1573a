// The module emotion_detector._native: bindings of the library's Detector for NumPy arrays.
#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <limits>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <opencv2/core/mat.hpp>
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include "base/version.hpp"
#include "emotion_detector/detector.hpp"

namespace py = pybind11;

namespace emotion::python {
namespace {

using OptionalPath = std::optional<std::filesystem::path>;

/// Errors of the library that the user can fix; emotion_detector.Error in Python. A separate type, because
/// pybind11's exceptions are also runtime_errors.
class Failure : public std::exception {
  public:
    explicit Failure(std::string what) : what_(std::move(what)) {}
    const char* what() const noexcept override { return what_.c_str(); }

  private:
    std::string what_;
};

/// Runs `work` with Python's lock released.
template <typename Work>
auto without_gil(const Work& work) {
    const py::gil_scoped_release released;
    try {
        return work();
    } catch (const std::runtime_error& error) {
        throw Failure(error.what());
    }
}

[[noreturn]] void refuse(const py::array& array, const std::string& why) {
    throw py::value_error(
        "expected a picture of shape (height, width, 3) or (height, width) and dtype uint8, got "
        "shape " +
        py::str(py::tuple(array.attr("shape"))).cast<std::string>() + " and dtype " +
        py::str(array.dtype()).cast<std::string>() + why);
}

/// A view of the array's pixels as cv::Mat, valid as long as the array. Throws TypeError or ValueError for an
/// array that is not a picture.
cv::Mat pixels_of(const py::object& picture) {
    if (!py::isinstance<py::array>(picture))
        throw py::type_error("expected a picture as a NumPy array, got " +
                             py::str(py::type::of(picture).attr("__name__")).cast<std::string>());
    const auto array = py::reinterpret_borrow<py::array>(picture);
    if (!py::isinstance<py::array_t<std::uint8_t>>(array)) refuse(array, "");
    const auto sides = array.ndim();
    if (sides == 3 && array.shape(2) == 4) refuse(array, "; picture[:, :, :3].copy() leaves the alpha out");
    if (sides != 2 && (sides != 3 || array.shape(2) != 3)) refuse(array, "");
    if (array.size() == 0) refuse(array, ", which has no pixels");

    const auto height = array.shape(0), width = array.shape(1), channels = sides == 3 ? array.shape(2) : 1;
    if (height > std::numeric_limits<int>::max() || width > std::numeric_limits<int>::max())
        refuse(array, ", which is too large");
    const auto row_bytes = width * channels;
    const bool packed = (sides == 2 || array.strides(2) == 1) &&
                        (width == 1 || array.strides(1) == channels) &&
                        (height == 1 || array.strides(0) >= row_bytes);
    if (!packed)
        refuse(array,
               ", whose pixels are not in order in memory; numpy.ascontiguousarray(picture) copies it");
    return cv::Mat(static_cast<int>(height), static_cast<int>(width), CV_8UC(static_cast<int>(channels)),
                   const_cast<void*>(array.data()),  // never written to
                   static_cast<std::size_t>(height == 1 ? row_bytes : array.strides(0)));
}

/// Detector for Python. Threads sharing one are serialized.
class PythonDetector {
    /// Waits for the lock with Python's lock released, so that other threads can run.
    template <typename Work>
    auto in_turn(const Work& work) {
        return without_gil([&] {
            const std::lock_guard lock(mutex_);
            return work();
        });
    }

  public:
    PythonDetector(const OptionalPath& model, const OptionalPath& settings)
        : detector_(without_gil([&] { return Detector(model.value_or(""), settings.value_or("")); })),
          face_type_(py::module_::import("emotion_detector._face").attr("Face")) {}

    py::tuple classes() const { return py::tuple(py::cast(detector_.classes())); }

    py::list faces(const py::object& bgr) {
        const auto pixels = pixels_of(bgr);
        return faces_of(in_turn([&] { return detector_.analyse(pixels); }));
    }
    py::list follow(const py::object& frame, double time_s) {
        const auto pixels = pixels_of(frame);
        return faces_of(in_turn([&] { return detector_.follow(pixels, time_s); }));
    }
    py::dict score(const py::object& bgr, const std::array<float, 4>& box, float roll_deg) {
        const auto pixels = pixels_of(bgr);
        const cv::Rect2f where(box[0], box[1], box[2], box[3]);
        return by_class(in_turn([&] { return detector_.score(pixels, where, roll_deg); }));
    }
    void learn_neutral(double duration_s) {
        in_turn([&] { detector_.learn_neutral(duration_s); });
    }
    void forget_neutral() {
        in_turn([&] { detector_.forget_neutral(); });
    }
    void start_over() {
        in_turn([&] { detector_.start_over(); });
    }

  private:
    py::dict by_class(const std::vector<float>& probabilities) const {
        py::dict result;
        for (std::size_t i = 0; i < probabilities.size(); ++i)
            result[py::str(detector_.classes()[i])] = probabilities[i];
        return result;
    }
    py::list faces_of(const std::vector<Face>& found) const {
        py::list faces;
        for (const auto& face : found)
            faces.append(face_type_(
                face.track, py::make_tuple(face.box.x, face.box.y, face.box.width, face.box.height),
                face.roll_deg, face.label, face.confidence, by_class(face.probabilities), face.neutral));
        return faces;
    }

    std::mutex mutex_;
    Detector detector_;
    py::object face_type_;
};

}  // namespace

PYBIND11_MODULE(_native, module) {
    module.attr("__version__") = kVersion;
    py::register_exception<Failure>(module, "Error", PyExc_RuntimeError).attr("__module__") =
        "emotion_detector";
    py::class_<PythonDetector> detector(module, "Detector",
                                        "Finds faces in pictures and videos and labels them.");
    detector.attr("__module__") = "emotion_detector";
    detector
        .def(py::init<const OptionalPath&, const OptionalPath&>(), py::arg("model") = py::none(),
             py::arg("settings") = py::none(),
             "Reads a model card and settings; None: those installed with the library. Raises Error.")
        .def_property_readonly("classes", &PythonDetector::classes, "The classes of the model.")
        .def("faces", &PythonDetector::faces, py::arg("bgr"),
             "The faces of a single picture: uint8 of shape (height, width, 3) in the order blue, "
             "green,\nred, or (height, width) in gray. Nothing is copied.")
        .def("follow", &PythonDetector::follow, py::arg("frame"), py::arg("time_s"),
             "The faces of the next frame of a video, time_s seconds after its start.")
        .def("score", &PythonDetector::score, py::arg("bgr"), py::arg("box"), py::arg("roll_deg") = 0.0f,
             "The probability of each class for a face found by other means, its box (x, y, width, height)\n"
             "tight from the brows to the chin.")
        .def(
            "learn_neutral", &PythonDetector::learn_neutral, py::arg("duration_s") = 3.0,
            "From the next frame on, for so many seconds, gathers how each face looks at rest; what it shows "
            "beyond\nother people's neutral faces is taken off afterwards. Raises Error if the model cannot.")
        .def("forget_neutral", &PythonDetector::forget_neutral, "Takes that back.")
        .def("start_over", &PythonDetector::start_over,
             "Forgets the tracked faces: the next frame begins another video.");
}

}  // namespace emotion::python
