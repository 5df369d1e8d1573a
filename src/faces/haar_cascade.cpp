#include "faces/haar_cascade.hpp"

#include <cerrno>
#include <cstring>

#include <opencv2/core/persistence.hpp>
#include <opencv2/objdetect.hpp>
#include <unistd.h>

#include "base/error.hpp"
#include "base/program_files.hpp"
#include "faces/cascade_check.hpp"
#include "media/quiet_stderr.hpp"

namespace emotion::faces {
namespace {

constexpr const char* kCascade = "haarcascades/haarcascade_frontalface_default.xml";

}  // namespace

std::filesystem::path default_cascade() {
    return find_program_file(kCascade);
}

HaarCascade::HaarCascade(const std::filesystem::path& file)
    : cascade_(std::make_unique<cv::CascadeClassifier>()) {
    const auto path = file.empty() ? default_cascade() : file;
    if (::access(path.c_str(), R_OK) != 0) {
        const int failed = errno;
        throw Error(path.string() + (failed == ENOENT
                                         ? ": no such file, expected a cascade"
                                         : std::string(": cannot be read: ") + std::strerror(failed)));
    }
    if (std::filesystem::is_fifo(path)) throw Error(path.string() + ": is a pipe, expected a cascade");
    bool loaded = false;
    try {
        const media::QuietStderr quiet;
        const cv::FileStorage storage(path.string(), cv::FileStorage::READ);
        const auto root = storage.getFirstTopLevelNode();
        loaded = is_sound_cascade(root) && cascade_->read(root);
    } catch (const cv::Exception&) {  // OpenCV's message refers to its source code
    }
    if (!loaded)
        throw Error(path.string() +
                    ": is not a cascade that OpenCV can read, expected an undamaged one in "
                    "the XML of OpenCV 2 or newer");
}

HaarCascade::~HaarCascade() = default;

int HaarCascade::window_px() const {
    return cascade_->getOriginalWindowSize().width;
}

std::vector<HaarCascade::Face> HaarCascade::find(const cv::Mat& gray, const Search& search) {
    std::vector<cv::Rect> boxes;
    std::vector<int> detections;
    cascade_->detectMultiScale(gray, boxes, detections, search.scale_factor, search.min_neighbors, 0,
                               {search.smallest_px, search.smallest_px},
                               {search.largest_px, search.largest_px});
    std::vector<Face> faces;
    for (std::size_t i = 0; i < boxes.size(); ++i) faces.push_back({boxes[i], detections.at(i)});
    return faces;
}

std::vector<cv::Rect> HaarCascade::find_of_window_size(const cv::Mat& gray) {
    const cv::Size window = cascade_->getOriginalWindowSize();
    std::vector<cv::Rect> boxes;
    cascade_->detectMultiScale(gray, boxes, Search{}.scale_factor, 0, 0, window, window);
    return boxes;
}

std::vector<cv::Rect> HaarCascade::grouped(std::vector<cv::Rect> detections, int min_neighbors) {
    cv::groupRectangles(detections, min_neighbors);
    return detections;
}

}  // namespace emotion::faces
