#include "results/text_output.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/error.hpp"

namespace emotion::results {
namespace {

using namespace std::chrono_literals;

/// Opening a pipe blocks until it has a reader, so wait for one only for a limited time. The returned
/// descriptor keeps the pipe open until closed; negative if `target` is not such a pipe or cannot be opened.
int hold_reader(const std::string& target) {
    std::error_code failed;
    if (!std::filesystem::is_fifo(target, failed)) return -1;
    for (std::chrono::milliseconds left = 3s; left > 0s; left -= 20ms) {
        const int held = ::open(target.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
        if (held >= 0 || errno != ENXIO) return held;
        std::this_thread::sleep_for(20ms);
    }
    throw Error(target + ": cannot be written: no program reads this pipe, start its reader first");
}

}  // namespace

TextOutput::TextOutput(std::string target, Growth growth) : target_(std::move(target)) {
    if (target_ == "-") {
        target_ = "standard output";
        stream_ = &std::cout;
    } else if (growth == Growth::kBeside && is_regular_or_new(target_)) {
        stream_ = &beside_.emplace(target_).stream();
    } else {
        const int held = hold_reader(target_);
        in_place_.open(target_, std::ios::binary);
        if (held >= 0) ::close(held);
        stream_ = &in_place_;
    }
    check();
}

void TextOutput::write(std::string_view text) {
    if (failed_) return;
    *stream_ << text;
    if (!beside_) stream_->flush();
    check();
}

void TextOutput::finish() {
    if (failed_) return;
    if (beside_)
        beside_->commit();
    else
        stream_->flush();
    check();
}

void TextOutput::check() {
    failed_ = !*stream_;
    if (failed_) throw Error(target_ + ": cannot be written: " + std::strerror(errno));
}

}  // namespace emotion::results
