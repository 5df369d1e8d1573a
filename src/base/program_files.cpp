#include "base/program_files.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>
#include <vector>

#include <dlfcn.h>
#include <unistd.h>

#include "base/error.hpp"

#ifdef __APPLE__
#include <mach-o/dyld.h>
#endif

namespace emotion {
namespace {

/// Empty if the system does not provide it.
std::filesystem::path running_program() {
    std::error_code ignored;
#ifdef __APPLE__
    std::uint32_t size = 0;
    _NSGetExecutablePath(nullptr, &size);
    std::string path(size, '\0');
    _NSGetExecutablePath(path.data(), &size);
    return std::filesystem::canonical(path.c_str(), ignored);
#else
    return std::filesystem::read_symlink("/proc/self/exe", ignored);
#endif
}

/// The program or shared library that contains this code; empty if the system does not provide it.
std::filesystem::path this_binary() {
    Dl_info info{};
    std::error_code ignored;
    if (!dladdr(reinterpret_cast<const void*>(&running_program), &info) || !info.dli_fname) return {};
    return std::filesystem::canonical(info.dli_fname, ignored);
}

std::vector<std::filesystem::path> data_folders() {
    std::vector<std::filesystem::path> folders;
    if (const char* named = std::getenv("EMOTION_DETECTOR_DATA"); named && *named)
        folders.emplace_back(named);
    const auto add = [&](const std::filesystem::path& prefix) {
        const auto folder = prefix / "share" / "emotion-detector";
        if (std::find(folders.begin(), folders.end(), folder) == folders.end()) folders.push_back(folder);
    };
    if (const auto program = running_program(); !program.empty()) add(program.parent_path().parent_path());
    if (const auto binary = this_binary(); !binary.empty()) {
        const auto prefix = binary.parent_path().parent_path();  // of lib/
        add(prefix);
        if (prefix.filename() == "lib") add(prefix.parent_path());  // of lib/<architecture>/
    }
    return folders;
}

}  // namespace

std::filesystem::path find_program_file(const std::filesystem::path& name) {
    std::string searched;
    for (const auto& folder : data_folders()) {
        const auto file = folder / name;
        if (::access(file.c_str(), R_OK) == 0) return file;
        if (errno == EACCES)
            throw Error(file.string() + ": may not be read by this user; fix it with chmod -R a+rX " +
                        folder.string() +
                        " (and chmod a+x for the folders above it), or set EMOTION_DETECTOR_DATA to a copy "
                        "of that folder");
        searched += (searched.empty() ? "" : ", ") + folder.string();
    }
    throw Error(name.string() + ": not found in " + searched +
                "; reinstall the program or set EMOTION_DETECTOR_DATA to its data folder");
}

}  // namespace emotion
