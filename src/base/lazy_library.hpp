#pragma once

namespace emotion {

/// The address of `symbol` in the shared library `file`, which is loaded if it was not yet. For a part of the
/// program that few runs need and that brings many libraries: loading OpenCV's picture formats takes longer
/// than everything else before the first frame of a video. `file` is searched where the program's own
/// libraries are. Throws Error with the loader's reason. Thread-safe; what is loaded stays for the rest of
/// the run.
void* symbol_of_library(const char* file, const char* symbol);

/// The table of functions that the library `file` exports as `symbol`; `Table` is a type that both know from
/// one header.
template <typename Table>
const Table& functions_of_library(const char* file, const char* symbol) {
    return *static_cast<const Table*>(symbol_of_library(file, symbol));
}

}  // namespace emotion

/// Begins the definition of the table that `functions_of_library` finds as `symbol`.
#define EMOTION_EXPORTED_TABLE(Table, symbol)                             \
    extern "C" __attribute__((visibility("default"))) const Table symbol; \
    const Table symbol
