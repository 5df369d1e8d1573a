#pragma once

#include <cerrno>
#include <optional>
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

/// What opening or using a device failed for, and a remedy, where these are the same for all devices; nullopt
/// for other error codes.
inline std::optional<std::string> why_not_usable(const std::string& path, int error) {
    if (error == EACCES || error == EPERM)
        return "may not be used by this user, who should be in the group video: sudo usermod -aG video "
               "$USER, then log in again";
    if (error == EBUSY)
        return "is in use by another program; close that one (fuser " + path + " shows its process number)";
    return std::nullopt;
}

/// Whether the device is missing, as opposed to other errors.
inline bool is_missing(int error) {
    return error == ENOENT || error == ENODEV || error == ENXIO;
}

}  // namespace emotion::media
