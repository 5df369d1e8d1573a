#include "media/quiet_stderr.hpp"

#include <cstdio>
#include <iostream>
#include <string>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

#include "base/files.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace quiet_stderr_test {

namespace {

/// The output to file descriptor 2 while `work` runs.
template <typename Work>
std::string stderr_of(Work work) {
    const emotion::test::TemporaryFolder folder;
    const auto path = folder / "err";
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT, 0600);
    const int saved = ::dup(STDERR_FILENO);
    ::dup2(file, STDERR_FILENO);
    work();
    ::dup2(saved, STDERR_FILENO);
    ::close(saved);
    ::close(file);
    return emotion::read_file(path);
}

void print(const std::string& text) {
    std::fprintf(stderr, "%s by C\n", text.c_str());
    std::cerr << text << " by C++" << std::endl;
}

}  // namespace

TEST_CASE("only the quiet thread is silenced, only while requested and only with the filter installed") {
    CHECK(stderr_of([] {
              const emotion::media::QuietStderr quiet;
              print("shown");
          }) == "shown by C\nshown by C++\n");
    emotion::media::filter_stderr();
    const auto written = stderr_of([] {
        print("before");
        {
            const emotion::media::QuietStderr quiet;
            print("hidden");
            std::thread([] { print("another thread"); }).join();
            const emotion::media::QuietStderr twice;
        }
        print("after");
    });
    CHECK(
        written ==
        "before by C\nbefore by C++\nanother thread by C\nanother thread by C++\nafter by C\nafter by C++\n");

#ifdef __GLIBC__
    const int full = ::open("/dev/full", O_WRONLY), saved = ::dup(STDERR_FILENO);
    ::dup2(full, STDERR_FILENO);
    const auto taken = std::fwrite("lost", 1, 4, stderr);
    ::dup2(saved, STDERR_FILENO);
    ::close(saved);
    ::close(full);
    CHECK(taken == 0);
#endif
}

}  // namespace quiet_stderr_test
