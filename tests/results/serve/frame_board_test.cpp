#include "results/serve/frame_board.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include <opencv2/core.hpp>

#include "media/image_files.hpp"
#include "results/result_text.hpp"
#include "support/catch.hpp"
#include "support/wait_until.hpp"

namespace frame_board_test {

using namespace emotion;
using namespace emotion::results;
using namespace std::chrono_literals;

namespace {

const std::vector<std::string> kClasses{"happy", "fear"};

faces::FrameResult result_of(std::int64_t frame, std::optional<int> label = {}, int track = 1) {
    faces::FrameResult result;
    result.source = "camera";
    result.frame = frame;
    result.size = {64, 48};
    faces::FaceResult face;
    face.track = track;
    face.label = label;
    face.probabilities = face.raw = {0.5f, 0.5f};
    result.faces.push_back(face);
    return result;
}

cv::Mat gray(int level) {
    return cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(level));
}

}  // namespace

TEST_CASE("the newest frame is available at once, or as soon as there is one") {
    FrameBoard board(kClasses);
    CHECK(board.newest() == nullptr);
    CHECK(board.wait_beyond(0, 0ms) == nullptr);
    board.publish(result_of(0));
    board.publish(result_of(7));
    const auto frame = board.wait_beyond(0, 0ms);
    REQUIRE(frame);
    CHECK(frame->number() == 2);
    CHECK(frame->result().frame == 7);
    CHECK(frame->json() + "\n" == json_line(result_of(7), kClasses));
    CHECK(board.newest() == frame);
    CHECK(board.wait_beyond(2, 0ms) == nullptr);

    std::jthread publisher([&] { board.publish(result_of(8)); });
    const auto next = board.wait_beyond(2, 60s);
    REQUIRE(next);
    CHECK(next->number() == 3);
}

TEST_CASE("a slow client misses frames, and none is queued for it") {
    FrameBoard board(kClasses);
    board.publish(result_of(0));
    const auto held = board.newest();
    std::vector<std::weak_ptr<const ServedFrame>> others;
    for (int i = 1; i <= 100; ++i) {
        board.publish(result_of(i), gray(i));
        others.push_back(board.newest());
    }
    CHECK(held->result().frame == 0);
    CHECK(board.wait_beyond(held->number(), 0ms)->result().frame == 100);
    for (std::size_t i = 0; i + 1 < others.size(); ++i) CHECK(others[i].expired());
    CHECK_FALSE(others.back().expired());
}

TEST_CASE("every waiting client gets the frame") {
    FrameBoard board(kClasses);
    std::atomic<int> got = 0;
    std::vector<std::jthread> clients;
    for (int i = 0; i < 8; ++i)
        clients.emplace_back([&] {
            if (const auto frame = board.wait_beyond(0, 60s); frame && frame->number() == 1) ++got;
        });
    board.publish(result_of(0));
    clients.clear();
    CHECK(got == 8);
}

TEST_CASE("closing a board wakes all waiting clients") {
    FrameBoard board(kClasses);
    board.publish(result_of(0));
    std::jthread client([&] { CHECK(board.wait_beyond(1, 600s) == nullptr); });
    board.close();
    client.join();
    CHECK(board.is_closed());
    CHECK(board.wait_beyond(0, 600s) == nullptr);
}

TEST_CASE("pictures are requested while they are watched and for a while after") {
    FrameBoard board(kClasses);
    CHECK_FALSE(board.wants_pictures());
    std::chrono::steady_clock::time_point left;
    {
        const FrameBoard::PictureWatcher one(board), two(board);
        CHECK(board.wants_pictures());
        left = std::chrono::steady_clock::now();  // before they leave, however late that is
    }
    CHECK((board.wants_pictures() || std::chrono::steady_clock::now() - left > 1s));
    test::wait_until([&] { return !board.wants_pictures(); });
    CHECK(std::chrono::steady_clock::now() - left > 1s);
}

TEST_CASE("a picture is encoded once, even for concurrent requests") {
    FrameBoard board(kClasses);
    board.publish(result_of(0), gray(120));
    const auto frame = board.newest();
    REQUIRE(frame->has_picture());
    std::vector<const std::string*> seen(8);
    {
        std::vector<std::jthread> clients;
        for (auto& jpeg : seen) clients.emplace_back([&] { jpeg = &frame->jpeg(); });
    }
    for (const auto* jpeg : seen) CHECK(jpeg == seen.front());
    const cv::Mat decoded = test::decoded(*seen.front());
    REQUIRE(decoded.size() == cv::Size(64, 48));
    CHECK(cv::norm(decoded, gray(120), cv::NORM_INF) < 4.0);

    board.publish(result_of(1));
    CHECK_FALSE(board.newest()->has_picture());
    CHECK(board.newest()->jpeg().empty());
}

TEST_CASE("labels are equal as long as none changes, appears or disappears") {
    FrameBoard board(kClasses);
    const auto labels = [&](const faces::FrameResult& result) {
        board.publish(result);
        return board.newest()->labels();
    };
    const auto happy = labels(result_of(0, 0));
    CHECK(labels(result_of(1, 0)) == happy);
    CHECK(labels(result_of(2, 1)) != happy);
    CHECK(labels(result_of(3, 0, 2)) != happy);
    CHECK(labels(result_of(4)) != happy);
    CHECK(labels(result_of(5)) == labels(result_of(6, {}, 3)));  // an unsure face has no label
}

}  // namespace frame_board_test
