#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <opencv2/core.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/formatted.hpp"
#include "media/address.hpp"
#include "media/image_files.hpp"
#include "media/made_up_picture.hpp"
#include "media/made_up_video.hpp"
#include "media/picture_kinds.hpp"
#include "support/catch.hpp"
#include "support/exif.hpp"
#include "support/program.hpp"
#include "support/silent_server.hpp"
#include "support/temporary_folder.hpp"

namespace remote_source_test {

// What servers send instead of a video of a known size.

using namespace emotion;
using namespace emotion::media;
using namespace emotion::test;

namespace {

/// Has more bytes than FFmpeg looks at before it decides what they are.
cv::Mat noise() {
    cv::Mat picture(120, 160, CV_8UC3);
    cv::RNG(7).fill(picture, cv::RNG::UNIFORM, cv::Scalar::all(0), cv::Scalar::all(256));
    return picture;
}

std::string with_length(const std::string& type, const std::string& bytes) {
    return "HTTP/1.0 200 OK\r\nContent-Type: " + type +
           "\r\nContent-Length: " + std::to_string(bytes.size()) + "\r\n\r\n" + bytes;
}

std::string in_chunks(const std::string& type, const std::string& bytes) {
    constexpr std::size_t kLength = 1000;
    std::string answer =
        "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::size_t at = 0; at < bytes.size(); at += kLength) {
        const auto chunk = bytes.substr(at, kLength);
        answer += formatted("%zx\r\n", chunk.size()) + chunk + "\r\n";
    }
    return answer + "0\r\n\r\n";
}

/// Until the connection is closed.
std::string without_length(const std::string& type, const std::string& bytes) {
    return "HTTP/1.0 200 OK\r\nContent-Type: " + type + "\r\n\r\n" + bytes;
}

/// What a picture looks like, or why it cannot be read, apart from its name.
struct Seen {
    SourceKind kind = SourceKind::kPicture;
    std::vector<std::string> lines;  ///< of warnings and the error
    cv::Mat bgr;
};

Seen seen_in(const std::string& name) {
    Seen seen;
    const auto shown = shown_name(name);
    const auto note = [&](const std::string& line) {
        seen.lines.push_back(line.starts_with(shown) ? line.substr(shown.size()) : line);
    };
    try {
        const auto source = open_source(name, {.warn = note});
        seen.kind = source->info().kind;
        const auto frames = all_frames(*source);
        if (frames.size() == 1) seen.bgr = frames[0].bgr;
    } catch (const Error& error) {
        note(error.what());
    }
    return seen;
}

/// Lying on its side, if this FFmpeg makes AVIF pictures; otherwise empty.
std::string turned_avif(const std::filesystem::path& folder) {
    const auto file = (folder / "made.avif").string();
    const auto made = run_program(
        "ffmpeg", {"-v", "error", "-y", "-nostdin", "-f", "lavfi", "-i", "testsrc=size=160x120", "-frames:v",
                   "1", "-c:v", "libaom-av1", "-cpu-used", "8", "-still-picture", "1", file});
    if (made.exit_code != 0) return {};
    auto bytes = read_file(file);
    const auto at = bytes.find("pixi");  // a property that nobody needs becomes a rotation by a quarter
    if (at == std::string::npos) return {};
    return bytes.replace(at, 5, "irot\x01");
}

}  // namespace

TEST_CASE("a picture at a URL is one, whatever its name and whether or not the server says its size") {
    const auto jpeg = encoded(".jpg", noise()), png = encoded(".png", noise());
    REQUIRE(jpeg.size() > 4096);
    for (const auto& [type, bytes] : {std::pair("image/jpeg", jpeg), std::pair("image/png", png),
                                      std::pair("application/octet-stream", jpeg)})
        for (const auto& answer :
             {with_length(type, bytes), in_chunks(type, bytes), without_length(type, bytes)}) {
            SilentServer server(answer);
            server.hang_up_after_message();
            for (const char* name : {"photo.jpg", "photo.png", "photo", "photo?size=9.jpg"}) {
                INFO(answer.substr(0, answer.find("\r\n\r\n")) << ", " << name);
                std::vector<std::string> warnings;
                const auto source = open_source(
                    server.url() + name, {.warn = [&](const auto& line) { warnings.push_back(line); }});
                CHECK(source->info().kind == SourceKind::kPicture);
                const auto frames = all_frames(*source);
                REQUIRE(frames.size() == 1);
                CHECK(frames[0].bgr.size() == noise().size());
                CHECK(warnings.empty());
            }
        }
}

