#include "apps/detector/stop_signal.hpp"

#include <csignal>
#include <initializer_list>

namespace emotion::apps {
namespace {

volatile std::sig_atomic_t received = 0;

extern "C" void remember(int signal) {
    received = signal;
}

}  // namespace

void catch_stop_signals() {
    struct sigaction action = {};
    action.sa_handler = remember;
    action.sa_flags = SA_RESETHAND;
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
}

int stop_signal() {
    return received;
}

}  // namespace emotion::apps
