#include "apps/common/source_problem.hpp"

#include <new>
#include <stdexcept>
#include <string>
#include <system_error>

#include <opencv2/core.hpp>

#include "base/error.hpp"
#include "support/catch.hpp"

namespace source_problem_test {

namespace {

using namespace emotion;

template <class Exception>
std::string problem_of(const Exception& exception) {
    try {
        throw exception;
    } catch (...) {
        return apps::source_problem("clip.mp4");
    }
}

}  // namespace

TEST_CASE("An error of one source is reported in one line that names it") {
    CHECK(problem_of(Error("clip.mp4: no video")) == "clip.mp4: no video");
    for (const auto& message :
         {problem_of(std::bad_alloc()), problem_of(std::system_error(EAGAIN, std::generic_category())),
          problem_of(cv::Exception(cv::Error::StsNoMem, "no room", "", "", 0))})
        CHECK(message == "clip.mp4: needs more memory than is available");
    const auto broken =
        problem_of(cv::Exception(cv::Error::StsAssert, "size > 0", "resize", "resize.cpp", 1));
    CHECK(broken.starts_with("clip.mp4: OpenCV failed on it: "));
    CHECK_THAT(broken, ContainsSubstring("size > 0"));
    CHECK(broken.find('\n') == std::string::npos);
}

TEST_CASE("An error that would affect all sources ends the run") {
    CHECK_THROWS_AS(problem_of(std::logic_error("a mistake of ours")), std::logic_error);
    CHECK_THROWS_AS(problem_of(std::system_error(EINVAL, std::generic_category())), std::system_error);
}

}  // namespace source_problem_test
