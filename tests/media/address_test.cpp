#include "media/address.hpp"

#include "base/files.hpp"
#include "support/catch.hpp"
#include "support/working_folder.hpp"

namespace address_test {

using namespace emotion;
using namespace emotion::media;

TEST_CASE("an address is shown without its secrets") {
    CHECK(shown_name("rtsp://admin:s3cret@10.0.0.7:554/live") == "rtsp://10.0.0.7:554/live");
    CHECK(shown_name("rtsp://admin@10.0.0.7/live") == "rtsp://10.0.0.7/live");
    CHECK(shown_name("rtsp://admin:p@ss@10.0.0.7/live") == "rtsp://10.0.0.7/live");
    CHECK(shown_name("rtsp://admin:pa/ss@10.0.0.7/live") == "rtsp://10.0.0.7/live");
    CHECK(shown_name("rtsp://admin:pa?ss@10.0.0.7/live") == "rtsp://10.0.0.7/live");
    CHECK(shown_name("http://host/video.mjpg?token=abc&camera=2") == "http://host/video.mjpg?camera=2");
    CHECK(shown_name("http://host/video?auth=1234") == "http://host/video");
    CHECK(shown_name("http://host/video?camera=a-value-far-too-long") == "http://host/video");
    CHECK(shown_name("http://host?key=1") == "http://host");
    CHECK(shown_name("rtsp://host/cam/realmonitor?channel=1&subtype=0") ==
          "rtsp://host/cam/realmonitor?channel=1&subtype=0");
    CHECK(shown_name("http://host/clip.mp4#token=1") == "http://host/clip.mp4");
    CHECK(shown_name("rtsp://host/user=admin_password=tl_Jw_channel=1_stream=0.sdp") ==
          "rtsp://host/user=_password=_channel=1_stream=0.sdp");
    CHECK(shown_name("rtsp://host/user=admin&password=abc&channel=1") ==
          "rtsp://host/user=&password=&channel=1");
    CHECK(shown_name("http://host/v.mp4;jsessionid=hunter2") == "http://host/v.mp4");
    CHECK(shown_name("http://host/a;s=hunter2,hunter3&x/v.mp4;channel=2;t=1?id=3") ==
          "http://host/a/v.mp4;channel=2?id=3");
}

TEST_CASE("of what looks like a key in a path only the start is shown") {
    CHECK(shown_name("rtsps://10.0.0.1:7441/K9a7sJdmNt2qGKvC?enableSrtp") ==
          "rtsps://10.0.0.1:7441/K9a7-hidden");
    CHECK(shown_name("rtsp://host/a;K9a7sJdmNt2qGKvC/b") == "rtsp://host/a/b");
    CHECK(shown_name("https://host/550e8400-e29b-41d4-a716-446655440000/index.m3u8") ==
          "https://host/550e-hidden/index.m3u8");
    for (const std::string name :
         {"http://host/interview_2024_part_one/a.m3u8", "http://host/2024-05-12_take1_camera2_v3.mp4",
          "http://host/2024-05-12-interview-part-1-of-2", "rtsp://host/h264Preview_01_main"})
        CHECK(shown_name(name) == name);
}

TEST_CASE("each of several addresses in a name is shown without its secrets") {
    CHECK(shown_name("concat:http://u:hunter2@h/a.ts|http://u:hunter2@h/b.ts") ==
          "concat:http://h/a.ts|http://h/b.ts");
    CHECK(shown_name("concat:http://h/a.ts?token=1|rtsp://h/b;s=2|b.ts|http://u@h?x=1#y") ==
          "concat:http://h/a.ts|rtsp://h/b|http://h");
    CHECK(shown_name("http://proxy:80/http://u:hunter2@h/b.ts") == "http://proxy:80/http://h/b.ts");
    CHECK(shown_name("http://host/video?from=http://u:hunter2@h/b.ts") == "http://host/video");
    CHECK(shown_name("rtsp://admin:a://b|c@10.0.0.7/live") == "rtsp://10.0.0.7/live");
}

TEST_CASE("an address without its scheme is shown without its secrets, a file's name in full") {
    CHECK(shown_name("user:hunter2@host/x") == "host/x");
    CHECK(shown_name("user:hunt@er2@host:554") == "host:554");
    const emotion::test::WorkingFolder folder;
    for (const std::string name : {"me:you@home.mp4", "a;b.mp4"}) {
        write_file(name, "x");
        CHECK(shown_name(name) == name);
    }
    CHECK(shown_name("a;b=c.mp4") == "a;b=c.mp4");
}

TEST_CASE("the address of a file on this machine is its path") {
    CHECK(local_path("file:///clips/a%20b.mp4") == "/clips/a b.mp4");
    CHECK(local_path("file://localhost/clips/gl%C3%BCck%25.png") ==
          "/clips/gl\xC3\xBC"
          "ck%.png");
    CHECK(local_path("file:///a%2") == "/a%2");
    CHECK(local_path("file:///a%zz%") == "/a%zz%");
    for (const std::string name : {"", "a%20b.mp4", "file:a.mp4", "http://host/a%20b.mp4", "/clips/a.mp4"})
        CHECK(local_path(name) == name);
}

TEST_CASE("an address without secrets is shown unchanged") {
    for (const std::string name :
         {"", "0", "clip.mp4", "a@b:c.mp4", "/data/user:1@home/clip.mp4", "rtsp://host:8554/cam@home",
          "http://127.0.0.1:8931/video", "udp://@239.0.0.1:1234"})
        CHECK(shown_name(name) == (name.starts_with("udp") ? "udp://239.0.0.1:1234" : name));
}

}  // namespace address_test
