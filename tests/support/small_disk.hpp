#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#ifdef __linux__
#include <sys/mount.h>
#endif

namespace emotion::test {

/// A mounted file system of 64 KiB in a new folder, full except for one page of 4 KiB. Needs Linux and the
/// right to mount.
class SmallDisk {
  public:
    explicit SmallDisk(std::filesystem::path place) : place_(std::move(place)) {
        std::filesystem::create_directory(place_);
#ifdef __linux__
        mounted_ = ::mount("tmpfs", place_.c_str(), "tmpfs", 0, "size=64k") == 0;
#endif
        if (!mounted_) return;
        std::ofstream filler(place_ / "filler", std::ios::binary);
        const std::string page(4096, 'x');
        for (int i = 0; i < 15; ++i) filler << page << std::flush;
    }
    ~SmallDisk() {
#ifdef __linux__
        if (mounted_) ::umount(place_.c_str());
#endif
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    bool mounted() const {
        return mounted_;
    }

  private:
    std::filesystem::path place_;
    bool mounted_ = false;
};

}  // namespace emotion::test
