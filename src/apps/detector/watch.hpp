#pragma once

#include "apps/common/source_list.hpp"
#include "apps/detector/session.hpp"

namespace emotion::apps {

/// Opens a source and takes its frames to the window and the outputs, until it ends or the session is to
/// stop. Cameras and endless streams are watched live, always the newest frame; what goes away is waited for.
/// Throws Error; what was done before is kept.
void watch(const Source& source, Session& session);

}  // namespace emotion::apps
