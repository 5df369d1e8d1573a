#pragma once

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <new>
#include <string>

#include <opencv2/core.hpp>

#include "base/error.hpp"
#include "base/one_line.hpp"
#include "media/quiet_stderr.hpp"
#include "media/sources.hpp"

namespace emotion::apps {

/// The exit code of `work`; for exceptions, reported by `say` in one line, 2 for usage and configuration
/// errors and 1 otherwise.
template <typename Work, typename Say>
int exit_code_of(const Work& work, const Say& say) {
    const auto fail = [&](const std::string& message, int exit_code) {
        say(message);
        return exit_code;
    };
    try {
        return work();
    } catch (const ConfigError& error) {
        return fail(error.what(), 2);
    } catch (const std::bad_alloc&) {
        return fail("out of memory", 1);
    } catch (const cv::Exception& error) {
        return fail(error.code == cv::Error::StsNoMem ? "out of memory" : one_line(error.what(), 500), 1);
    } catch (const std::exception& error) {
        return fail(error.what(), 1);
    }
}

/// Flushes standard output and returns why it could not be written in full; empty on success.
inline std::string standard_output_problem() {
    errno = 0;
    const bool written = std::cout.flush().good();
    if (std::fflush(stdout) == 0 && written) return {};
    const std::string problem = "standard output: cannot be written";
    // The reason for an earlier failed flush is not known.
    return errno == 0 ? problem : problem + ": " + std::strerror(errno);
}

/// The body of a main() and its exit code, before any other thread is started. Closed pipes and file size
/// limits become write errors instead of ending the program.
template <typename Work>
int guarded(const char* program, const Work& work) {
    media::filter_stderr();
    media::prepare_cameras();
    for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
    const auto say = [&](const std::string& message) {
        std::cerr << program << ": " << one_line(message, std::string::npos) << '\n';
    };
    const int exit_code = exit_code_of(work, say);
    if (exit_code != 0) return exit_code;
    const auto problem = standard_output_problem();
    if (!problem.empty()) say(problem);
    return problem.empty() ? 0 : 1;
}

}  // namespace emotion::apps