TEST_CASE("a picture at a URL is read like the same one in a file, whole, cut short and turned") {
    const TemporaryFolder folder;
    using namespace std::string_literals;
    const auto picture = made_up_picture(320, 240);
    const auto jpg = encoded(".jpg", picture), png = encoded(".png", picture),
               webp = encoded(".webp", picture, {cv::IMWRITE_WEBP_QUALITY, 90}),
               lossless = encoded(".webp", picture, {cv::IMWRITE_WEBP_QUALITY, 101});
    const auto cut = [](const std::string& bytes) { return bytes.substr(0, bytes.size() * 6 / 10); };
    constexpr char kQuarter = 6;
    std::vector<std::pair<std::string, std::string>> pictures{
        {"whole.jpg", jpg},
        {"whole.png", png},
        {"whole.webp", webp},
        {"cut.jpg", cut(jpg)},
        {"cut.png", cut(png)},
        {"cut.webp", cut(webp)},
        {"cut_lossless.webp", cut(lossless)},
        {"turned.jpg", with_orientation(jpg, kQuarter)},
        {"turned.png", png_with_orientation(png, kQuarter)},
        {"turned.webp", webp_with_orientation(webp, picture.size(), kQuarter, false)},
        {"phone.heic", "\0\0\0\x18"s + "ftypheic" + "\0\0\0\0"s + "mif1heic" + std::string(200, '\0')}};
    if (const auto avif = turned_avif(folder.path()); !avif.empty()) {
        pictures.emplace_back("turned.avif", avif);
        pictures.emplace_back("cut.avif", cut(avif));
    }
    for (const auto& [name, bytes] : pictures) {
        write_file(folder / name, bytes);
        const auto expected = seen_in((folder / name).string());
        const SilentServer server(with_length("application/octet-stream", bytes));
        for (const auto& place : {name, std::string("photo.jpg"), std::string("photo?x")}) {
            INFO(name << " as " << place);
            const auto seen = seen_in(server.url() + place);
            CHECK(seen.kind == expected.kind);
            CHECK(seen.lines == expected.lines);
            REQUIRE(seen.bgr.empty() == expected.bgr.empty());
            if (!seen.bgr.empty()) CHECK(same_bytes(seen.bgr, expected.bgr));
        }
        if (name.starts_with("turned") && !expected.bgr.empty()) CHECK(expected.bgr.rows > expected.bgr.cols);
        if (name.starts_with("cut") && !name.ends_with("avif")) {
            REQUIRE(expected.lines.size() == 1);
            CHECK_THAT(expected.lines[0], ContainsSubstring("is cut short"));
        }
        if (name == "phone.heic") CHECK_THAT(expected.lines.at(0), ContainsSubstring("convert it"));
    }
}

TEST_CASE("pictures without end at a URL are a stream, even if it is named like one picture") {
    const auto bytes = encoded(".jpg", noise());
    const auto dim = encoded(".jpg", noise() / 4), brighter = encoded(".jpg", noise() / 2);
    const SilentServer server(without_length("image/jpeg", dim + brighter + bytes),
                              SilentServer::Begins::kAtOnce, bytes);
    const auto source = open_source(server.url() + "live.jpg");
    CHECK(source->info().kind == SourceKind::kLive);
    for (const double brightness : {31.0, 63.0, 127.0, 127.0, 127.0}) {  // the first two are not lost
        const auto frame = source->next();
        REQUIRE(frame);
        CHECK(frame->bgr.size() == noise().size());
        CHECK(cv::mean(frame->bgr)[0] == Approx(brightness).margin(8.0));
    }
}

