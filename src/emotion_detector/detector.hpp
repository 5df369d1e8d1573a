#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

#define EMOTION_DETECTOR_API __attribute__((visibility("default")))

/// The library as other programs use it: this header is all that is installed of it.
namespace emotion {

/// What is known of one face. Probabilities are in the order of Detector::classes() and add up to 1.
struct Face {
    int track = 0;                     ///< the same number for the same face through a video, from 1
    cv::Rect2f box;                    ///< pixels of the picture, before it is turned by `roll_deg`
    std::optional<std::string> label;  ///< nullopt: unsure
    float confidence = 0.0f;           ///< the label's probability, or the likeliest class's when unsure
    std::vector<float> probabilities;  ///< in a video smoothed over time
    /// How far the head is tilted, in degrees clockwise, in (-180, 180]; 0: upright. The box is turned about
    /// its center by so much.
    float roll_deg = 0.0f;
    bool neutral = false;  ///< shifted by how the face looks at rest: see Detector::learn_neutral
};

/// Finds faces and says what they show, in pictures (analyse) and through a video (follow). Not thread-safe:
/// one for each thread; several may run side by side. Prints nothing itself; what OpenCV prints about damaged
/// files, cv::utils::logging silences.
///
/// Whatever the user can mend (a card, settings, weights that are missing or damaged) is thrown as
/// std::runtime_error with one line that names the file and what was expected; a caller's mistake (an empty
/// picture, a type that is neither CV_8UC3 nor CV_8UC1, time that runs backwards) as std::invalid_argument.
class EMOTION_DETECTOR_API Detector {
  public:
    /// Reads a model card with its weights, and the settings of detecting, following and smoothing. Empty:
    /// the default model and the settings that came with the library.
    explicit Detector(const std::filesystem::path& card = {}, const std::filesystem::path& settings = {});
    ~Detector();
    Detector(Detector&&) noexcept;
    Detector& operator=(Detector&&) noexcept;

    /// Those the model tells apart; not all need be shown as a label.
    const std::vector<std::string>& classes() const;

    /// The faces of a picture by itself (BGR CV_8UC3 or grey CV_8UC1; only read).
    std::vector<Face> analyse(const cv::Mat& picture);

    /// The probabilities, in the order of classes(), of a face that was found by other means, its box tight
    /// from the brows to the chin, and turned about its center by `roll_deg`. Beyond the picture its edge
    /// pixels are repeated; a box that lies outside it with the model's margin too, is empty, or is many
    /// times as large throws std::invalid_argument.
    std::vector<float> score(const cv::Mat& picture, const cv::Rect2f& box, float roll_deg = 0.0f);

    /// The faces of a video's next frame, `time_s` seconds after its start.
    std::vector<Face> follow(const cv::Mat& frame, double time_s);

    /// From the next frame that is followed on, for `duration_s` seconds of the video, gathers how each face
    /// looks at rest; what stands out in that beyond other people's neutral faces is taken off its later
    /// probabilities, as long as it keeps its track. What was learned before is forgotten. Throws
    /// std::runtime_error if the model's card does not say what neutral faces are like, and
    /// std::invalid_argument for a duration that is not positive.
    void learn_neutral(double duration_s = 3.0);
    /// Takes that back.
    void forget_neutral();

    /// Forgets the faces followed: the next frame begins another video.
    void start_over();

  private:
    class Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace emotion

#undef EMOTION_DETECTOR_API
