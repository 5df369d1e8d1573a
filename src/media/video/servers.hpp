#pragma once

#include <cstddef>
#include <stop_token>
#include <string>

#include "media/video/libav.hpp"

// What concerns the servers of URLs, rather than files.

namespace emotion::media::libav {

/// Sets how long to wait for a server, and more, for opening a URL.
void set_network_options(Dictionary& options);

/// A URL as FFmpeg expects it, which knows protocols only in lower case.
std::string remote_url(const std::string& name);

/// The reason why a URL cannot be opened, for an FFmpeg error code.
Error remote_error(const std::string& url, int failed, const std::stop_token* stop);

/// Whether the server of an open URL says how much it sends, so that there is an end even if the container
/// does not say when. False where that is the size of a list or description of streams, and for pictures in
/// parts, which a camera sends without end whatever it says.
bool has_known_size(const AVFormatContext& input);

/// Whether the server of an open URL says that it sends a web page. Some say so of pictures, too.
bool is_called_web_page(const AVFormatContext& input);

/// The error about a web page that was given as a source.
Error web_page_error(const std::string& name);

/// Whether reading failed where the server closed the connection without having said how much it sends, which
/// may be the end.
bool is_unannounced_end(int error, AVIOContext& io);

/// Reads all the bytes at a URL. Throws Error naming it, also for more than `most`.
std::string read_remote(const std::string& name, std::size_t most, const std::stop_token& stop);

/// The first bytes that an HTTP server sends for a URL, enough for the brands of a picture; empty if it
/// cannot be read, and for other protocols, whose senders may not begin anew.
std::string start_of_remote(const std::string& name, const std::stop_token& stop);

}  // namespace emotion::media::libav