TEST_CASE("Motion JPEG of a known size at a URL is a recording by its ending, as in a file") {
    std::string bytes;
    for (int i = 0; i < 12; ++i) bytes += encoded(".jpg", noise());
    const SilentServer server(with_length("application/octet-stream", bytes));
    for (const char* name : {"clip.mjpeg", "clip.MJPG?x"}) {
        INFO(name);
        std::vector<std::string> warnings;
        const auto source =
            open_source(server.url() + name, {.warn = [&](const auto& line) { warnings.push_back(line); }});
        CHECK(source->info().kind == SourceKind::kRecording);
        const auto frames = all_frames(*source);
        REQUIRE(frames.size() == 12);
        CHECK(frames[11].time_s == Approx(11 / 25.0).margin(1e-6));
        REQUIRE(warnings.size() == 1);
        CHECK_THAT(warnings[0], ContainsSubstring("25 frames per second are assumed, save it as a file"));
    }
}

TEST_CASE("a live stream without times is opened by its first frames, which do not wait for later ones") {
    const auto jpeg = encoded(".jpg", noise()), png = encoded(".png", noise());
    std::vector<std::pair<std::string, std::string>> streams{{"JPEG", ""}, {"PNG", ""}};
    for (int i = 0; i < 12; ++i) {
        streams[0].second += jpeg;
        streams[1].second += png;
    }
    const TemporaryFolder folder;
    if (have_program("ffmpeg"))
        for (const auto& [name, encoder] :
             {std::pair("a.h264", "libx264"), std::pair("a.m2v", "mpeg2video")}) {
            ffmpeg({"-f", "lavfi", "-i", "testsrc2=size=320x240:rate=10:duration=2", "-bf", "0", "-g", "10",
                    "-c:v", encoder, (folder / name).string()});
            streams.emplace_back(name, read_file(folder / name));
        }
    for (const auto& [name, bytes] : streams) {
        INFO(name);
        // A byte per second keeps the connection alive, but there is no further frame.
        const SilentServer server(without_length("application/octet-stream", bytes),
                                  SilentServer::Begins::kAtOnce, "x", std::chrono::seconds(1));
        std::stop_source stop;
        auto reading = std::async(std::launch::async, [&] {
            const auto source = open_source(server.url() + "live", {.stop = stop.get_token()});
            int frames = source->info().kind == SourceKind::kLive ? 0 : -100;
            while (frames < 4 && source->next()) ++frames;
            return frames;
        });
        const bool in_time = reading.wait_for(std::chrono::minutes(1)) == std::future_status::ready;
        stop.request_stop();
        CHECK(in_time);
        CHECK(reading.get() == 4);
    }
}

