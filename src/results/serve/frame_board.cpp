#include "results/serve/frame_board.hpp"

#include <utility>

#include <opencv2/imgcodecs.hpp>  // its constants

#include "base/error.hpp"
#include "media/pictures/picture_codecs.hpp"
#include "results/result_text.hpp"

namespace emotion::results {
namespace {

using namespace std::chrono_literals;

constexpr int kQuality = 85;  // JPEG quality in percent
constexpr auto kComesAgain = 2s;

std::string labels_of(const faces::FrameResult& result) {
    std::string labels;
    for (const auto& face : result.faces)
        if (face.label) labels += std::to_string(face.track) + '=' + std::to_string(*face.label) + ';';
    return labels;
}

}  // namespace

ServedFrame::ServedFrame(std::int64_t number, faces::FrameResult result,
                         const std::vector<std::string>& classes, cv::Mat picture)
    : number_(number),
      result_(std::move(result)),
      classes_(classes),
      labels_(labels_of(result_)),
      has_picture_(!picture.empty()),
      picture_(std::move(picture)) {}

const std::string& ServedFrame::json() const {
    std::call_once(json_made_, [&] {
        json_ = json_line(result_, classes_);
        json_.pop_back();
    });
    return json_;
}

const std::string& ServedFrame::jpeg() const {
    std::call_once(jpeg_made_, [&] {
        const cv::Mat picture = std::exchange(picture_, {});
        std::vector<unsigned char> bytes;
        if (picture.empty()) return;
        if (!media::picture_codecs().encode(".jpg", picture, bytes, {cv::IMWRITE_JPEG_QUALITY, kQuality}))
            throw Error("a picture cannot be encoded as JPEG");
        jpeg_.assign(bytes.begin(), bytes.end());
    });
    return jpeg_;
}

void FrameBoard::publish(const faces::FrameResult& result, cv::Mat picture) {
    auto frame = newest();
    frame =
        std::make_shared<ServedFrame>(frame ? frame->number() + 1 : 1, result, classes_, std::move(picture));
    {
        const std::lock_guard lock(mutex_);
        newest_.swap(frame);
    }
    changed_.notify_all();
}

bool FrameBoard::wants_pictures() const {
    return watchers_ > 0 || std::chrono::steady_clock::now() - last_watched_.load() < kComesAgain;
}

void FrameBoard::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    changed_.notify_all();
}

bool FrameBoard::is_closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
}

FrameBoard::FramePtr FrameBoard::newest() const {
    const std::lock_guard lock(mutex_);
    return newest_;
}

FrameBoard::FramePtr FrameBoard::wait_beyond(std::int64_t number, std::chrono::milliseconds timeout) const {
    std::unique_lock lock(mutex_);
    const auto is_beyond = [&] { return newest_ && newest_->number() > number; };
    changed_.wait_for(lock, timeout, [&] { return closed_ || is_beyond(); });
    return !closed_ && is_beyond() ? newest_ : nullptr;
}

}  // namespace emotion::results
