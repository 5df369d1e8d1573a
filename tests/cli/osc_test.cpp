#include <chrono>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/clips.hpp"
#include "cli/detector.hpp"
#include "support/temporary_folder.hpp"

namespace osc_test {

using namespace emotion;
using test::detect;
using test::is_one_clear_line;
using test::TemporaryFolder;

namespace {

/// A local port that receives packets.
class UdpPort {
  public:
    UdpPort() {
        address_.sin_family = AF_INET;
        address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address_;
        REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address_), size) == 0);
        REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address_), &size) == 0);
    }
    ~UdpPort() { ::close(socket_); }
    UdpPort(const UdpPort&) = delete;
    UdpPort& operator=(const UdpPort&) = delete;

    std::string target() const { return "127.0.0.1:" + std::to_string(ntohs(address_.sin_port)); }
    std::vector<std::string> packets() const {
        std::vector<std::string> packets;
        std::string packet(65'536, '\0');
        for (ssize_t size = 0; (size = ::recv(socket_, packet.data(), packet.size(), MSG_DONTWAIT)) >= 0;)
            packets.push_back(packet.substr(0, static_cast<std::size_t>(size)));
        return packets;
    }

  private:
    const int socket_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in address_{};
};

bool was_built_without(const test::ProgramResult& result) {
    return result.err.find("was built without liblo") != std::string::npos;
}

}  // namespace

TEST_CASE("Each frame of a clip is sent as an OSC bundle, and at its end the loss of the face") {
    const TemporaryFolder folder;
    test::write_clip(
        folder / "clip.avi", 5, [](int) { return test::picture_of("happy-1"); }, 10.0);
    const UdpPort port;
    const auto started = std::chrono::steady_clock::now();
    const auto result = detect({folder / "clip.avi", "--osc", port.target()});
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
    if (was_built_without(result)) SKIP_TEST("built without liblo");
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(seconds.count() >= 0.4);  // the clip's playback speed
    const auto packets = port.packets();
    REQUIRE(packets.size() == 6);
    for (const auto& packet : packets) CHECK(packet.starts_with(std::string("#bundle\0", 8)));
    for (int i = 0; i < 5; ++i) CHECK_THAT(packets[i], ContainsSubstring("/emotion/face"));
    CHECK_THAT(packets[0], ContainsSubstring("/emotion/label") && ContainsSubstring("happy"));
    CHECK_THAT(packets[5], ContainsSubstring("/emotion/lost"));
}

TEST_CASE("An invalid or unknown OSC address is one clear line") {
    const TemporaryFolder folder;
    for (const auto* name : {"a.avi", "b.avi"}) test::write_clip(folder / name, 1, test::two_faces);
    const auto usage = [&](const std::vector<std::string>& arguments) {
        const auto result = detect(arguments);
        CHECK(result.exit_code == 2);
        CHECK(is_one_clear_line(result));
        return result;
    };
    const auto nonsense = usage({folder / "a.avi", "--osc", "9000"});
    CHECK_THAT(nonsense.err, ContainsSubstring("--osc 9000: "));
    if (was_built_without(nonsense)) SKIP_TEST("built without liblo");
    CHECK_THAT(nonsense.err, ContainsSubstring("expected HOST:PORT such as 127.0.0.1:9000"));
    CHECK_THAT(usage({folder.path(), "--jobs", "2", "--osc", "127.0.0.1:9000"}).err,
               ContainsSubstring("expected --jobs 1 with it"));

    const auto unknown = detect({folder / "a.avi", "--osc", "nowhere.invalid:9000"});
    CHECK(unknown.exit_code == 1);
    CHECK(is_one_clear_line(unknown));
    CHECK_THAT(unknown.err, ContainsSubstring("the host nowhere.invalid is not known"));
}

}  // namespace osc_test
