#include <cstddef>
#include <cstdint>

#include "fuzz/one_line_errors.hpp"
#include "media/quiet_stderr.hpp"
#include "ml/network/graph.hpp"
#include "model/model_files.hpp"
#include "model/scorer.hpp"

/// Weights of a card, up to the first score; and read back for fine-tuning, where they must be written so
/// that they read back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    [[maybe_unused]] static const bool quiet = (emotion::media::filter_stderr(), true);  // like the programs
    static const auto card = [] {
        emotion::model::ModelCard two_classes;
        two_classes.classes = {"happy", "fear"};
        return two_classes;
    }();
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    emotion::expect_result_or_one_line("weights.onnx", [&] {
        const auto scorer = emotion::model::make_scorer(card, bytes, "weights.onnx");
        scorer->score(cv::Mat(card.crop.height, card.crop.width, CV_8UC1, cv::Scalar(128)));
    });
    emotion::expect_result_or_one_line("weights.onnx", [&] {
        const auto written = emotion::model::onnx_bytes(emotion::model::read_graph(bytes, "weights.onnx"));
        emotion::expect(
            emotion::model::onnx_bytes(emotion::model::read_graph(written, "weights.onnx")) == written,
            "weights do not read back as they were written");
    });
    return 0;
}
