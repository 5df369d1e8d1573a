#include "base/files.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/one_line.hpp"
#include "base/sha256.hpp"

namespace emotion {
namespace {

std::string reason() {
    return std::strerror(errno);
}

/// The bytes must be on disk before the rename, or a crash could leave an empty target.
bool flush_to_disk(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY);
    if (file < 0) return false;
    const bool flushed = ::fsync(file) == 0;
    ::close(file);
    return flushed;
}

std::filesystem::path part_path(const std::filesystem::path& target) {
    constexpr std::size_t kMaxExtension = 16;
    const auto extension = target.extension().string();
    return target.parent_path() /
           ("." + shortened(target.filename().string()) + "." + std::to_string(::getpid()) + ".part" +
            (extension.size() <= kMaxExtension ? extension : ""));
}

}  // namespace

std::string shortened(const std::string& name) {
    constexpr std::size_t kMaxBytes = 80;
    if (name.size() <= kMaxBytes) return name;
    return std::string(utf8_prefix(name, kMaxBytes)) + "~" + sha256(name).substr(0, 8);
}

bool is_regular_or_new(const std::filesystem::path& path) {
    std::error_code failed;
    const auto status = std::filesystem::status(path, failed);
    return !std::filesystem::exists(status) || std::filesystem::is_regular_file(status);
}

std::string read_file(const std::filesystem::path& path, std::uintmax_t max_bytes,
                      std::string_view expected) {
    const auto fail = [&](const std::string& problem) {
        return Error(path.string() + ": " + problem + ", expected " + std::string(expected));
    };
    std::error_code failed;
    const auto status = std::filesystem::status(path, failed);
    if (status.type() == std::filesystem::file_type::not_found) throw fail("no such file");
    if (failed) throw Error(path.string() + ": cannot be read: " + failed.message());
    if (std::filesystem::is_directory(status)) throw fail("is a folder");
    // A pipe from the shell (<(...), /dev/stdin) has a writer; reading any other could block forever.
    if (std::filesystem::is_fifo(status) && !path.native().starts_with("/dev/")) throw fail("is a pipe");
    if (std::filesystem::is_socket(status)) throw fail("is a socket");
    const auto size = std::filesystem::is_regular_file(status) ? std::filesystem::file_size(path, failed) : 0;
    if (size > max_bytes)
        throw Error(path.string() + ": holds " + std::to_string(size) + " bytes, expected at most " +
                    std::to_string(max_bytes));
    std::ifstream in(path, std::ios::binary);
    if (!in) throw Error(path.string() + ": cannot be read: " + reason());
    std::string content;
    content.reserve(size);
    char block[1 << 16];
    while (in.read(block, sizeof block) || in.gcount() > 0) {
        content.append(block, static_cast<std::size_t>(in.gcount()));
        if (content.size() > max_bytes)
            throw Error(path.string() + ": holds more than " + std::to_string(max_bytes) + " bytes");
    }
    if (in.bad()) throw Error(path.string() + ": cannot be read: " + reason());
    return content;
}

std::filesystem::path plain_path(const std::filesystem::path& path) {
    return std::filesystem::absolute(path).lexically_normal();
}

std::string lower_ending(const std::filesystem::path& file) {
    return lower_case(file.extension().string());
}

PartFile::PartFile(std::filesystem::path target) : target_(std::move(target)) {
    std::error_code absent;
    // One by one, because what a link names need not be there yet.
    constexpr int kMaxLinks = 40;
    for (int links = 0; std::filesystem::is_symlink(target_, absent); ++links) {
        if (links == kMaxLinks)
            throw Error(target_.string() + ": cannot be written: it is a link that leads back to itself");
        target_ = target_.parent_path() / std::filesystem::read_symlink(target_, absent);
    }
    const auto status = std::filesystem::status(target_, absent);
    if (absent == std::errc::filename_too_long)
        throw Error(target_.string() + ": cannot be written: " + absent.message());
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
        throw Error(target_.string() + ": cannot be written: it is not an ordinary file");
    if (const auto folder = target_.parent_path();
        !folder.empty() && !std::filesystem::exists(folder, absent) && !absent)
        throw Error(target_.string() + ": cannot be written: there is no folder " + folder.string() +
                    ", make it first");
    part_ = part_path(target_);
}

PartFile::~PartFile() {
    if (part_.empty()) return;
    std::error_code ignored;
    std::filesystem::remove(part_, ignored);
}

void PartFile::commit() {
    if (!flush_to_disk(part_))
        throw Error(target_.string() + ": could not be written completely: " + reason());
    std::error_code failed;
    std::filesystem::rename(part_, target_, failed);
    if (failed) throw Error(target_.string() + ": cannot be put in place: " + failed.message());
    part_.clear();
}

OutputFile::OutputFile(const std::filesystem::path& target)
    : target_(target), part_(target), stream_(part_.path(), std::ios::binary) {
    if (!stream_) throw Error(target_.string() + ": cannot be written: " + reason());
}

void OutputFile::commit() {
    stream_.close();
    if (!stream_) throw Error(target_.string() + ": could not be written completely: " + reason());
    part_.commit();
}

void write_file(const std::filesystem::path& target, std::string_view content) {
    OutputFile file(target);
    file.stream() << content;
    file.commit();
}

}  // namespace emotion
