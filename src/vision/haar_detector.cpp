#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <string>
#include <tuple>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>

#include "base/error.hpp"
#include "base/program_files.hpp"
#include "vision/face_detector.hpp"
#include "vision/quiet_stderr.hpp"

namespace emotion {
namespace {

constexpr const char* kCascade = "haarcascades/haarcascade_frontalface_default.xml";
/// Left to itself the detector searches for faces down to this share of the frame's shorter side.
constexpr int kSmallestFaceShare = 12;

template <typename Value>
void check(const char* name, Value value, bool in_range, const char* range) {
    if (in_range) return;
    std::ostringstream message;
    message << "haar." << name << " = " << value << ", expected " << range;
    throw ConfigError(message.str());
}

class HaarDetector : public FaceDetector {
  public:
    explicit HaarDetector(const HaarOptions& options) : options_(options) {
        options_.validate();
        const auto path = options_.cascade.empty() ? find_program_file(kCascade) : options_.cascade;
        if (!std::filesystem::exists(path)) throw Error(path.string() + ": no such file, expected a cascade");
        bool loaded = false;
        try {
            const QuietStderr quiet;
            loaded = cascade_.load(path.string());
        } catch (const cv::Exception&) {  // what OpenCV says of it names lines of its own code
        }
        if (!loaded)
            throw Error(path.string() + ": is not a cascade that OpenCV can read, expected its XML format");
    }

    std::vector<FaceBox> detect(const cv::Mat& gray) override {
        if (gray.type() != CV_8UC1 || gray.empty())
            throw std::invalid_argument("a frame of type " + std::to_string(gray.type()) +
                                        ", expected CV_8UC1 with pixels");
        const cv::Mat searched = reduced(gray);
        const cv::Point2f to_frame(static_cast<float>(gray.cols) / static_cast<float>(searched.cols),
                                   static_cast<float>(gray.rows) / static_cast<float>(searched.rows));
        const int min_face_px = options_.min_face_px > 0
                                    ? options_.min_face_px
                                    : std::min(gray.cols, gray.rows) / kSmallestFaceShare;
        const int min_side = cvRound(static_cast<float>(min_face_px) / std::max(to_frame.x, to_frame.y));
        std::vector<cv::Rect> boxes;
        std::vector<int> neighbors;
        cascade_.detectMultiScale(searched, boxes, neighbors, options_.scale_factor, options_.min_neighbors,
                                  0, {min_side, min_side});
        return to_faces(boxes, neighbors, to_frame);
    }

  private:
    cv::Mat reduced(const cv::Mat& gray) {
        const int longer = std::max(gray.cols, gray.rows);
        if (longer <= options_.max_side_px) return gray;
        const double scale = static_cast<double>(options_.max_side_px) / longer;
        cv::resize(gray, reduced_,
                   {std::max(1, cvRound(gray.cols * scale)), std::max(1, cvRound(gray.rows * scale))}, 0, 0,
                   cv::INTER_AREA);
        return reduced_;
    }

    static std::vector<FaceBox> to_faces(const std::vector<cv::Rect>& boxes,
                                         const std::vector<int>& neighbors, cv::Point2f to_frame) {
        std::vector<FaceBox> faces;
        for (std::size_t i = 0; i < boxes.size(); ++i) {
            const cv::Rect2f box = boxes[i];
            faces.push_back(
                {{box.x * to_frame.x, box.y * to_frame.y, box.width * to_frame.x, box.height * to_frame.y},
                 static_cast<float>(neighbors[i])});
        }
        std::sort(faces.begin(), faces.end(), [](const FaceBox& a, const FaceBox& b) {
            const auto& p = a.box_in_frame;
            const auto& q = b.box_in_frame;
            return std::tuple(-p.area(), p.x, p.y) < std::tuple(-q.area(), q.x, q.y);
        });
        return faces;
    }

    HaarOptions options_;
    cv::CascadeClassifier cascade_;
    cv::Mat reduced_;
};

}  // namespace

void HaarOptions::validate() const {
    check("scale_factor", scale_factor, scale_factor > 1.0 && scale_factor <= 2.0,
          "a number above 1 and up to 2");
    check("min_neighbors", min_neighbors, min_neighbors >= 0 && min_neighbors <= 100,
          "a whole number in [0, 100]");
    check("min_face_px", min_face_px, min_face_px >= 0 && min_face_px <= 100000,
          "a whole number in [0, 100000]");
    check("max_side_px", max_side_px, max_side_px >= 64 && max_side_px <= 10000,
          "a whole number in [64, 10000]");
}

std::unique_ptr<FaceDetector> make_haar_detector(const HaarOptions& options) {
    return std::make_unique<HaarDetector>(options);
}

}  // namespace emotion
