#pragma once

#include <string>
#include <string_view>

namespace emotion::media {

/// Whether a name is a URL.
bool is_url(std::string_view name);

/// The name of standard input.
inline constexpr const char* kStandardInput = "/dev/stdin";

/// The path in a URL of a local file ("file:///clips/a%20b.mp4"), as file managers pass it, and that of
/// standard input ("-", "pipe:0"); any other name unchanged.
std::string local_path(const std::string& name);

/// A source's name for display and output: a URL, or each in a list of them ("concat:"), without user,
/// password, query and parameters, except for keys that select a camera of a server (a channel, a size). Of
/// a part of the path that looks like a generated key, only the start is shown ("K9a7-hidden"). The user and
/// password of a URL without its scheme are left out if there is no such file; any other name is unchanged.
std::string shown_name(const std::string& name);

}  // namespace emotion::media
