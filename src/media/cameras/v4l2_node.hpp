#pragma once

#include <cerrno>
#include <string>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace emotion::media {

/// A V4L2 device file. Not thread-safe.
class V4l2Node {
  public:
    explicit V4l2Node(const std::string& path)
        : file_(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC)) {
        if (file_ < 0) error_ = errno;
    }
    ~V4l2Node() {
        if (file_ >= 0) ::close(file_);
    }
    V4l2Node(const V4l2Node&) = delete;
    V4l2Node& operator=(const V4l2Node&) = delete;

    /// Why it could not be opened; 0 if it is open.
    int error() const { return error_; }
    int file() const { return file_; }

    /// Returns 0 or an error code.
    template <typename T>
    int query(unsigned long request, T& answer) const {
        int result;
        do result = ::ioctl(file_, request, &answer);
        while (result < 0 && errno == EINTR);
        return result < 0 ? errno : 0;
    }

  private:
    int file_ = -1, error_ = 0;
};

}  // namespace emotion::media
