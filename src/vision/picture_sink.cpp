#include <vector>

#include <opencv2/imgcodecs.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "vision/quiet_stderr.hpp"
#include "vision/sinks.hpp"

namespace emotion {
namespace {

class PictureSink : public FrameSink {
  public:
    explicit PictureSink(const std::filesystem::path& target) : target_(target), file_(target) {
        if (!cv::haveImageWriter(target.string()))
            throw Error(target.string() +
                        ": the OpenCV of this system cannot write pictures of this kind, "
                        "expected another ending, such as .png");
    }

    using FrameSink::write;
    void write(const FrameResult&, const cv::Mat& canvas) override {
        std::vector<unsigned char> bytes;
        bool encoded = false;
        try {
            const QuietStderr quiet;
            encoded = cv::imencode(target_.extension().string(), canvas, bytes);
        } catch (const cv::Exception&) {  // what OpenCV says of it names lines of its own code
        }
        if (!encoded)
            throw Error(target_.string() + ": " + std::to_string(canvas.cols) + "x" +
                        std::to_string(canvas.rows) +
                        " pixels cannot be written in this format, expected another ending, such as .png");
        file_.stream().write(reinterpret_cast<const char*>(bytes.data()),
                             static_cast<std::streamsize>(bytes.size()));
        written_ = true;
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

}  // namespace emotion
