#include "results/osc_output.hpp"

#include <charconv>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <lo/lo.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/error.hpp"
#include "results/output_table.hpp"

namespace emotion::results {
namespace {

struct FreeAddress {
    void operator()(lo_address address) const { lo_address_free(address); }
};
struct FreeBundle {
    void operator()(lo_bundle bundle) const { lo_bundle_free_recursive(bundle); }
};
// liblo's types are pointers: to void before 0.32, to structures since.
using Address = std::unique_ptr<std::remove_pointer_t<lo_address>, FreeAddress>;

struct HostAndPort {
    std::string host, port;
};

HostAndPort parts_of(const std::string& target) {
    const auto colon = target.rfind(':');
    const auto host = target.substr(0, colon);
    const auto port = colon == std::string::npos ? std::string() : target.substr(colon + 1);
    int number = 0;
    const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (host.empty() || host.find(':') != std::string::npos || failed != std::errc() ||
        end != port.data() + port.size() || number < 1 || number > 65'535)
        throw ConfigError(target + ": expected HOST:PORT such as 127.0.0.1:9000 (a name or an IPv4 address)");
    return {host, port};
}

/// Resolved once and here: liblo would look up an unresolvable name for every bundle, and only supports IPv4.
Address address_of(const std::string& target) {
    const auto [host, port] = parts_of(target);
    addrinfo hints{};
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    if (const int failed = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found); failed != 0)
        throw Error("--osc " + target + ": the host " + host + " is not known (" + ::gai_strerror(failed) +
                    "), expected a name that can be looked up, or an IPv4 address");
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
    sockaddr_in numbers{};
    std::memcpy(&numbers, found->ai_addr, sizeof numbers);
    char text[INET_ADDRSTRLEN] = "";
    ::inet_ntop(AF_INET, &numbers.sin_addr, text, sizeof text);
    return Address(lo_address_new(text, port.c_str()));
}

/// The messages of one frame, sent as one packet.
class Bundle {
  public:
    Bundle() {
        lo_timetag now;
        lo_timetag_now(&now);
        bundle_.reset(lo_bundle_new(now));
    }

    /// Takes ownership of `message`.
    void add(const char* path, lo_message message) { lo_bundle_add_message(bundle_.get(), path, message); }
    /// Returns false, with the reason in the address, if sending failed. An empty bundle is not sent.
    bool send(lo_address address) const {
        return lo_bundle_count(bundle_.get()) == 0 || lo_send_bundle(address, bundle_.get()) >= 0;
    }

  private:
    std::unique_ptr<std::remove_pointer_t<lo_bundle>, FreeBundle> bundle_;
};

/// Sends results as Open Sound Control messages. Receivers that are not listening go unnoticed, because UDP
/// has no acknowledgment.
class OscOutput : public FrameOutput {
  public:
    OscOutput(const std::string& target, const OutputContext& context)
        : target_(target),
          classes_(context.card.classes),
          shown_(context.card.shown),
          warn_(context.warn),
          address_(address_of(target)) {}

    void write(const faces::FrameResult& result, drawing::Canvas&) override {
        Bundle bundle;
        std::map<int, std::optional<int>> now;
        for (const auto& face : result.faces) {
            add_face(face, result.size, bundle);
            const auto before = labels_.find(face.track);
            const bool changed =
                before == labels_.end() ? face.label.has_value() : before->second != face.label;
            if (changed) add_label(face, bundle);
            now.emplace(face.track, face.label);
        }
        for (const auto& [track, label] : labels_)
            if (!now.contains(track)) add_lost(track, bundle);
        labels_ = std::move(now);
        send(bundle);
    }

    /// Track numbers restart with the next source.
    void end(const SourceEnd&) override {
        Bundle bundle;
        for (const auto& [track, label] : labels_) add_lost(track, bundle);
        labels_.clear();
        send(bundle);
    }

  private:
    void add_face(const faces::FaceResult& face, cv::Size frame, Bundle& bundle) const {
        const auto& box = face.box_in_frame;
        const auto width = static_cast<float>(frame.width), height = static_cast<float>(frame.height);
        lo_message message = lo_message_new();
        lo_message_add_int32(message, face.track);
        for (const float value :
             {box.x / width, box.y / height, box.width / width, box.height / height, face.roll_deg})
            lo_message_add_float(message, value);
        for (const auto& shown : shown_)
            lo_message_add_float(message, face.probabilities[static_cast<std::size_t>(shown.class_index)]);
        bundle.add("/emotion/face", message);
    }

    void add_label(const faces::FaceResult& face, Bundle& bundle) const {
        lo_message message = lo_message_new();
        lo_message_add_int32(message, face.track);
        lo_message_add_string(message,
                              face.label ? classes_[static_cast<std::size_t>(*face.label)].c_str() : "");
        lo_message_add_float(message, face.confidence);
        bundle.add("/emotion/label", message);
    }

    static void add_lost(int track, Bundle& bundle) {
        lo_message message = lo_message_new();
        lo_message_add_int32(message, track);
        bundle.add("/emotion/lost", message);
    }

    /// A temporary network failure does not end the run.
    void send(const Bundle& bundle) {
        const bool sent = bundle.send(address_.get());
        if (!sent && reachable_ && warn_)
            warn_("--osc " + target_ + ": cannot be sent to: " + lo_address_errstr(address_.get()) +
                  "; retried with each frame");
        reachable_ = sent;
    }

    const std::string target_;
    const std::vector<std::string> classes_;
    const std::vector<model::ShownClass> shown_;
    const media::WarningHandler warn_;
    const Address address_;
    std::map<int, std::optional<int>> labels_;  ///< of the faces in the last frame, by track, as last sent
    bool reachable_ = true;
};

}  // namespace

void check_osc_address(const std::string& target) {
    parts_of(target);
}

std::unique_ptr<FrameOutput> make_osc_output(const std::string& target, const OutputContext& context) {
    return std::make_unique<OscOutput>(target, context);
}

}  // namespace emotion::results
