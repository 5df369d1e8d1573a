#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <set>

#include "vision/frame_sink.hpp"
#include "vision/frame_source.hpp"

namespace emotion::apps {

/// Gives each source the file that its annotated frames go to.
class AnnotatedFiles {
  public:
    /// `output` is a file, or a folder if it is one, ends in a slash, or `several` sources are to go there;
    /// such a folder is made. Throws ConfigError if several sources would share one file, Error if there can
    /// be no such folder.
    AnnotatedFiles(const std::optional<std::filesystem::path>& output, bool several);

    /// Null if nothing is to be written. In a folder a picture keeps its name, and whatever moves becomes an
    /// MP4 of its name. Throws Error if the file would replace its source or another source's output, or
    /// cannot be written.
    std::unique_ptr<FrameSink> open(const SourceInfo& source, Notes notes);

  private:
    std::filesystem::path target_of(const SourceInfo& source) const;

    std::optional<std::filesystem::path> output_;
    bool folder_ = false;
    std::set<std::filesystem::path> taken_;
};

}  // namespace emotion::apps
