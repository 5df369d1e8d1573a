#include "base/subprocess.hpp"

#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace subprocess_test {

using namespace emotion;

TEST_CASE("A program runs with its arguments and variables, and its exit code is reported") {
    const test::TemporaryFolder folder;
    const std::string file = folder / "said";
    auto process = Subprocess::start(
        {"sh", "-c", "read -r line; printf '%s|%s|%s' \"$1\" \"$MOOD\" \"$line\" > \"$2\"; exit 3", "sh",
         "a  'b' $c", file},
        {"MOOD=happy = glad"});
    const auto ending = process.wait();
    CHECK(ending.exit_code == 3);
    CHECK(ending.signal == 0);
    CHECK_FALSE(ending.succeeded());
    CHECK(process.ending()->exit_code == 3);  // remembered
    CHECK(read_file(file) == "a  'b' $c|happy = glad|");
}

TEST_CASE("A variable replaces only the variable of the same name") {
    ::setenv("EMOTION_TEST_A", "old", 1);
    ::setenv("EMOTION_TEST_AB", "kept", 1);
    auto process = Subprocess::start({"sh", "-c", "test \"$EMOTION_TEST_A$EMOTION_TEST_AB\" = newkept"},
                                     {"EMOTION_TEST_A=new"});
    CHECK(process.wait().succeeded());
    ::unsetenv("EMOTION_TEST_A");
    ::unsetenv("EMOTION_TEST_AB");
}

TEST_CASE("A program inherits no open file and no ignored signal") {
    const test::TemporaryFolder folder;
    write_file(folder / "open", "");
    const int descriptor = ::dup2(STDERR_FILENO, 77);
    REQUIRE(descriptor == 77);
    const auto before = std::signal(SIGPIPE, SIG_IGN);
    auto reading = Subprocess::start({"sh", "-c", "test ! -e /dev/fd/77"});
    auto dying = Subprocess::start({"sh", "-c", "kill -PIPE $$"});
    CHECK(reading.wait().succeeded());
    CHECK(dying.wait().signal == SIGPIPE);
    std::signal(SIGPIPE, before);
    ::close(descriptor);
}

TEST_CASE("A missing program is an error that names it") {
#ifdef EMOTION_EMULATED
    // posix_spawn() learns that a program is missing from memory it shares with the new process.
    SKIP_TEST("qemu gives a new process its own memory, so a missing program goes unnoticed");
#endif
    CHECK_THROWS_AS(Subprocess::start({"no-such-program-here"}), Error);
    CHECK_THROWS_WITH(Subprocess::start({"no-such-program-here"}),
                      "no-such-program-here cannot be run: No such file or directory");
}

TEST_CASE("A running process can be polled, signaled and killed") {
    auto asleep = Subprocess::start({"sleep", "60"});
    CHECK_FALSE(asleep.ending());
    asleep.signal(SIGTERM);
    CHECK(asleep.wait().signal == SIGTERM);
    asleep.signal(SIGTERM);  // no other process must be affected
    auto moved = Subprocess::start({"sleep", "60"});
    auto owner = std::move(moved);
    CHECK_FALSE(owner.ending());
    owner.kill();
    CHECK(owner.ending()->signal == SIGKILL);
}

TEST_CASE("A function runs in a separate process and process group") {
    int here = 1;
    auto process = Subprocess::fork([&] {
        here = 2;
        return ::getpgrp() == ::getpid() ? 5 : 6;
    });
    CHECK(process.wait().exit_code == 5);
    CHECK(here == 1);
    CHECK(Subprocess::fork([]() -> int { throw std::runtime_error("x"); }).wait().exit_code == 70);
}

}  // namespace subprocess_test
