#include <opencv2/core/utility.hpp>
#include <opencv2/core/utils/logger.hpp>

#include "apps/common/guarded.hpp"
#include "apps/trainer/commands.hpp"

int main(int argc, char** argv) {
    // Errors are reported in one line of our own, and pictures are distributed over our own threads.
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    cv::setNumThreads(1);
    return emotion::apps::guarded("trainer", [&] { return emotion::apps::run_trainer(argc, argv); });
}
