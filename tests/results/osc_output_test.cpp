#include "results/osc_output.hpp"

#include <chrono>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <lo/lo.h>

#include "base/error.hpp"
#include "results/output_table.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace osc_output_test {

using namespace emotion;
using namespace emotion::results;

namespace {

/// An OSC message as received.
struct Received {
    std::string path, types;
    std::vector<double> numbers;  ///< its numeric arguments
    std::string text;             ///< its string argument
    lo_timetag time;              ///< of its bundle
};

/// A receiver on a free local port.
class Receiver {
  public:
    Receiver() : server_(lo_server_new(nullptr, nullptr)) {
        REQUIRE(server_ != nullptr);
        lo_server_add_method(server_, nullptr, nullptr, &Receiver::take, this);
        lo_server_add_bundle_handlers(server_, &Receiver::begin_bundle, nullptr, this);
    }
    ~Receiver() { lo_server_free(server_); }
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;

    std::string target() const { return "127.0.0.1:" + std::to_string(lo_server_get_port(server_)); }
    /// The messages of the next bundle; fails the test if none arrives.
    std::vector<Received> next() {
        received_.clear();
        bundles_ = 0;
        constexpr int kTimeoutMs = 60'000;
        REQUIRE(lo_server_recv_noblock(server_, kTimeoutMs) > 0);
        REQUIRE(bundles_ == 1);
        return received_;
    }
    bool has_more() const { return lo_server_wait(server_, 0) > 0; }

  private:
    static int begin_bundle(lo_timetag, void* self) {
        ++static_cast<Receiver*>(self)->bundles_;
        return 0;
    }
    /// Numbers in a message are aligned to four bytes, but liblo's union needs eight.
    template <typename Number>
    static double value_at(const void* place) {
        Number value{};
        std::memcpy(&value, place, sizeof value);
        return static_cast<double>(value);
    }
    static int take(const char* path, const char* types, lo_arg** arguments, int count, lo_message message,
                    void* self) {
        Received received{path, types, {}, {}, lo_message_get_timestamp(message)};
        for (int i = 0; i < count; ++i)
            if (types[i] == 's')
                received.text = reinterpret_cast<const char*>(arguments[i]);
            else
                received.numbers.push_back(types[i] == 'i' ? value_at<std::int32_t>(arguments[i])
                                                           : value_at<float>(arguments[i]));
        static_cast<Receiver*>(self)->received_.push_back(std::move(received));
        return 0;
    }

    lo_server server_;
    int bundles_ = 0;
    std::vector<Received> received_;
};

/// A face with probability 0.8 of `label`, if any.
faces::FaceResult face(int track, std::optional<int> label = std::nullopt) {
    faces::FaceResult face;
    face.track = track;
    face.box_in_frame = {16, 12, 32, 24};
    face.label = label;
    face.confidence = 0.75f;
    face.probabilities = {0.75f, 0.125f, 0.125f};
    face.roll_deg = -12.5f;
    return face;
}

struct Fixture {
    Fixture() {
        card.classes = {"happy", "neutral", "fear"};
        card.shown = {{0, 0.6}, {2, 0.5}};
    }

    std::unique_ptr<FrameOutput> output(const std::string& target) {
        return output_kind("--osc").make(
            target, {card, stats, [this](const auto& line) { warnings.push_back(line); }, Scope::kRun});
    }
    void write(FrameOutput& output, std::vector<faces::FaceResult> faces) {
        output.write({"clip.mp4", 0, 0.0, {64, 48}, std::move(faces)}, canvas);
    }

    model::ModelCard card;
    const pipeline::RunStats stats;
    drawing::Canvas canvas{{}, {}};
    std::vector<std::string> warnings;
    Receiver receiver;
};

}  // namespace

TEST_CASE("The faces of a frame are sent in one bundle, with relative boxes and the shown classes") {
    Fixture fixture;
    const auto output = fixture.output(fixture.receiver.target());
    lo_timetag before, after;
    lo_timetag_now(&before);
    fixture.write(*output, {face(1), face(7)});
    const auto received = fixture.receiver.next();
    lo_timetag_now(&after);
    REQUIRE(received.size() == 2);
    for (const auto& message : received) {
        CHECK(message.path == "/emotion/face");
        CHECK(message.types == "ifffffff");
        CHECK(lo_timetag_diff(message.time, before) >= 0.0);
        CHECK(lo_timetag_diff(after, message.time) >= 0.0);
    }
    CHECK(received[0].numbers == std::vector<double>{1, 0.25, 0.25, 0.5, 0.5, -12.5, 0.75, 0.125});
    CHECK(received[1].numbers.at(0) == 7);
}

