#pragma once

#include <string>
#include <string_view>

namespace emotion::media {

/// Whether a name is a stream's address.
bool is_url(std::string_view name);

/// A source's name as it may be shown and written: an address without user, password, and all of its query
/// but what tells one camera of a server from another (a channel, a size); any other name as it is. Nothing
/// but opening it needs the whole.
std::string shown_name(const std::string& name);

}  // namespace emotion::media
