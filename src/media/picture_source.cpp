#include <system_error>
#include <utility>

#include <opencv2/imgcodecs.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "media/picture.hpp"
#include "media/quiet_stderr.hpp"
#include "media/sources.hpp"

namespace emotion::media {
namespace {

class PictureSource : public FrameSource {
  public:
    PictureSource(const std::string& name, std::vector<std::filesystem::path> files, Notes notes)
        : files_(std::move(files)), notes_(std::move(notes)) {
        pending_ = read_next();
        if (pending_.empty()) throw Error(name + ": holds no picture, expected a folder of pictures");
        info_.name = name;
        info_.width = pending_.cols;
        info_.height = pending_.rows;
        info_.frames = static_cast<std::int64_t>(files_.size());
        info_.time_base = {1, 1};
    }

    const SourceInfo& info() const override { return info_; }

    std::optional<Frame> next() override {
        cv::Mat picture = pending_.empty() ? read_next() : std::exchange(pending_, {});
        if (picture.empty()) return std::nullopt;
        const auto index = next_index_++;
        return Frame{std::move(picture), index, static_cast<double>(index)};
    }

  private:
    /// The next picture that can be read; empty at the end.
    cv::Mat read_next() {
        while (next_file_ < files_.size()) {
            const auto& file = files_[next_file_++];
            try {
                if (!is_picture_file(file)) throw Error(file.string() + ": is not a picture");
                return read_picture(file.string());
            } catch (const Error& error) {
                if (files_.size() == 1) throw;
                if (notes_) notes_(std::string(error.what()) + ", left out");
            }
        }
        return {};
    }

    const std::vector<std::filesystem::path> files_;
    Notes notes_;
    SourceInfo info_;
    std::size_t next_file_ = 0;
    std::int64_t next_index_ = 0;
    cv::Mat pending_;
};

}  // namespace

bool is_picture_file(const std::filesystem::path& path) {
    const auto ending = lower_ending(path);
    // Their first frame is a picture to some versions of OpenCV, yet they move.
    if (ending == ".gif" || ending == ".mjpg" || ending == ".mjpeg") return false;
    std::error_code failed;
    if (!std::filesystem::is_regular_file(path, failed)) return false;  // a pipe would lose what is read
    const QuietStderr quiet;
    return cv::haveImageReader(path.string());
}

std::unique_ptr<FrameSource> open_pictures(const std::string& name, std::vector<std::filesystem::path> files,
                                           Notes notes) {
    return std::make_unique<PictureSource>(name, std::move(files), std::move(notes));
}

}  // namespace emotion::media
