#include "training/data/class_folders.hpp"

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>

#include "base/clutter.hpp"
#include "base/entered_folders.hpp"
#include "base/error.hpp"
#include "base/join.hpp"
#include "training/data/split_names.hpp"

namespace emotion::training {
namespace {

std::vector<std::filesystem::directory_entry> list(const std::filesystem::path& folder) {
    std::error_code failed;
    std::vector<std::filesystem::directory_entry> entries;
    for (std::filesystem::directory_iterator entry(folder, failed), end; !failed && entry != end;
         entry.increment(failed))
        if (!is_clutter(entry->path())) entries.push_back(*entry);
    if (failed) throw Error(folder.string() + ": cannot be listed: " + failed.message());
    std::sort(entries.begin(), entries.end());
    return entries;
}

/// The files of a class folder and of the folders in it.
class ClassWalk {
  public:
    explicit ClassWalk(const std::filesystem::path& root) : entered_(root) {
        enter_folders(root);
        add_files(root);
    }

    std::vector<std::filesystem::path> take_files() { return std::move(files_); }

  private:
    /// Enters the folders below one that are no links, before any link to them, under whose name their files
    /// would be listed otherwise.
    void enter_folders(const std::filesystem::path& folder) {
        std::error_code ignored;
        for (const auto& entry : list(folder))
            if (!entry.is_symlink(ignored) && entry.is_directory(ignored) && entered_.enter(entry.path())) {
                own_.insert(entry.path());
                enter_folders(entry.path());
            }
    }

    void add_files(const std::filesystem::path& folder) {
        std::error_code ignored;
        const auto entries = list(folder);
        for (const auto& entry : entries)
            if (!entry.is_directory(ignored)) files_.push_back(entry.path());
        for (const auto& entry : entries) {
            if (!entry.is_directory(ignored)) continue;
            if (!entry.is_symlink(ignored)) {
                if (own_.contains(entry.path())) add_files(entry.path());
            } else if (entered_.enter(entry.path())) {
                enter_folders(entry.path());
                add_files(entry.path());
            }
        }
    }

    EnteredFolders entered_;
    std::set<std::filesystem::path> own_;  ///< entered, and no links
    std::vector<std::filesystem::path> files_;
};

ClassFolder read_class(const std::string& name, const std::filesystem::path& folder) {
    ClassFolder found{name, {}, {folder.has_filename() ? folder : folder.parent_path()}};
    found.files = ClassWalk(folder).take_files();
    return found;
}

/// The path relative to the class folder; empty for a file outside of it.
std::filesystem::path within(const std::filesystem::path& root, const std::filesystem::path& file) {
    const auto [end, rest] = std::mismatch(root.begin(), root.end(), file.begin(), file.end());
    std::filesystem::path path;
    if (end != root.end()) return path;
    for (auto part = rest; part != file.end(); ++part) path /= *part;
    return path;
}

std::filesystem::path within(const ClassFolder& folder, const std::filesystem::path& file) {
    for (const auto& root : folder.roots)
        if (auto path = within(root, file); !path.empty()) return path;
    return {};
}

}  // namespace

std::string ClassFolder::name_of(const std::filesystem::path& file) const {
    auto path = within(*this, file);
    if (path.empty()) path = roots.empty() ? file : file.lexically_proximate(roots.front());
    return name + "/" + path.string();
}

void ClassFolder::add(const ClassFolder& other) {
    files.insert(files.end(), other.files.begin(), other.files.end());
    roots.insert(roots.end(), other.roots.begin(), other.roots.end());
}

std::string subfolders_text(const std::vector<ClassFolder>& folders) {
    constexpr std::size_t kNamed = 3;
    std::string text;
    for (const auto& folder : folders) {
        std::vector<std::string> names;
        std::size_t nested = 0;
        for (const auto& file : folder.files) {
            const auto parent = within(folder, file).parent_path().string();
            if (parent.empty()) continue;
            ++nested;
            if (names.empty() || names.back() != parent) names.push_back(parent);
        }
        if (nested == 0) continue;
        auto first = names;
        first.resize(std::min(names.size(), kNamed));
        text += (text.empty() ? "" : ", ") + std::to_string(nested) + " of the " +
                std::to_string(folder.files.size()) + " files of " + folder.name +
                (nested == 1 ? " is in " : " are in ") +
                (names.size() == 1 ? "a folder" : std::to_string(names.size()) + " folders") +
                (nested == 1 ? " of its own (" : " of their own (") + join(first) +
                (names.size() > kNamed ? ", ..." : "") + ")";
    }
    return text;
}

std::vector<ClassFolder> list_class_folders(const std::filesystem::path& folder) {
    std::vector<ClassFolder> classes;
    std::error_code ignored;
    for (const auto& entry : list(folder))
        if (entry.is_directory(ignored))
            classes.push_back(read_class(entry.path().filename().string(), entry.path()));
    if (classes.empty())
        throw Error(folder.string() + ": holds no folders, expected one for each class with its pictures");
    return classes;
}

ClassFolder list_pictures_of_class(const std::string& name, const std::filesystem::path& folder) {
    if (name.empty() || name.front() == '.' || name.find_first_of("/\\") != std::string::npos)
        throw ConfigError(name + "=" + folder.string() + ": expected CLASS=DIR, or a folder that exists");
    auto pictures = read_class(name, folder);
    if (pictures.files.empty()) throw ConfigError(folder.string() + ": holds no files, expected pictures");
    return pictures;
}

std::vector<std::string> names_of(const std::vector<ClassFolder>& folders) {
    std::vector<std::string> names;
    for (const auto& folder : folders) names.push_back(folder.name);
    return names;
}

std::filesystem::path find_split(const std::filesystem::path& data, const std::string& split,
                                 const std::string& fallback) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(data, ignored))
        throw Error(data.string() + ": no such folder, expected one that holds a folder for each class");
    if (split.empty()) {
        if (fallback.empty()) return data;
        if (std::filesystem::is_directory(data / fallback, ignored)) return data / fallback;
        // Otherwise the parts of the data would be taken for classes.
        if (const auto misnamed = misnamed_splits(data, fallback); !misnamed.empty())
            throw Error(misnamed.front().string() + ": expected the name " + fallback +
                        " for this part of the data; rename the folder");
        return data;
    }
    if (!std::filesystem::is_directory(data / split, ignored))
        throw Error((data / split).string() + ": no such folder, expected the part of the data named " +
                    split);
    return data / split;
}

}  // namespace emotion::training
