#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "apps/detector/options.hpp"
#include "apps/common/overlaps.hpp"
#include "apps/common/source_list.hpp"

namespace emotion::apps {

/// The files that hold the results of one source alone; nullopt: none.
struct SourceFiles {
    std::optional<std::filesystem::path> annotated;
    std::optional<std::string> jsonl, csv, subtitles, timeline, summary;
};

/// Tells later runs by a hidden file beside each of these that they are to be done again. Call it before
/// results that are cut short are put in place.
void mark_cut_short(const SourceFiles& files);

/// Call it when as many results are in place as can be. Whether they are `whole`, all of them: otherwise
/// those that are there stay marked, or become so.
void settle_marks(const SourceFiles& files, bool whole);

/// Says which file each source's results go to. Every output is one file, or a folder with one for each
/// source, under the names and in the tree that the sources have in the folder named for them.
class OutputPlan {
  public:
    /// An output is a folder if it is one already, ends in a slash, or is of the kind that sources cannot
    /// share and there are `several`. Throws ConfigError if several sources would share such a file, a name
    /// does not end as its kind does, or two outputs are one file.
    OutputPlan(const DetectorOptions& options, bool several);

    /// What all sources share; nullopt: nothing, or one for each.
    std::optional<std::string> shared_jsonl() const { return jsonl_.shared(); }
    std::optional<std::string> shared_csv() const { return csv_.shared(); }
    std::optional<std::string> shared_summary() const { return summary_.shared(); }
    /// All of these as on the command line, "--csv all.csv".
    std::vector<std::string> all_shared() const;

    /// From now on none of these files is replaced by results; `others` are read besides the sources. Throws
    /// ConfigError if an output that is one file would.
    void protect(const std::vector<Source>& sources, const std::vector<NamedFile>& others);

    /// The files of a source, their folders made where they can be; `is_picture` is false of whatever moves.
    /// Throws Error if a file would replace what is read or another result.
    SourceFiles claim(const Source& source, bool is_picture);

    /// Whether something is written for each source alone, and all of it is there for this one, not cut
    /// short.
    bool is_done(const Source& source, bool is_picture) const;
    /// Whether `file`, found in `folder` or below, lies in a folder of outputs inside it.
    bool holds(const std::filesystem::path& file, const std::filesystem::path& folder) const;

  private:
    enum class Kind { kNone, kShared, kOwn, kFolder };  ///< own: the only source's file
    struct Output {
        const char* option = "";
        Kind kind = Kind::kNone;
        std::filesystem::path path;

        bool is_file() const { return kind == Kind::kShared || kind == Kind::kOwn; }
        std::string named() const { return option + (" " + path.string()); }
        std::optional<std::string> shared() const;
        std::optional<std::filesystem::path> file_of(const std::filesystem::path& name) const;
    };
    static Output plan(const char* option, const std::optional<std::string>& named, bool several,
                       bool shareable, void (*check_name)(const std::string&) = nullptr);

    SourceFiles files_of(const Source& source, bool is_picture) const;
    std::array<const Output*, 7> outputs() const;

    Output annotated_, jsonl_, csv_, subtitles_, timeline_, summary_, stats_;
    // By the files' identities:
    std::map<std::string, std::string> taken_;  ///< which source or option each is written for
    std::map<std::string, std::string> read_;   ///< what each is
};

}  // namespace emotion::apps
