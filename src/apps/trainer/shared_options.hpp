#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include <CLI/CLI.hpp>

namespace emotion::apps {

// Options shared by several trainer commands, with the same help.

/// One less than the maximum, to which CLI11 saturates larger values.
inline constexpr auto kMaxSeed = std::numeric_limits<std::int64_t>::max() - 1;

CLI::Option* add_file(CLI::App& command, const std::string& name, std::filesystem::path& file,
                      const std::string& description);
CLI::Option* add_folder(CLI::App& command, const std::string& name, std::filesystem::path& folder,
                        const std::string& description);
CLI::Option* add_card(CLI::App& command, const std::string& name, std::filesystem::path& card,
                      const std::string& description);
template <typename Number>
struct Limits {
    Number min, max;  ///< both allowed
};
/// Omits the limits from the help to keep its lines short.
template <typename Number>
void add_number(CLI::App& command, const std::string& name, Number& number,
                const std::type_identity_t<Limits<Number>>& limits, const std::string& description) {
    command.add_option(name, number, description)
        ->type_name("N")
        ->check(CLI::Range(limits.min, limits.max).description(""));
}

void add_threads(CLI::App& command, int& threads);
void add_quiet(CLI::App& command, bool& quiet);
void add_exclude(CLI::App& command, std::filesystem::path& list);
void add_votes(CLI::App& command, std::vector<std::filesystem::path>& tables);
/// For commands that use a recipe for nothing else.
void add_recipe_of_votes(CLI::App& command, std::filesystem::path& recipe);
void add_measured_data(CLI::App& command, std::filesystem::path& data, std::string& split);
void add_detect(CLI::App& command, bool& detect);
void add_report(CLI::App& command, std::filesystem::path& folder);

/// Checks options that must fit each other, once all of a command are read. Throws ConfigError for a --report
/// in the data, and for --split of a table.
void check_shared_options(const CLI::App& command);

}  // namespace emotion::apps
