#pragma once

namespace emotion::media {

/// Installs the filters required by QuietStderr on stderr and std::cerr for the rest of the program. To be
/// called once in main(), before starting any thread; without it, as in library use, QuietStderr has no
/// effect.
void filter_stderr();

/// During its lifetime, output of its own thread to stderr and std::cerr is dropped; other threads are not
/// affected. For libpng, libjpeg and OpenCV, which print warnings about input files and offer no switch. With
/// C libraries other than glibc only std::cerr is filtered.
class QuietStderr {
  public:
    QuietStderr();
    ~QuietStderr();
    QuietStderr(const QuietStderr&) = delete;
    QuietStderr& operator=(const QuietStderr&) = delete;
};

}  // namespace emotion::media
