#include "faces/haar_cascade.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>

#include <opencv2/core/persistence.hpp>
#include <opencv2/imgproc.hpp>
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

HaarCascade::HaarCascade(const std::filesystem::path& file) {
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
        loaded = is_sound_cascade(root);
        if (loaded) stumps_ = StumpCascade::read(root);
        if (loaded && !stumps_) {
            cascade_ = std::make_unique<cv::CascadeClassifier>();
            loaded = cascade_->read(root);
        }
    } catch (const cv::Exception&) {  // OpenCV's message refers to its source code
    }
    if (!loaded)
        throw Error(path.string() +
                    ": is not a cascade that OpenCV can read, expected an undamaged one in "
                    "the XML of OpenCV 2 or newer");
}

HaarCascade::~HaarCascade() = default;

int HaarCascade::window_px() const {
    return stumps_ ? stumps_->window().width : cascade_->getOriginalWindowSize().width;
}

std::vector<HaarCascade::Face> HaarCascade::find(const cv::Mat& gray, const Search& search) {
    std::vector<cv::Rect> boxes;
    std::vector<int> detections;
    if (stumps_) {
        constexpr double kGroupedWithin = 0.2;  // as OpenCV does
        boxes = find_all(gray, search);
        cv::groupRectangles(boxes, detections, search.min_neighbors, kGroupedWithin);
    } else {
        cascade_->detectMultiScale(gray, boxes, detections, search.scale_factor, search.min_neighbors, 0,
                                   {search.smallest_px, search.smallest_px},
                                   {search.largest_px, search.largest_px});
    }
    std::vector<Face> faces;
    for (std::size_t i = 0; i < boxes.size(); ++i) faces.push_back({boxes[i], detections.at(i)});
    return faces;
}

/// The single detections of all sizes, in copies reduced as OpenCV reduces them, to the sizes that it takes.
std::vector<cv::Rect> HaarCascade::find_all(const cv::Mat& gray, const Search& search) {
    const auto window = stumps_->window();
    const auto size_at = [&](auto scale) {
        using Number = decltype(scale);
        return cv::Size(cvRound(static_cast<Number>(window.width) * scale),
                        cvRound(static_cast<Number>(window.height) * scale));
    };
    const int largest = search.largest_px > 0 ? search.largest_px : std::max(gray.cols, gray.rows);
    std::vector<float> possible, scales;
    for (double scale = 1.0;; scale *= search.scale_factor) {
        if (const auto size = size_at(scale); size.width > gray.cols || size.height > gray.rows) break;
        possible.push_back(static_cast<float>(scale));
        const auto size = size_at(possible.back());
        if (std::max(size.width, size.height) <= largest &&
            std::min(size.width, size.height) >= search.smallest_px)
            scales.push_back(possible.back());
    }
    if (scales.empty() && !possible.empty()) {
        const auto off = [&](float scale) {
            const auto size = size_at(scale);
            return std::hypot(size.width - search.smallest_px, size.height - search.smallest_px);
        };
        scales.push_back(*std::ranges::min_element(possible, {}, off));
    }

    const auto reduced_by = [&](float scale) {
        return cv::Size(cvRound(static_cast<float>(gray.cols) / scale),
                        cvRound(static_cast<float>(gray.rows) / scale));
    };
    const int stripes = scales.empty() ? 0 : stumps_->stripes_of(reduced_by(scales.front()));
    std::vector<cv::Rect> boxes;
    for (const float scale : scales) {
        const auto size = reduced_by(scale);
        if (size != gray.size()) cv::resize(gray, reduced_, size, 0, 0, cv::INTER_LINEAR_EXACT);
        for (const auto& corner :
             stumps_->find(size != gray.size() ? reduced_ : gray, scale >= 2.0f ? 1 : 2, stripes))
            boxes.push_back({{cvRound(static_cast<float>(corner.x) * scale),
                              cvRound(static_cast<float>(corner.y) * scale)},
                             size_at(scale)});
    }
    return boxes;
}

std::vector<cv::Rect> HaarCascade::find_of_window_size(const cv::Mat& gray) {
    std::vector<cv::Rect> boxes;
    if (stumps_) {
        for (const auto& corner : stumps_->find(gray, 2, stumps_->stripes_of(gray.size())))
            boxes.push_back({corner, stumps_->window()});
    } else {
        const cv::Size window = cascade_->getOriginalWindowSize();
        cascade_->detectMultiScale(gray, boxes, Search{}.scale_factor, 0, 0, window, window);
    }
    return boxes;
}

std::vector<cv::Rect> HaarCascade::grouped(std::vector<cv::Rect> detections, int min_neighbors) {
    cv::groupRectangles(detections, min_neighbors);
    return detections;
}

}  // namespace emotion::faces
