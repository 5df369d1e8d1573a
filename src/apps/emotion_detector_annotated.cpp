#include "apps/emotion_detector_annotated.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <system_error>
#include <utility>

#include "apps/emotion_detector_sources.hpp"
#include "base/error.hpp"

namespace emotion::apps {
namespace {

/// A camera's number or a stream's address as a file name.
std::string plain_name(std::string name) {
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
    return name;
}

}  // namespace

AnnotatedFiles::AnnotatedFiles(const std::optional<std::filesystem::path>& output, bool several)
    : output_(output) {
    if (!output_) return;
    std::error_code failed;
    const bool exists = std::filesystem::exists(*output_, failed);
    folder_ = exists ? std::filesystem::is_directory(*output_, failed) : several || !output_->has_filename();
    if (!folder_ && several)
        throw ConfigError("--output " + output_->string() +
                          ": is one file, expected a folder for several sources");
    if (several && !exists && output_->has_extension())
        throw ConfigError(
            "--output " + output_->string() +
            ": looks like one file, expected a folder for several sources (end it in / if it is)");
    if (folder_ && !std::filesystem::create_directories(*output_, failed) && failed)
        throw Error(output_->string() + ": the folder cannot be made: " + failed.message());
}

std::unique_ptr<FrameSink> AnnotatedFiles::open(const SourceInfo& source, Notes notes) {
    if (!output_) return nullptr;
    const auto target = folder_ ? *output_ / target_of(source) : *output_;
    std::error_code absent;
    if (std::filesystem::equivalent(target, source.name, absent))
        throw Error(target.string() + ": would be replaced by its annotated copy, expected another --output");
    if (!taken_.insert(target).second)
        throw Error(source.name + ": " + target.string() +
                    " is written from another source already, rename one of the two or run them apart");
    return make_file_sink(target, source, std::move(notes));
}

std::filesystem::path AnnotatedFiles::target_of(const SourceInfo& source) const {
    const std::filesystem::path name(source.name);
    if (is_picture(source)) return name.filename();
    return (source.live ? plain_name(source.name) : name.stem().string()) + ".mp4";
}

}  // namespace emotion::apps
