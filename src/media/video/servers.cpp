#include "media/video/servers.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <vector>

#include <netdb.h>

extern "C" {
#include <libavutil/avstring.h>
#include <libavutil/opt.h>
}

#include "base/one_line.hpp"
#include "media/address.hpp"

namespace emotion::media::libav {
namespace {

constexpr const char* kTimeoutMicroseconds = "10000000";

struct CloseIo {
    void operator()(AVIOContext* io) const { avio_closep(&io); }
};

using RemoteBytes = std::unique_ptr<AVIOContext, CloseIo>;

/// Opens a URL for reading. Returns an FFmpeg error code, or 0.
int open_bytes(const std::string& name, const std::stop_token* stop, RemoteBytes& io) {
    Dictionary options;
    set_network_options(options);
    const AVIOInterruptCB interrupt{is_stopped, const_cast<std::stop_token*>(stop)};
    AVIOContext* opened = nullptr;
    const int result = avio_open2(&opened, remote_url(name).c_str(), AVIO_FLAG_READ,
                                  stop ? &interrupt : nullptr, options.get());
    io.reset(opened);
    return result;
}

/// Whether a server says that what it sends is a web page.
bool announces_web_page(AVIOContext* io) {
    std::uint8_t* type = nullptr;
    if (!io || av_opt_get(io, "mime_type", AV_OPT_SEARCH_CHILDREN, &type) < 0 || !type) return false;
    const auto* text = reinterpret_cast<const char*>(type);
    const bool is_page = av_stristart(text, "text/html", nullptr) != 0 ||
                         av_stristart(text, "application/xhtml", nullptr) != 0;
    av_free(type);
    return is_page;
}

/// Asks an HTTP server once more, because nothing remains of what could not be opened. False for others.
bool ask_again(const std::string& url, const std::stop_token* stop, RemoteBytes& io) {
    return remote_url(url).starts_with("http") && open_bytes(url, stop, io) >= 0;
}

bool sends_web_page(const std::string& url, const std::stop_token* stop) {
    RemoteBytes io;
    return ask_again(url, stop, io) && announces_web_page(io.get());
}

/// Whether the host of a URL has no address: FFmpeg reports this like any failure of the network. A proxy may
/// know more hosts, and what follows a prefix ("concat:") may have several.
bool has_unknown_host(const std::string& url) {
    if (std::getenv("http_proxy") || url.find(':') != url.find("://")) return false;
    char host[1024] = {};
    av_url_split(nullptr, 0, nullptr, 0, host, sizeof host, nullptr, nullptr, 0, url.c_str());
    if (!*host) return false;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host, nullptr, nullptr, &found) != 0) return true;
    ::freeaddrinfo(found);
    return false;
}

}  // namespace

void set_network_options(Dictionary& options) {
    avformat_network_init();
    options.set("rw_timeout", kTimeoutMicroseconds);
    options.set("rtsp_transport", "tcp");
    options.set(LIBAVFORMAT_VERSION_MAJOR >= 59 ? "timeout" : "stimeout", kTimeoutMicroseconds);
}

std::string remote_url(const std::string& name) {
    const auto rest = std::min(name.find("://"), name.size());
    return lower_case(name.substr(0, rest)) + name.substr(rest);
}

Error remote_error(const std::string& url, int failed, const std::stop_token* stop) {
    const auto shown = shown_name(url);
    const bool stopped = stop && stop->stop_requested();
    if (failed == AVERROR(EIO) && !stopped && has_unknown_host(url))
        return Error(shown + ": cannot be opened: no such host, or no network; check the address");
    if (failed == AVERROR_INVALIDDATA && !stopped && sends_web_page(url, stop)) return web_page_error(shown);
    if (!stopped && (failed == AVERROR(ETIMEDOUT) || (failed == AVERROR(EIO) && url.starts_with("udp"))))
        return Error(shown +
                     ": nothing came from it within ten seconds; check the address, and that it is sending");
    return Error(shown + ": cannot be opened (" + reason(failed) + ")");
}

bool has_known_size(const AVFormatContext& input) {
    constexpr std::array<std::string_view, 6> kOtherSizes{"hls", "dash",   "webm_dash_manifest",
                                                          "sdp", "concat", "mpjpeg"};
    const std::string_view format = input.iformat->name;
    const bool is_other = std::any_of(kOtherSizes.begin(), kOtherSizes.end(),
                                      [&](std::string_view name) { return format.starts_with(name); });
    return !is_other && avio_size(input.pb) > 0;
}

bool is_called_web_page(const AVFormatContext& input) {
    return announces_web_page(input.pb);
}

Error web_page_error(const std::string& name) {
    return Error(
        name +
        ": is a web page, expected the address of the video, picture or stream in it; a browser copies it "
        "from the menu of the right mouse button");
}

bool is_unannounced_end(int error, AVIOContext& io) {
    return error == AVERROR(EIO) && avio_size(&io) < 0;
}

std::string read_remote(const std::string& name, std::size_t most, const std::stop_token& stop) {
    RemoteBytes io;
    int result = open_bytes(name, &stop, io);
    std::string bytes;
    std::vector<unsigned char> piece(1 << 16);
    while (result >= 0 && bytes.size() <= most) {
        result = avio_read(io.get(), piece.data(), static_cast<int>(piece.size()));
        if (result > 0)
            bytes.append(reinterpret_cast<const char*>(piece.data()), static_cast<std::size_t>(result));
    }
    if (result != AVERROR_EOF && !(io && is_unannounced_end(result, *io)))
        throw Error(shown_name(name) + ": cannot be read (" +
                    (result < 0 ? reason(result) : std::string("too large")) + ")");
    return bytes;
}

std::string start_of_remote(const std::string& name, const std::stop_token& stop) {
    constexpr std::size_t kStart = 192;
    std::string bytes(kStart, '\0');
    RemoteBytes io;
    if (!ask_again(name, &stop, io)) return {};
    const int read =
        avio_read(io.get(), reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(kStart));
    bytes.resize(static_cast<std::size_t>(std::max(0, read)));
    return bytes;
}

}  // namespace emotion::media::libav
