#pragma once

#include <memory>
#include <stop_token>
#include <string>

struct AVIOContext;

namespace emotion::media {

/// What comes through standard input or a FIFO, for FFmpeg, whose own reading of pipes cannot be interrupted.
/// Not thread-safe.
class PipeBytes {
  public:
    /// Waiting for a writer, now and later, ends once `stop` is requested, which must outlive this. Throws
    /// Error naming the pipe if it cannot be opened.
    PipeBytes(const std::string& name, const std::stop_token* stop);

    AVIOContext* io() const { return io_.get(); }

  private:
    struct File {
        const int number;
        explicit File(int opened) : number(opened) {}
        ~File();
        File(const File&) = delete;
        File& operator=(const File&) = delete;
    };
    struct FreeIo {
        void operator()(AVIOContext* io) const;
    };
    static int read(void* self, unsigned char* to, int size);

    const std::stop_token* stop_;
    const File file_;
    std::unique_ptr<AVIOContext, FreeIo> io_;
};

}  // namespace emotion::media
