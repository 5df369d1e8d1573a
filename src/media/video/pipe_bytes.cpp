#include "media/video/pipe_bytes.hpp"

#include <cerrno>
#include <cstddef>
#include <new>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

extern "C" {
#include <libavformat/avformat.h>
}

#include "base/error.hpp"
#include "media/sources.hpp"

namespace emotion::media {
namespace {

constexpr int kBufferBytes = 64 * 1024;
constexpr int kPatienceMs = 50;  // until a request to stop is noticed

/// A FIFO is opened without waiting for its writer. Standard input is not opened again, because a pipe whose
/// writer has already ended would then seem to be waiting for its first one.
int open_pipe(const std::string& name) {
    const bool is_input = name == kStandardInput;
    const int file = is_input ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                              : ::open(name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) throw Error(name + ": cannot be read: " + std::generic_category().message(errno));
    return file;
}

}  // namespace

PipeBytes::PipeBytes(const std::string& name, const std::stop_token* stop)
    : stop_(stop), file_(open_pipe(name)) {
    auto* buffer = static_cast<unsigned char*>(av_malloc(kBufferBytes));
    if (buffer) io_.reset(avio_alloc_context(buffer, kBufferBytes, 0, this, read, nullptr, nullptr));
    if (!io_) {
        av_free(buffer);
        throw std::bad_alloc();
    }
}

int PipeBytes::read(void* self, unsigned char* to, int size) {
    const auto& pipe = *static_cast<const PipeBytes*>(self);
    const int file = pipe.file_.number;
    while (!pipe.stop_ || !pipe.stop_->stop_requested()) {
        pollfd waiting{file, POLLIN, 0};
        const int ready = ::poll(&waiting, 1, kPatienceMs);
        if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
        const auto bytes = ready < 0 ? -1 : ::read(file, to, static_cast<std::size_t>(size));
        if (bytes > 0) return static_cast<int>(bytes);
        if (bytes == 0) return AVERROR_EOF;
        if (errno != EAGAIN && errno != EINTR) return AVERROR(errno);
    }
    return AVERROR_EXIT;
}

PipeBytes::File::~File() {
    ::close(number);
}

void PipeBytes::FreeIo::operator()(AVIOContext* io) const {
    av_freep(&io->buffer);  // FFmpeg may have replaced it
    avio_context_free(&io);
}

}  // namespace emotion::media
