#pragma once

namespace emotion::apps {

/// Makes the first SIGINT, SIGTERM or SIGHUP request a stop, so that outputs can be completed; a second one
/// ends the program at once.
void catch_stop_signals();

/// The signal that requested the stop; 0: none yet.
int stop_signal();

}  // namespace emotion::apps
