#pragma once

#include <csignal>
#include <filesystem>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include <unistd.h>

#include "support/program.hpp"
#include "support/temporary_folder.hpp"
#include "support/wait_until.hpp"

namespace emotion::test {

/// A display in memory, numbered by this process's id, because of two servers searching for a free number at
/// once one can lose its socket to the other. It does not reset when its last client leaves, because a client
/// connecting meanwhile would be refused.
class VirtualDisplay {
  public:
    /// Whether the required programs are installed.
    static bool can_be_had() { return have_program("Xvfb") && have_program("xdotool"); }

    VirtualDisplay()
        : xvfb_("Xvfb", {":" + std::to_string(1000 + ::getpid() % 50'000), "-displayfd", "2", "-nolisten",
                         "tcp", "-noreset", "-screen", "0", "800x600x24", "-fbdir", folder_.path()}) {
        wait_until([&] { return !name().empty(); });
    }
    ~VirtualDisplay() {
        xvfb_.send(SIGTERM);  // lets it remove its lock
        xvfb_.wait();
    }
    VirtualDisplay(const VirtualDisplay&) = delete;
    VirtualDisplay& operator=(const VirtualDisplay&) = delete;

    /// For a program whose windows should open here, and not on the actual desktop.
    std::map<std::string, std::string> environment() const {
        return {{"DISPLAY", name()},
                {"WAYLAND_DISPLAY", ""},
                {"QT_QPA_PLATFORM", ""},
                {"LSAN_OPTIONS",
                 "print_suppressions=0:suppressions=" EMOTION_SOURCE_DIR "/tests/support/lsan.supp"}};
    }
    bool xdotool(const std::vector<std::string>& arguments) const {
        return run_program("xdotool", arguments, environment()).exit_code == 0;
    }
    /// Its contents in the format of xwd.
    std::filesystem::path memory() const { return folder_ / "Xvfb_screen0"; }

  private:
    std::string name() const {
        std::smatch number;
        const auto err = xvfb_.err();
        return std::regex_search(err, number, std::regex("(^|\n)([0-9]+)\n")) ? ":" + number[2].str() : "";
    }

    const TemporaryFolder folder_;
    RunningProgram xvfb_;
};

}  // namespace emotion::test
