#include "media/video/tail_packets.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace emotion::media {

void TailPackets::add(AVPacket& packet) {
    if (std::exchange(empty_, false)) coded_before_shown_ = packet.pts - packet.dts;
    if (!held_.empty() && packet.pts > held_.front()->pts) {
        for (auto& held : held_) write_(*held);
        held_.clear();
    }
    libav::Packet taken(av_packet_alloc());
    if (!taken) throw std::bad_alloc();
    av_packet_move_ref(taken.get(), &packet);
    held_.push_back(std::move(taken));
}

void TailPackets::finish(std::int64_t last_duration, bool by_coding) {
    if (held_.empty()) return;
    auto& shown_last = *held_.front();
    auto& coded_last = *held_.back();
    shown_last.duration = std::max<std::int64_t>(1, last_duration);
    const auto end = shown_last.pts + shown_last.duration;
    if (by_coding) {
        // A single duration serves both sums: where it would be too long for display, the picture starts
        // later instead.
        const auto coded_end = end - coded_before_shown_;
        coded_last.duration =
            std::max<std::int64_t>(1, std::min(coded_end - coded_last.dts, end - coded_last.pts));
        coded_last.dts = std::max(coded_last.dts, coded_end - coded_last.duration);
    }
    for (auto& held : held_) write_(*held);
    held_.clear();
}

}  // namespace emotion::media
