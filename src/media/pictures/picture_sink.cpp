#include "base/error.hpp"
#include "base/files.hpp"
#include "media/pictures/picture.hpp"
#include "media/pictures/picture_codecs.hpp"
#include "media/sinks.hpp"

namespace emotion::media {
namespace {

class PictureSink : public FrameSink {
  public:
    explicit PictureSink(const std::filesystem::path& target) : target_(target), file_(target) {
        if (!picture_codecs().has_writer(target.string()))
            throw Error(target.string() +
                        ": the OpenCV of this system cannot write pictures of this kind, "
                        "expected another ending, such as .png");
    }

    using FrameSink::write;
    void write(double, const cv::Mat& canvas) override try {
        file_.stream() << picture_bytes(canvas, target_.extension().string());
        written_ = true;
    } catch (const Error& error) {
        throw Error(target_.string() + ": " + error.what());
    }

    void finish() override {
        if (written_) file_.commit();
    }

  private:
    std::filesystem::path target_;
    OutputFile file_;
    bool written_ = false;
};

}  // namespace

std::unique_ptr<FrameSink> make_picture_sink(const std::filesystem::path& target) {
    return std::make_unique<PictureSink>(target);
}

}  // namespace emotion::media
