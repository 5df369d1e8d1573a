#include "training/check/contact_sheets.hpp"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "drawing/drawing.hpp"
#include "drawing/text.hpp"
#include "media/pictures/picture.hpp"
#include "training/evaluation/figure_text.hpp"

namespace emotion::training {
namespace {

constexpr int kColumns = 10;
constexpr std::size_t kMaxTiles = 100;
constexpr int kPicture = 112, kLine = 15, kGap = 4;
constexpr int kTileWidth = kPicture + 2 * kGap;
constexpr int kTileHeight = kPicture + 2 * kLine + 3 * kGap;
constexpr double kTextHeight = 8.0;
const drawing::Color kInk(32, 32, 32), kPaper(255, 255, 255), kTinted(240, 226, 210), kAbsent(160, 160, 160);

void place_picture(const std::filesystem::path& file, cv::Mat place) {
    cv::Mat picture;
    try {
        picture = media::read_picture(file.string());
    } catch (const Error&) {
        place.setTo(kAbsent);
        return;
    }
    const double factor = static_cast<double>(kPicture) / std::max(picture.cols, picture.rows);
    const auto side = [&](int pixels) { return std::max(1, static_cast<int>(std::lround(pixels * factor))); };
    cv::Mat fitted;
    cv::resize(picture, fitted, cv::Size(side(picture.cols), side(picture.rows)), 0, 0,
               factor < 1.0 ? cv::INTER_AREA : cv::INTER_CUBIC);
    fitted.copyTo(place(
        cv::Rect((kPicture - fitted.cols) / 2, (kPicture - fitted.rows) / 2, fitted.cols, fitted.rows)));
}

void place_text(const std::string& text, cv::Mat line) {
    cv::Mat mask = drawing::text_mask(text, kTextHeight);
    if (mask.cols > line.cols) cv::resize(mask, mask, cv::Size(line.cols, mask.rows), 0, 0, cv::INTER_AREA);
    drawing::blend(line, mask, cv::Point(0, 0), kInk);
}

void add_sheet(const std::string& name, std::vector<ContactTile> tiles, const std::filesystem::path& folder,
               std::vector<std::filesystem::path>& written) {
    const auto file = folder / (name + ".png");
    if (tiles.empty()) {  // what an earlier check found there is mended
        std::error_code failed;
        std::filesystem::remove(file, failed);
        return;
    }
    tiles.resize(std::min(tiles.size(), kMaxTiles));
    written.push_back(file);
    write_file(file, media::picture_bytes(draw_contact_sheet(tiles), ".png"));
}

void make_folder(const std::filesystem::path& folder) {
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) throw Error(folder.string() + ": cannot be created: " + failed.message());
}

}  // namespace

cv::Mat draw_contact_sheet(const std::vector<ContactTile>& tiles) {
    const int count = static_cast<int>(tiles.size());
    const int rows = (count + kColumns - 1) / kColumns;
    cv::Mat sheet(rows * kTileHeight, std::min(count, kColumns) * kTileWidth, CV_8UC3, kPaper);
    for (int i = 0; i < count; ++i) {
        const auto& tile = tiles[static_cast<std::size_t>(i)];
        const cv::Point corner(i % kColumns * kTileWidth, i / kColumns * kTileHeight);
        cv::Mat place = sheet(cv::Rect(corner, cv::Size(kTileWidth, kTileHeight)));
        if (tile.group % 2 == 1) place.setTo(kTinted);
        place_picture(tile.file, place(cv::Rect(kGap, kGap, kPicture, kPicture)));
        for (int line = 0; line < std::min(2, static_cast<int>(tile.caption.size())); ++line)
            place_text(tile.caption[static_cast<std::size_t>(line)],
                       place(cv::Rect(kGap, kPicture + 2 * kGap + line * kLine, kPicture, kLine)));
    }
    return sheet;
}

std::vector<std::filesystem::path> write_contact_sheets(const DataCheck& check,
                                                        const std::filesystem::path& folder) {
    make_folder(folder);
    const auto tile_of = [&](std::size_t i, std::string below, std::size_t group) {
        const auto& picture = check.pictures[i];
        return ContactTile{picture.file, {std::move(below), picture.file.stem().string()}, group};
    };
    const auto tiles_where = [&](const auto& predicate) {
        std::vector<ContactTile> tiles;
        for (std::size_t i = 0; i < check.pictures.size(); ++i)
            if (predicate(check.pictures[i]))
                tiles.push_back(tile_of(i, check.classes[check.pictures[i].label], 0));
        return tiles;
    };
    const auto copies = [&](DuplicateKind kind) {
        std::vector<ContactTile> tiles;
        std::size_t number = 0;
        for (const auto& group : check.duplicates) {
            if (check.kind(group) != kind) continue;
            for (const auto i : group.pictures) {
                const auto& split = check.splits[check.pictures[i].split];
                tiles.push_back(tile_of(i, check.classes[check.pictures[i].label] + " " + split, number));
            }
            ++number;
        }
        return tiles;
    };
    std::vector<ContactTile> doubtful;
    for (const auto& label : check.doubtful)
        doubtful.push_back(tile_of(label.picture,
                                   check.classes[check.pictures[label.picture].label] + "? " +
                                       label.suggested + " " + percent_text(label.suggested_probability),
                                   0));

    std::vector<std::filesystem::path> written;
    add_sheet("copies-across-splits", copies(DuplicateKind::kAcrossSplits), folder, written);
    add_sheet("copies-across-classes", copies(DuplicateKind::kAcrossClasses), folder, written);
    add_sheet("copies-within-a-class", copies(DuplicateKind::kWithinClass), folder, written);
    add_sheet("doubtful-labels", std::move(doubtful), folder, written);
    add_sheet("no-face", tiles_where([](const auto& picture) { return picture.no_face; }), folder, written);
    add_sheet("blank", tiles_where([](const auto& picture) { return picture.blank; }), folder, written);
    add_sheet("unusual-size", tiles_where([&](const auto& picture) { return check.unusual_size(picture); }),
              folder, written);
    return written;
}

std::vector<std::filesystem::path> write_contact_sheets(const VoteCheck& votes, const DataCheck& check,
                                                        const std::filesystem::path& folder) {
    make_folder(folder);
    const auto tile_of = [&](std::size_t i, const std::string& below) {
        const auto& picture = check.pictures[i];
        return ContactTile{picture.file, {below, picture.file.stem().string()}, 0};
    };
    std::vector<ContactTile> disagreements, no_agreement;
    for (const auto& one : votes.disagreements)
        disagreements.push_back(tile_of(one.picture, check.classes[check.pictures[one.picture].label] + " " +
                                                         percent_text(one.share_for_label) + ", " +
                                                         one.majority + " " + percent_text(one.share)));
    for (const auto& one : votes.no_agreement)
        no_agreement.push_back(
            tile_of(one.picture, "at most " + one.top_answer + " " + percent_text(one.share)));
    std::vector<std::filesystem::path> written;
    add_sheet("votes-against-folder", std::move(disagreements), folder, written);
    add_sheet("no-agreement", std::move(no_agreement), folder, written);
    return written;
}

}  // namespace emotion::training
