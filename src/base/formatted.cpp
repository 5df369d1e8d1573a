#include "base/formatted.hpp"

#include <cstdarg>
#include <cstdio>

namespace emotion {

std::string formatted(const char* format, ...) {
    char text[512];
    std::va_list values;
    va_start(values, format);
    std::vsnprintf(text, sizeof text, format, values);
    va_end(values);
    return text;
}

}  // namespace emotion
