#include <cstdlib>
#include <exception>
#include <iostream>
#include <new>

#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>

#include "apps/emotion_detector_doctor.hpp"
#include "apps/emotion_detector_options.hpp"
#include "apps/emotion_detector_run.hpp"
#include "apps/stop_signal.hpp"
#include "base/error.hpp"
#include "pipeline/detector_config.hpp"

namespace {

/// What goes wrong is said in one line of ours; the environment can still ask the libraries for theirs.
void quieten_libraries() {
    if (!std::getenv("OPENCV_LOG_LEVEL"))
        cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    ::setenv("QT_LOGGING_RULES", "*.warning=false", 0);
}

int report(const char* message, int exit_code) {
    std::cerr << "emotion-detector: " << message << '\n';
    return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
    using namespace emotion;
    try {
        const auto options = apps::parse_detector_options(argc, argv);
        if (!options) return 0;
        if (options->print_config) {
            std::cout << config_text(apps::effective_config(*options));
            return 0;
        }
        quieten_libraries();
        if (options->live.list_cameras) return apps::print_cameras();
        if (options->live.doctor) return apps::examine_everything(*options);
        apps::catch_stop_signals();
        return apps::run_detector(*options);
    } catch (const ConfigError& error) {
        return report(error.what(), 2);
    } catch (const std::bad_alloc&) {
        return report("out of memory", 1);
    } catch (const cv::Exception& error) {
        return report(error.code == cv::Error::StsNoMem ? "out of memory" : error.what(), 1);
    } catch (const std::exception& error) {
        return report(error.what(), 1);
    }
}
