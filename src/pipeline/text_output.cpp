#include "pipeline/text_output.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <system_error>
#include <utility>

#include "base/error.hpp"

namespace emotion {
namespace {

bool is_ordinary_or_new(const std::string& target) {
    std::error_code failed;
    const auto status = std::filesystem::status(target, failed);
    return !std::filesystem::exists(status) || std::filesystem::is_regular_file(status);
}

}  // namespace

TextOutput::TextOutput(std::string target, Growth growth) : target_(std::move(target)) {
    if (target_ == "-") {
        target_ = "standard output";
        stream_ = &std::cout;
    } else if (growth == Growth::kBeside && is_ordinary_or_new(target_)) {
        stream_ = &beside_.emplace(target_).stream();
    } else {
        in_place_.open(target_, std::ios::binary);
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

}  // namespace emotion
