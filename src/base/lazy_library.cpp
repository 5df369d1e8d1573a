#include "base/lazy_library.hpp"

#include <string>

#include <dlfcn.h>

#include "base/error.hpp"

namespace emotion {
namespace {

[[noreturn]] void fail(const std::string& file) {
    const char* reason = ::dlerror();
    throw Error(file + ": cannot be loaded (" + (reason ? reason : "unknown reason") +
                "); it belongs beside the program's other libraries, please install the program again");
}

}  // namespace

void* symbol_of_library(const char* file, const char* symbol) {
#ifdef __APPLE__
    const std::string path = file[0] == '/' ? file : std::string("@rpath/") + file;
#else
    const std::string path = file;
#endif
    void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) fail(file);
    void* address = ::dlsym(library, symbol);
    if (!address) fail(file);
    return address;
}

}  // namespace emotion
