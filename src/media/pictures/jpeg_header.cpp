#include <algorithm>

#include "media/pictures/header_readers.hpp"
#include "media/stored_numbers.hpp"

namespace emotion::media {
namespace {

constexpr std::int64_t kRestart = 0xd0, kLastRestart = 0xd7, kStart = 0xd8, kEnd = 0xd9, kScan = 0xda,
                       kRestartInterval = 0xdd, kExif = 0xe1, kFill = 0xff;

/// SOF0 to SOF15 except DHT, JPG and DAC (ITU-T T.81, table B.1).
bool is_frame(std::int64_t marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/// Whether a marker may end a scan: tables, another scan, application data, a comment, or the end.
bool may_follow_scan(std::int64_t marker) {
    const bool tables = marker == 0xc4 || marker == 0xcc || (marker >= 0xdb && marker <= 0xdd);
    return tables || marker == kEnd || marker == kScan || (marker >= 0xe0 && marker <= 0xef) ||
           marker == 0xfe;
}

/// The coded data of a scan.
struct ScanData {
    std::size_t end = 0;   ///< offset of the marker after it
    bool damaged = false;  ///< it has a marker that no encoder writes there
};

/// Coded data has no marker except restarts, which count from 0 to 7 and only exist with an interval. Damage
/// in between goes unnoticed here unless it looks like a marker.
ScanData read_scan(std::string_view bytes, std::size_t at, bool restarts) {
    ScanData scan{bytes.size(), false};
    std::int64_t next_restart = kRestart;
    for (at = bytes.find('\xff', at); at != std::string_view::npos && at + 1 < bytes.size();
         at = bytes.find('\xff', at + 1)) {
        const auto marker = big_endian(bytes, at + 1, 1);
        if (marker == 0 || marker == kFill) continue;
        if (marker >= kRestart && marker <= kLastRestart) {
            scan.damaged = scan.damaged || !restarts || marker != next_restart;
            next_restart = marker == kLastRestart ? kRestart : marker + 1;
            continue;
        }
        if (may_follow_scan(marker)) {
            scan.end = at;
            break;
        }
        scan.damaged = true;  // the scan most likely goes on behind it
    }
    return scan;
}

}  // namespace

PictureHeader jpeg_header(std::string_view bytes) {
    PictureHeader header;
    bool restarts = false, scanned = false;
    for (std::size_t at = 2; at + 1 < bytes.size();) {
        if (bytes[at] != '\xff') {  // decoders skip to the next marker
            header.damaged = header.damaged || scanned;
            at = std::min(bytes.find('\xff', at), bytes.size());
            continue;
        }
        const auto marker = big_endian(bytes, at + 1, 1);
        if (marker == kEnd) return header;
        if (marker <= 1 || (marker >= kRestart && marker <= kStart) || marker == kFill) {  // no segment
            at += marker == kFill ? 1 : 2;
            continue;
        }
        const auto length = static_cast<std::size_t>(big_endian(bytes, at + 2, 2));
        if (is_frame(marker) && header.width == 0) {
            header.width = big_endian(bytes, at + 7, 2);
            header.height = big_endian(bytes, at + 5, 2);
        }
        if (marker == kRestartInterval) restarts = big_endian(bytes, at + 4, 2) > 0;
        if (marker == kExif && at + 4 < bytes.size())
            read_exif(bytes.substr(at + 4, std::max<std::size_t>(length, 2) - 2), at + 4, header);
        at += 2 + length;
        if (marker != kScan) continue;
        const auto scan = read_scan(bytes, std::min(at, bytes.size()), restarts);
        header.damaged = header.damaged || scan.damaged;
        scanned = true;
        at = scan.end;
    }
    header.cut_short = true;
    return header;
}

}  // namespace emotion::media
