#include "vision/libav.hpp"

namespace emotion::libav {

std::string reason(int error) {
    char text[AV_ERROR_MAX_STRING_SIZE] = {};
    av_strerror(error, text, sizeof text);
    return text;
}

void be_quiet() {
    av_log_set_level(AV_LOG_QUIET);
}

}  // namespace emotion::libav
