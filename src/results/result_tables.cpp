#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "results/output_table.hpp"
#include "results/result_text.hpp"
#include "results/text_output.hpp"

namespace emotion::results {
namespace {

/// A text output with lines per frame. For a recording it is moved into place when finished, for a live
/// source it grows in place. A table shared by all sources is opened with the first frame, so that a source
/// without frames does not replace an existing table.
class ResultTable : public FrameOutput {
  public:
    using TextOf = std::function<std::string(const faces::FrameResult&)>;

    ResultTable(std::string target, std::string header, TextOf text_of, Scope scope)
        : target_(std::move(target)),
          header_(std::move(header)),
          text_of_(std::move(text_of)),
          scope_(scope) {}

    void start(const media::SourceInfo& source) override {
        if (file_) return;
        const bool live = source.kind == media::SourceKind::kLive;
        growth_ = live ? TextOutput::Growth::kInPlace : TextOutput::Growth::kBeside;
        if (scope_ != Scope::kRun) open();
    }
    void write(const faces::FrameResult& result, drawing::Canvas&) override {
        if (!file_) open();
        file_->write(text_of_(result));
    }
    void finish() override {
        if (file_) file_->finish();
    }

  private:
    void open() {
        file_.emplace(target_, growth_);
        if (!header_.empty()) file_->write(header_);
    }

    const std::string target_, header_;
    const TextOf text_of_;
    const Scope scope_;
    TextOutput::Growth growth_ = TextOutput::Growth::kBeside;
    std::optional<TextOutput> file_;
};

}  // namespace

std::unique_ptr<FrameOutput> make_json_lines(const std::string& target, const OutputContext& context) {
    return std::make_unique<ResultTable>(
        target, "",
        [classes = context.card.classes](const auto& result) { return json_line(result, classes); },
        context.scope);
}

std::unique_ptr<FrameOutput> make_csv_table(const std::string& target, const OutputContext& context) {
    return std::make_unique<ResultTable>(
        target, csv_header(context.card.classes),
        [classes = context.card.classes](const auto& result) { return csv_rows(result, classes); },
        context.scope);
}

}  // namespace emotion::results
