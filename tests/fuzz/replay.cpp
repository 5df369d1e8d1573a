/// Runs a fuzz target on files and folders of files without a fuzzer, as a regression test.
#include <cstdint>
#include <filesystem>
#include <iostream>

#include "base/files.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argc, char** argv) {
    int tried = 0;
    const auto try_file = [&](const std::filesystem::path& file) {
        const auto bytes = emotion::read_file(file);
        std::cout << file.string() << std::endl;  // the last one printed caused the failure
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
        ++tried;
    };
    for (int i = 1; i < argc; ++i) {
        if (!std::filesystem::is_directory(argv[i])) {
            try_file(argv[i]);
            continue;
        }
        for (const auto& entry : std::filesystem::directory_iterator(argv[i])) try_file(entry.path());
    }
    return tried > 0 ? 0 : 1;
}
