#include <cstdlib>
#include <iostream>

#include <fcntl.h>
#include <opencv2/core/utils/logger.hpp>
#include <unistd.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "apps/common/guarded.hpp"
#include "apps/detector/doctor.hpp"
#include "apps/detector/options.hpp"
#include "apps/detector/run.hpp"
#include "apps/detector/session.hpp"
#include "apps/detector/stop_signal.hpp"
#include "pipeline/detector_config.hpp"

namespace {

/// Errors are reported in one line of our own; environment variables can still enable messages of libraries.
void silence_libraries() {
    if (!std::getenv("OPENCV_LOG_LEVEL"))
        cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    ::setenv("QT_LOGGING_RULES", "*.warning=false", 0);
}

/// Frames are allocated and freed again and again. Left to itself glibc gives their pages back to the system
/// each time, and the system has to clear them anew: a twentieth of the time for a table.
void keep_freed_frames() {
#if defined(__GLIBC__)
    constexpr int kFramesOf4k = 32 << 20;
    ::mallopt(M_MMAP_THRESHOLD, kFramesOf4k);
    ::mallopt(M_TRIM_THRESHOLD, kFramesOf4k);
#endif
}

int run(int argc, char** argv) {
    using namespace emotion;
    const auto options = apps::parse_detector_options(argc, argv);
    if (!options) return 0;
    if (options->print_config) {
        std::cout << pipeline::config_text(apps::effective_config(*options));
        return 0;
    }
    silence_libraries();
    keep_freed_frames();
    if (options->live.list_cameras) return apps::print_cameras();
    if (options->live.doctor) return apps::examine_everything(*options);
    apps::catch_stop_signals();
    return apps::run_detector(*options);
}

/// So that nothing else that is opened takes the place of a standard stream that was closed.
void open_standard_streams() {
    while (true) {
        const int file = ::open("/dev/null", O_RDWR);
        if (file > STDERR_FILENO) ::close(file);
        if (file < 0 || file > STDERR_FILENO) return;
    }
}

}  // namespace

int main(int argc, char** argv) {
    open_standard_streams();
    return emotion::apps::guarded("emotion-detector", [&] { return run(argc, argv); });
}