TEST_CASE("a video is a recording if its server says its size, even if neither of them knows its duration") {
    if (!have_program("ffmpeg")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    ffmpeg({"-f", "lavfi", "-i", "testsrc=size=64x48:rate=25:duration=2", "-c:v", "libx264", "-g", "25",
            (folder / "a.ts").string()});
    const auto part = read_file(folder / "a.ts"), joined = part + part;
    std::vector<std::string> warnings;
    const auto note = [&](const auto& line) { warnings.push_back(line); };
    const SilentServer server(with_length("video/mp2t", joined));
    const auto source = open_source(server.url() + "joined.ts", {.warn = note});
    CHECK(source->info().kind == SourceKind::kRecording);
    CHECK(all_frames(*source).size() == 100);
    REQUIRE(warnings.size() == 1);
    CHECK_THAT(warnings[0], ContainsSubstring("its clock restarts once"));

    const auto answer = with_length("video/mp2t", part);
    SilentServer cut(answer.substr(0, answer.size() - part.size() / 2));
    cut.hang_up_after_message();
    warnings.clear();
    const auto rest = all_frames(*open_source(cut.url() + "a.ts", {.warn = note})).size();
    CHECK((rest > 0 && rest < 50));
    REQUIRE(warnings.size() == 1);
    CHECK_THAT(warnings[0], ContainsSubstring(" seconds; it may be damaged or cut short") &&
                                ContainsSubstring("a.ts: ends after ") && !ContainsSubstring(" of 0"));
}

TEST_CASE("the size of something else makes no recording of a stream") {
    const auto bytes = encoded(".jpg", noise());
    const auto picture =
        "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: " + std::to_string(bytes.size()) +
        "\r\n\r\n" + bytes + "\r\n";
    const SilentServer camera(
        "HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=frame\r\n"
        "Content-Length: 999999999\r\n\r\n" +
            picture,
        SilentServer::Begins::kAtOnce, picture);
    CHECK(open_source(camera.url())->info().kind == SourceKind::kLive);

    if (!have_program("ffmpeg")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    ffmpeg({"-f", "lavfi", "-i", "testsrc=size=64x48:rate=25:duration=2", "-c:v", "libx264", "-g", "25",
            (folder / "a.ts").string()});
    const SilentServer part(with_length("video/mp2t", read_file(folder / "a.ts")));
    const SilentServer list(with_length("application/vnd.apple.mpegurl",
                                        "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:0\n"
                                        "#EXTINF:2,\n" +
                                            part.url() + "a.ts\n"));
    CHECK(open_source(list.url() + "live.m3u8")->info().kind == SourceKind::kLive);
}

TEST_CASE("a web page is reported as one, whatever its address looks like") {
    std::string page = "<!DOCTYPE html>\n<html><head><title>Camera</title></head><body>\n";
    for (int i = 0; i < 500; ++i) page += "<p>This page shows the picture of a camera.</p>\n";
    page += "</body></html>\n";
    for (const auto& answer : {with_length("text/html; charset=utf-8", page), in_chunks("text/html", page)}) {
        const SilentServer server(answer);
        for (const char* name : {"", "clip.mp4", "photo.jpg", "live.h264", "stream.ts"}) {
            INFO(answer.substr(0, answer.find("\r\n\r\n")) << ", " << name);
            CHECK_THROWS_WITH(open_source(server.url() + name),
                              ContainsSubstring(server.url() + name + ": is a web page, expected"));
        }
    }
}

TEST_CASE("a picture that its server calls a web page is still read") {
    const SilentServer server(with_length("text/html", encoded(".jpg", noise())));
    CHECK(all_frames(*open_source(server.url() + "photo.jpg")).size() == 1);
}

TEST_CASE("the protocol of a URL may be written in capitals, and is shown as written") {
    const auto bytes = encoded(".jpg", noise());
    const SilentServer picture(with_length("image/jpeg", bytes)),
        stream(without_length("image/jpeg", bytes + bytes + bytes), SilentServer::Begins::kAtOnce, bytes);
    const auto in_capitals = [](const SilentServer& server) {
        return "HTTP" + server.url().substr(4) + "Photo.jpg";
    };
    const auto still = open_source(in_capitals(picture)), live = open_source(in_capitals(stream));
    CHECK(still->info().kind == SourceKind::kPicture);
    CHECK(still->info().name == in_capitals(picture));
    CHECK(all_frames(*still).size() == 1);
    CHECK(live->info().kind == SourceKind::kLive);
    CHECK(live->info().name == in_capitals(stream));
    CHECK(live->next());
}

TEST_CASE("a host without an address is reported as such") {
    if (std::getenv("http_proxy")) SKIP_TEST("a proxy looks hosts up");
    const std::string host = std::string(70, 'x') + ".invalid";  // a label too long to be looked up outside
    for (const std::string start : {"http://", "rtsp://user:s3cret@"}) {
        INFO(start);
        CHECK_THROWS_WITH(open_source(start + host + "/a.mp4"),
                          ContainsSubstring(host + "/a.mp4: cannot be opened: no such host, or no network"));
        CHECK_THROWS_WITH(open_source(start + host + "/a.mp4"), !ContainsSubstring("s3cret"));
    }
    CHECK_THROWS_WITH(open_source("http://127.0.0.1:1/a.mp4"), !ContainsSubstring("no such host"));
}

}  // namespace remote_source_test
