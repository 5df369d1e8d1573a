#pragma once

namespace emotion::media {

/// Puts the filters that a QuietStderr needs before stderr and std::cerr, for as long as the program runs.
/// For a main(), once, before it has any other thread; without it, as where the library is used, all lines
/// pass.
void filter_stderr();

/// While one lives, what its own thread writes to stderr and std::cerr is dropped; other threads' lines pass.
/// libpng, libjpeg and OpenCV print warnings there about what other people wrote, and offer no switch. With
/// other C libraries than glibc only std::cerr is quietened.
class QuietStderr {
  public:
    QuietStderr();
    ~QuietStderr();
    QuietStderr(const QuietStderr&) = delete;
    QuietStderr& operator=(const QuietStderr&) = delete;
};

}  // namespace emotion::media
