// with_variant FOLDER PROGRAM: runs a program with the builds in FOLDER of what is built for several
// processors, or reports that this processor does not support them.
#include <cstdlib>
#include <iostream>
#include <string>

#include <unistd.h>

namespace {

bool processor_runs(const std::string& folder) {
    if (folder.ends_with("x86-64-v4"))
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    if (folder.ends_with("x86-64-v3")) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    const std::string folder = argv[1];
    if (!processor_runs(folder)) {
        std::cout << "[skipped] this processor lacks what the build in " << folder << " needs\n";
        return 0;
    }
    ::setenv("LD_LIBRARY_PATH", folder.c_str(), 1);
    ::setenv("EMOTION_VARIANT", folder.c_str(), 1);
    ::execv(argv[2], argv + 2);
    std::cerr << argv[2] << " cannot be started\n";
    return 1;
}
