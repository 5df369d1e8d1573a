#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include <opencv2/videoio.hpp>

#ifdef __linux__
#include <unistd.h>
#endif

#include "base/error.hpp"
#include "vision/quiet_stderr.hpp"
#include "vision/sources.hpp"

namespace emotion {
namespace {

// Named, because OpenCV would try GStreamer first, slowly and with warnings.
#if defined(__linux__)
constexpr int kCameraApi = cv::CAP_V4L2;
#elif defined(__APPLE__)
constexpr int kCameraApi = cv::CAP_AVFOUNDATION;
#else
constexpr int kCameraApi = cv::CAP_ANY;
#endif

constexpr int kMaxCameras = 16;

/// Says what is wrong with the camera's device file, if anything is. Only Linux has such files.
void check_device([[maybe_unused]] const std::string& name, [[maybe_unused]] int number) {
#ifdef __linux__
    const auto device = "/dev/video" + std::to_string(number);
    if (::access(device.c_str(), R_OK | W_OK) == 0) return;
    if (errno == EACCES)
        throw Error("camera " + name + ": " + device +
                    " may not be used by this user, who should be in the group "
                    "video: sudo usermod -aG video $USER, then log in anew");
    throw Error("camera " + name + ": " + device + ": " + std::strerror(errno) +
                "; plug the camera in, or name another one or a video file");
#endif
}

class CameraSource : public FrameSource {
  public:
    CameraSource(const std::string& name, int number) {
        info_.name = name;
        const QuietStderr quiet;
        if (!capture_.open(number, kCameraApi))
            throw Error("camera " + name +
                        ": does not open; it may be in use by another program, or no device that "
                        "captures: name another one or a video file");
        capture_.set(cv::CAP_PROP_FOURCC, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'));
        pending_ = read("in use by another program");
        info_.width = pending_.cols;
        info_.height = pending_.rows;
        info_.fps = std::max(0.0, capture_.get(cv::CAP_PROP_FPS));
        info_.live = true;
        info_.time_base = {1, 1'000'000};
    }

    ~CameraSource() override {
        const QuietStderr quiet;
        capture_.release();
    }

    const SourceInfo& info() const override { return info_; }

    std::optional<Frame> next() override {
        using std::chrono::duration_cast, std::chrono::microseconds;
        const QuietStderr quiet;
        cv::Mat picture = pending_.empty() ? read("unplugged") : std::exchange(pending_, {});
        const auto now = std::chrono::steady_clock::now();
        if (next_index_ == 0) started_ = now;
        const auto time = duration_cast<microseconds>(now - started_);
        return Frame{std::move(picture), next_index_++, static_cast<double>(time.count()) * 1e-6};
    }

  private:
    /// Into pixels of its own: those of earlier frames may still be in use.
    cv::Mat read(const std::string& likely_cause) {
        cv::Mat picture;
        if (!capture_.read(picture) || picture.empty())
            throw Error("camera " + info_.name + ": gives no frames; it may be " + likely_cause);
        return picture;
    }

    cv::VideoCapture capture_;
    SourceInfo info_;
    cv::Mat pending_;
    std::int64_t next_index_ = 0;
    std::chrono::steady_clock::time_point started_;
};

}  // namespace

std::unique_ptr<FrameSource> open_camera(const std::string& name, int number) {
    check_device(name, number);
    return std::make_unique<CameraSource>(name, number);
}

std::unique_ptr<FrameSource> open_first_camera() {
    std::string problem;
    for (int number = 0; number < kMaxCameras; ++number) try {
            return open_camera(std::to_string(number), number);
        } catch (const Error& error) {
            if (problem.empty()) problem = error.what();
        }
    throw Error("no camera opens (" + problem + ")");
}

}  // namespace emotion
