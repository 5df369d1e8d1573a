#include "media/cameras/camera_devices.hpp"

#include "support/catch.hpp"

namespace camera_devices_test {

using namespace emotion;
using namespace emotion::media;

TEST_CASE("A pixel format is named by the printable characters of its code") {
    CHECK(four_letters(0x47504a4du) == "MJPG");
    CHECK(four_letters(0x20363159u) == "Y16");
    CHECK(four_letters(0) == "");
    CHECK(four_letters(0xffffffffu) == "");
}

TEST_CASE("A device that is no camera is reported with the reason") {
    if (!can_list_cameras()) SKIP_TEST("cameras cannot be asked here");
    const auto problem = camera_problem(987'654);
    REQUIRE(problem);
    CHECK_THAT(*problem, ContainsSubstring("/dev/video987654 is not there; plug the camera in"));
}

}  // namespace camera_devices_test
