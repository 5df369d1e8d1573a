#include "media/quiet_stderr.hpp"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <streambuf>

#include <unistd.h>

namespace emotion::media {
namespace {

thread_local int quiet_depth = 0;

/// Filters the stream buffer of std::cerr.
class FilteredBuffer : public std::streambuf {
  public:
    explicit FilteredBuffer(std::streambuf* target) : target_(target) {}

  protected:
    int_type overflow(int_type character) override {
        return quiet_depth > 0 ? traits_type::not_eof(character)
                               : target_->sputc(traits_type::to_char_type(character));
    }
    std::streamsize xsputn(const char* text, std::streamsize count) override {
        return quiet_depth > 0 ? count : target_->sputn(text, count);
    }
    int sync() override { return quiet_depth > 0 ? 0 : target_->pubsync(); }

  private:
    std::streambuf* target_;
};

#ifdef __GLIBC__
ssize_t write_filtered(void*, const char* text, std::size_t count) {
    if (quiet_depth > 0) return static_cast<ssize_t>(count);
    return std::max<ssize_t>(0, ::write(STDERR_FILENO, text, count));  // 0, not -1, signals failure
}
#endif

}  // namespace

void filter_stderr() {
    std::cerr.rdbuf(new FilteredBuffer(std::cerr.rdbuf()));
#ifdef __GLIBC__
    if (std::FILE* filtered = ::fopencookie(nullptr, "w", {nullptr, write_filtered, nullptr, nullptr})) {
        std::setvbuf(filtered, nullptr, _IONBF, 0);
        stderr = filtered;
    }
#endif
}

QuietStderr::QuietStderr() {
    ++quiet_depth;
}

QuietStderr::~QuietStderr() {
    --quiet_depth;
}

}  // namespace emotion::media
