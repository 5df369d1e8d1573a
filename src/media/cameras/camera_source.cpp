#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <numeric>
#include <sstream>
#include <utility>
#include <vector>

#include <opencv2/videoio.hpp>  // its constants

#include "base/error.hpp"
#include "media/cameras/camera_capture.hpp"
#include "media/cameras/camera_devices.hpp"
#include "media/cameras/camera_patience.hpp"
#include "media/quiet_stderr.hpp"
#include "media/sources.hpp"

namespace emotion::media {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// Explicit, because OpenCV would try GStreamer first, slowly and with warnings.
#if defined(__linux__)
constexpr int kCameraApi = cv::CAP_V4L2;
#elif defined(__APPLE__)
constexpr int kCameraApi = cv::CAP_AVFOUNDATION;
#else
constexpr int kCameraApi = cv::CAP_ANY;
#endif

constexpr int kMotionJpeg = 'M' | 'J' << 8 | 'P' << 16 | 'G' << 24;
constexpr int kMaxCameras = 16;  // tried if cameras cannot be listed
/// A camera without a frame for this long is reopened; the first frame may take longer.
constexpr auto kFrameTimeout = 1500ms, kFirstFrameTimeout = 4500ms;

/// The problem of a device starts with its path, which need not be repeated.
std::string with_name(const std::string& name, const std::string& problem) {
    return "camera " + (problem.starts_with(name) ? problem : name + ": " + problem);
}

class CameraSource : public FrameSource {
  public:
    CameraSource(const std::string& name, int number, const OpenOptions& options)
        : number_(number), stop_(options.stop) {
        info_.name = name;
        open(options.camera);
        info_.width = pending_.cols;
        info_.height = pending_.rows;
        info_.fps = std::max(0.0, opencv_.get(*capture_, cv::CAP_PROP_FPS));
        info_.kind = SourceKind::kLive;
        info_.time_base = {1, 1'000'000};
        report_mode(options.warn);
    }

    ~CameraSource() override {
        const QuietStderr quiet;
        capture_.reset();
    }

    const SourceInfo& info() const override { return info_; }

    std::optional<Frame> next() override {
        using std::chrono::duration_cast, std::chrono::microseconds;
        const QuietStderr quiet;
        cv::Mat picture = pending_.empty() ? read(kFrameTimeout) : std::exchange(pending_, {});
        if (picture.empty()) return std::nullopt;
        const auto now = Clock::now();
        if (next_index_ == 0) started_ = now;
        const auto time = duration_cast<microseconds>(now - started_);
        return Frame{std::move(picture), next_index_++, static_cast<double>(time.count()) * 1e-6};
    }

  private:
    [[noreturn]] void fail(const std::string& what) const {
        const auto cause = camera_problem(number_);
        throw Error(with_name(
            info_.name,
            cause.value_or(what + "; it may be in use by another program, or need to be plugged in again")));
    }

    void open(const CameraRequest& request) {
        const QuietStderr quiet;
        capture_ = opencv_.open(number_, kCameraApi);
        if (!capture_) fail("does not open");
        opencv_.set(*capture_, cv::CAP_PROP_FOURCC, kMotionJpeg);
        opencv_.set(*capture_, cv::CAP_PROP_FRAME_WIDTH, request.width);
        opencv_.set(*capture_, cv::CAP_PROP_FRAME_HEIGHT, request.height);
        opencv_.set(*capture_, cv::CAP_PROP_FPS, request.fps);
        pending_ = read(kFirstFrameTimeout);
        if (pending_.empty()) throw Error("camera " + info_.name + ": stopped before its first picture");
    }

    void report_mode(const WarningHandler& warn) const {
        if (!warn) return;
        std::ostringstream line;
        line << "camera " << info_.name << ": gives " << info_.width << 'x' << info_.height;
        if (const auto format = four_letters(
                static_cast<std::uint32_t>(static_cast<int>(opencv_.get(*capture_, cv::CAP_PROP_FOURCC))));
            !format.empty())
            line << ' ' << format;
        if (info_.fps > 0.0) line << ", " << info_.fps << " frames per second";
        warn(line.str());
    }

    /// Empty once a stop is requested.
    cv::Mat read(std::chrono::milliseconds timeout) {
        cv::Mat picture;
        const auto read_once = [&](cv::Mat& frame) { return opencv_.read(*capture_, frame); };
        if (wait_for_picture(read_once, timeout, stop_, picture) == CameraAnswer::kNone) {
            capture_.reset();  // so that a busy device is due to other programs
            fail("gives no frames");
        }
        return picture;
    }

    const int number_;
    const std::stop_token stop_;
    const CameraCapture& opencv_ = camera_capture();
    std::shared_ptr<cv::VideoCapture> capture_;
    SourceInfo info_;
    cv::Mat pending_;
    std::int64_t next_index_ = 0;
    Clock::time_point started_;
};

}  // namespace

void prepare_cameras() {
    ::setenv("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "1", 0);  // evaluated when a frame is first read
}

std::unique_ptr<FrameSource> open_camera(const std::string& name, int number, const OpenOptions& options) {
    if (const auto problem = camera_problem(number)) throw Error(with_name(name, *problem));
    return std::make_unique<CameraSource>(name, number, options);
}

std::unique_ptr<FrameSource> open_first_camera(const OpenOptions& options) {
    std::vector<int> numbers(kMaxCameras);
    std::iota(numbers.begin(), numbers.end(), 0);
    if (can_list_cameras()) {
        numbers.clear();
        for (const auto& device : list_cameras()) numbers.push_back(device.number);
    }
    std::string problem;
    for (const int number : numbers) try {
            return open_camera(std::to_string(number), number, options);
        } catch (const Error& error) {
            if (options.stop.stop_requested()) throw;
            if (problem.empty()) problem = error.what();
        }
    if (numbers.empty()) throw Error("there is no camera here; plug one in, or name a video file");
    throw Error(numbers.size() == 1 ? problem : "no camera opens (" + problem + ")");
}

}  // namespace emotion::media
