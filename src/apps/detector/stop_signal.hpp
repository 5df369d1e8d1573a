#pragma once

namespace emotion::apps {

/// From now on the first SIGINT, SIGTERM or SIGHUP only asks to stop, so that outputs can be completed; a
/// second one ends the program at once.
void catch_stop_signals();

/// The signal that asked to stop; 0 while none has.
int stop_signal();

}  // namespace emotion::apps
