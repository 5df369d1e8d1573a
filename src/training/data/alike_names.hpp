#pragma once

#include <string>
#include <vector>

namespace emotion::training {

/// One sentence for each group of names that look alike but are different: they differ only by blanks at the
/// ends, by case, or by how accents are stored (Unicode's NFC or NFD, as macOS and other systems write file
/// names). Covers Latin letters with accents as in Latin-1 and Latin Extended-A, Greek and Cyrillic. Names
/// are UTF-8; bytes that are not are compared as they are.
std::vector<std::string> alike_names(const std::vector<std::string>& names);

}  // namespace emotion::training
