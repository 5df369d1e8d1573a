#include "results/result_tables.hpp"

#include <utility>

#include "results/attempts.hpp"
#include "results/result_text.hpp"

namespace emotion::results {

ResultTables::ResultTables(const std::optional<std::string>& jsonl, const std::optional<std::string>& csv,
                           std::vector<std::string> classes, TextOutput::Growth growth)
    : classes_(std::move(classes)) {
    if (jsonl) jsonl_.emplace(*jsonl, growth);
    if (csv) csv_.emplace(*csv, growth).write(csv_header(classes_));
}

void ResultTables::write(const faces::FrameResult& result) {
    if (jsonl_) jsonl_->write(json_line(result, classes_));
    if (csv_) csv_->write(csv_rows(result, classes_));
}

void ResultTables::finish() {
    Attempts attempts;
    if (jsonl_) attempts.make([&] { jsonl_->finish(); });
    if (csv_) attempts.make([&] { csv_->finish(); });
    attempts.rethrow();
}

}  // namespace emotion::results
