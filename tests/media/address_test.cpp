#include "media/address.hpp"

#include "support/catch.hpp"

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
