#pragma once

#include "apps/common/source_list.hpp"
#include "apps/detector/session.hpp"

namespace emotion::apps {

/// Opens a source and passes its frames to the window and the outputs until it ends or the session stops.
/// Cameras and endless streams are watched live, with the newest frames, and waited for when lost. Throws
/// Error; earlier results are kept.
void watch(const Source& source, Session& session);

}  // namespace emotion::apps
