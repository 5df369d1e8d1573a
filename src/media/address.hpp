#pragma once

#include <string>
#include <string_view>

namespace emotion::media {

/// Whether a name is a stream's address.
bool is_url(std::string_view name);

/// The path that an address of a file on this machine means ("file:///clips/a%20b.mp4"), as file managers
/// hand it over; any other name as it is.
std::string local_path(const std::string& name);

/// A source's name as it may be shown and written: an address without user, password, and all of its query
/// but what tells one camera of a server from another (a channel, a size); any other name as it is. Nothing
/// but opening it needs the whole.
std::string shown_name(const std::string& name);

}  // namespace emotion::media
