#include "cli/clips.hpp"
#include "cli/detector.hpp"
#include "support/temporary_folder.hpp"

namespace virtual_camera_test {

using namespace emotion;
using test::detect;
using test::is_one_clear_line;
using test::TemporaryFolder;

TEST_CASE("An unusable virtual camera is one clear line") {
    const TemporaryFolder folder;
    test::write_clip(folder / "clip.avi", 1, test::two_faces);
    const auto no_device = detect({folder / "clip.avi", "--virtual-camera", "10"});
    CHECK(no_device.exit_code == 2);
    CHECK(is_one_clear_line(no_device));
    CHECK_THAT(no_device.err, ContainsSubstring("--virtual-camera 10: expected a device"));

    const auto not_there = detect({folder / "clip.avi", "--virtual-camera", "/dev/video4321"});
    CHECK(not_there.exit_code == 1);
    CHECK(is_one_clear_line(not_there));
    CHECK_THAT(not_there.err, ContainsSubstring("virtual camera /dev/video4321"));
}

}  // namespace virtual_camera_test
