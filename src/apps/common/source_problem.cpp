#include "apps/common/source_problem.hpp"

#include <new>
#include <system_error>

#include <opencv2/core.hpp>

#include "base/error.hpp"
#include "base/one_line.hpp"

namespace emotion::apps {

std::string source_problem(const std::string& source) {
    const auto no_memory = source + ": needs more memory than is available";
    try {
        throw;
    } catch (const Error& error) {
        return error.what();
    } catch (const std::bad_alloc&) {
        return no_memory;
    } catch (const std::system_error& error) {  // no memory for a thread's stack
        if (error.code() == std::errc::resource_unavailable_try_again) return no_memory;
        throw;
    } catch (const cv::Exception& error) {
        if (error.code == cv::Error::StsNoMem) return no_memory;
        return source + ": OpenCV failed on it: " + one_line(error.what(), 500);
    }
}

}  // namespace emotion::apps
