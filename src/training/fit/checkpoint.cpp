#include "training/fit/checkpoint.hpp"

#include <cstring>
#include <type_traits>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/sha256.hpp"

namespace emotion::training {
namespace {

constexpr std::string_view kMagic = "emotion checkpoint 1\n";
constexpr std::size_t kDigestSize = 64;

class Writer {
  public:
    template <typename T>
    void value(const T& value) {
        static_assert(std::is_trivially_copyable_v<T>);
        bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    template <typename Items>
    void items(const Items& items) {
        value(static_cast<std::uint64_t>(items.size()));
        bytes_.append(reinterpret_cast<const char*>(items.data()), items.size() * sizeof items[0]);
    }
    std::string bytes_{kMagic};
};

class Reader {
  public:
    Reader(std::string_view bytes, const std::string& name) : rest_(bytes), name_(name) {}

    template <typename T>
    void value(T& value) {
        std::memcpy(&value, take(sizeof value).data(), sizeof value);
    }
    template <typename Items>
    void items(Items& items) {
        std::uint64_t count = 0;
        value(count);
        if (count > rest_.size() / sizeof items[0]) fail();
        const auto bytes = take(count * sizeof items[0]);
        items.resize(count);
        if (count > 0) std::memcpy(items.data(), bytes.data(), bytes.size());
    }
    void finish() const {
        if (!rest_.empty()) fail();
    }

  private:
    [[noreturn]] void fail() const {
        throw Error(name_ + ": is not a checkpoint of this version; remove it to start over");
    }
    std::string_view take(std::size_t size) {
        if (size > rest_.size()) fail();
        const auto taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }

    std::string_view rest_;
    const std::string& name_;
};

/// Defines the order of fields for both writing and reading.
template <typename Stream, typename AnyCheckpoint>
void visit_fields(Stream& stream, AnyCheckpoint& checkpoint) {
    stream.items(checkpoint.fingerprint);
    stream.items(checkpoint.epochs);
    stream.value(checkpoint.state.steps);
    stream.items(checkpoint.state.numbers);
    stream.value(checkpoint.best_epoch);
    stream.items(checkpoint.best_weights);
}

}  // namespace

std::string checkpoint_bytes(const Checkpoint& checkpoint) {
    static_assert(std::is_trivially_copyable_v<EpochRecord>);
    Writer writer;
    visit_fields(writer, checkpoint);
    writer.bytes_ += sha256(writer.bytes_);
    return std::move(writer.bytes_);
}

Checkpoint parse_checkpoint(std::string_view bytes, const std::string& name) {
    if (!bytes.starts_with(kMagic) || bytes.size() < kMagic.size() + kDigestSize ||
        sha256(bytes.substr(0, bytes.size() - kDigestSize)) != bytes.substr(bytes.size() - kDigestSize))
        throw Error(name + ": is not a complete checkpoint of this version; remove it to start over");
    bytes.remove_prefix(kMagic.size());
    bytes.remove_suffix(kDigestSize);
    Reader reader(bytes, name);
    Checkpoint checkpoint;
    visit_fields(reader, checkpoint);
    reader.finish();
    return checkpoint;
}

void save_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint) {
    write_file(path, checkpoint_bytes(checkpoint));
}

std::optional<Checkpoint> load_checkpoint(const std::filesystem::path& path) {
    if (!std::filesystem::exists(path)) return std::nullopt;
    return parse_checkpoint(read_file(path, std::uintmax_t{1} << 30), path.string());
}

}  // namespace emotion::training