TEST_CASE("A label is sent when it changes, and nothing for a frame without changes") {
    Fixture fixture;
    const auto output = fixture.output(fixture.receiver.target());
    const auto labels_after = [&](std::optional<int> label) {
        fixture.write(*output, {face(3, label)});
        auto received = fixture.receiver.next();
        std::erase_if(received, [](const Received& message) { return message.path == "/emotion/face"; });
        return received;
    };
    CHECK(labels_after(std::nullopt).empty());
    const auto fear = labels_after(2);
    REQUIRE(fear.size() == 1);
    CHECK(fear[0].path == "/emotion/label");
    CHECK(fear[0].types == "isf");
    CHECK(fear[0].numbers == std::vector<double>{3, 0.75});
    CHECK(fear[0].text == "fear");
    CHECK(labels_after(2).empty());
    CHECK(labels_after(0).at(0).text == "happy");
    CHECK(labels_after(std::nullopt).at(0).text.empty());

    fixture.write(*output, {});
    CHECK(fixture.receiver.next().at(0).path == "/emotion/lost");
    fixture.write(*output, {});
    CHECK_FALSE(fixture.receiver.has_more());
}

TEST_CASE("A lost face is reported once, and all faces at the end of a source") {
    Fixture fixture;
    const auto output = fixture.output(fixture.receiver.target());
    fixture.write(*output, {face(1, 0), face(2), face(3)});
    CHECK(fixture.receiver.next().size() == 4);
    fixture.write(*output, {face(1, 0), face(3)});
    const auto received = fixture.receiver.next();
    REQUIRE(received.size() == 3);
    CHECK(received[2].path == "/emotion/lost");
    CHECK(received[2].types == "i");
    CHECK(received[2].numbers == std::vector<double>{2});

    output->end({});
    const auto at_end = fixture.receiver.next();
    REQUIRE(at_end.size() == 2);
    for (const auto& message : at_end) CHECK(message.path == "/emotion/lost");
    CHECK(at_end[0].numbers == std::vector<double>{1});
    CHECK(at_end[1].numbers == std::vector<double>{3});
    fixture.write(*output, {face(1, 0)});  // of the next source
    CHECK(fixture.receiver.next().size() == 2);
    CHECK(fixture.warnings.empty());
}

TEST_CASE("A failure to send is reported once and does not end the run") {
    Fixture fixture;
    const auto output = fixture.output(fixture.receiver.target());
    const std::vector<faces::FaceResult> more_than_a_packet_holds(2000, face(1));
    fixture.write(*output, more_than_a_packet_holds);
    fixture.write(*output, more_than_a_packet_holds);
    REQUIRE(fixture.warnings.size() == 1);
    CHECK_THAT(fixture.warnings[0], ContainsSubstring("--osc " + fixture.receiver.target() + ": ") &&
                                        ContainsSubstring("maximum message size"));
    fixture.write(*output, {face(1)});
    CHECK(fixture.receiver.next().size() == 1);
    fixture.write(*output, more_than_a_packet_holds);
    CHECK(fixture.warnings.size() == 2);
}

TEST_CASE("An invalid address is an error that shows a valid one") {
    for (const std::string target : {"9000", "localhost", "localhost:", ":9000", "localhost:0",
                                     "localhost:65536", "localhost:9000x", "::1:9000", ""}) {
        INFO(target);
        CHECK_THROWS_AS(check_osc_address(target), ConfigError);
        CHECK_THROWS_WITH(check_osc_address(target),
                          ContainsSubstring(target + ": expected HOST:PORT such as 127.0.0.1:9000"));
    }
    CHECK_NOTHROW(check_osc_address("localhost:9000"));
}

TEST_CASE("An unknown host is an error before the first frame") {
    Fixture fixture;
    CHECK_THROWS_WITH(fixture.output("nowhere.invalid:9000"),
                      ContainsSubstring("--osc nowhere.invalid:9000: the host nowhere.invalid is not known"));
}

}  // namespace osc_output_test
