#pragma once

#include <exception>
#include <iostream>
#include <new>
#include <string>

#include <opencv2/core.hpp>

#include "base/error.hpp"
#include "base/one_line.hpp"
#include "vision/quiet_stderr.hpp"
#include "vision/sources.hpp"

namespace emotion::apps {

/// The exit code of `work`, or, with one line given to `say` for what it throws, 2 for usage and
/// configuration and 1 for whatever else failed.
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

/// What a main does and returns, before it has any other thread.
template <typename Work>
int guarded(const char* program, const Work& work) {
    filter_stderr();
    prepare_cameras();
    return exit_code_of(work,
                        [&](const std::string& message) { std::cerr << program << ": " << message << '\n'; });
}

}  // namespace emotion::apps
