#pragma once

#include <filesystem>

namespace emotion::apps {

/// While it exists, Ctrl-C or SIGTERM ends the program as always, but if the checkpoint is there, first says
/// that --resume continues the training. Only one at a time.
class ResumeHint {
  public:
    explicit ResumeHint(const std::filesystem::path& checkpoint);
    ~ResumeHint();
    ResumeHint(const ResumeHint&) = delete;
    ResumeHint& operator=(const ResumeHint&) = delete;
};

}  // namespace emotion::apps
