#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

#define EMOTION_DETECTOR_API __attribute__((visibility("default")))

/// The public library; this header is all that is installed of it.
namespace emotion {

/// A detected face. Probabilities are in the order of Detector::classes() and sum to 1.
struct Face {
    int track = 0;                     ///< identifies a face throughout a video, from 1
    cv::Rect2f box;                    ///< in pixels of the picture, before rotation by `roll_deg`
    std::optional<std::string> label;  ///< nullopt: unsure
    float confidence = 0.0f;           ///< of the label or, when unsure, of the most likely class
    std::vector<float> probabilities;  ///< in a video smoothed over time
    /// Head tilt in degrees clockwise, in (-180, 180]; 0: upright. The box is rotated about its center by
    /// this angle.
    float roll_deg = 0.0f;
    bool neutral = false;  ///< shifted by how the face looks at rest: see Detector::learn_neutral
};

/// Detects faces and labels their expression, in single pictures (analyse) and in videos (follow). Not
/// thread-safe, but several instances may be used in parallel. Prints nothing itself; messages of OpenCV
/// about damaged files are controlled by cv::utils::logging.
///
/// Errors that the user can fix (a card, settings or weights that are missing or damaged) throw
/// std::runtime_error with a one-line message that names the file and what was expected; incorrect use (an
/// empty picture, a type other than CV_8UC3 and CV_8UC1, time running backward) throws std::invalid_argument.
class EMOTION_DETECTOR_API Detector {
  public:
    /// Loads a model card with its weights, and the settings of detection, tracking and smoothing. Empty
    /// paths: the defaults that came with the library.
    explicit Detector(const std::filesystem::path& card = {}, const std::filesystem::path& settings = {});
    ~Detector();
    Detector(Detector&&) noexcept;
    Detector& operator=(Detector&&) noexcept;

    /// The classes the model distinguishes; not all need to be shown as labels.
    const std::vector<std::string>& classes() const;

    /// The faces of a single picture (BGR CV_8UC3 or grayscale CV_8UC1), which is not modified.
    std::vector<Face> analyse(const cv::Mat& picture);

    /// The probabilities, in the order of classes(), of a face detected by other means. `box` is tight from
    /// the brows to the chin, rotated about its center by `roll_deg`. Outside the picture its edge pixels are
    /// repeated. Throws std::invalid_argument for a box that is empty, many times as large as the picture, or
    /// outside it even with the model's margin.
    std::vector<float> score(const cv::Mat& picture, const cv::Rect2f& box, float roll_deg = 0.0f);

    /// The faces of the next frame of a video, `time_s` seconds after its start.
    std::vector<Face> follow(const cv::Mat& frame, double time_s);

    /// From the next tracked frame on, for `duration_s` seconds of video, learns how each face looks at rest.
    /// What makes it differ from other people's neutral faces is then removed from its later probabilities,
    /// as long as its track lasts. Discards what was learned before. Throws std::runtime_error if the model's
    /// card does not say what neutral faces are like, std::invalid_argument for a duration that is not
    /// positive.
    void learn_neutral(double duration_s = 3.0);
    /// Discards it.
    void forget_neutral();

    /// Forgets all tracked faces: the next frame starts another video.
    void start_over();

  private:
    class Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace emotion

#undef EMOTION_DETECTOR_API
