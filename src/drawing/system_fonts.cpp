#include "drawing/system_fonts.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include <fontconfig/fontconfig.h>
#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H
#include FT_TRUETYPE_TABLES_H
#include <hb-ft.h>
#include <hb.h>
#include <opencv2/core.hpp>

namespace emotion::drawing {
namespace {

/// Hints outlines vertically only: small letters are crisp, and their spacing stays even.
constexpr FT_Int32 kLoad = FT_LOAD_TARGET_LIGHT | FT_LOAD_NO_BITMAP;
constexpr double kFixed = 64.0;  // FreeType units per pixel

struct Release {
    void operator()(FT_Library library) const { FT_Done_FreeType(library); }
    void operator()(FT_Face face) const { FT_Done_Face(face); }
    void operator()(hb_font_t* font) const { hb_font_destroy(font); }
    void operator()(hb_buffer_t* buffer) const { hb_buffer_destroy(buffer); }
    void operator()(FcPattern* pattern) const { FcPatternDestroy(pattern); }
    void operator()(FcFontSet* set) const { FcFontSetDestroy(set); }
};
template <typename T>
using Owned = std::unique_ptr<T, Release>;
template <typename Handle>  // a pointer type
using OwnedHandle = std::unique_ptr<std::remove_pointer_t<Handle>, Release>;

std::vector<std::uint32_t> characters(const std::string& utf8) {
    const Owned<hb_buffer_t> buffer(hb_buffer_create());
    hb_buffer_set_replacement_codepoint(buffer.get(), HB_BUFFER_REPLACEMENT_CODEPOINT_DEFAULT);
    hb_buffer_add_utf8(buffer.get(), utf8.data(), static_cast<int>(utf8.size()), 0, -1);
    unsigned count = 0;
    const auto* infos = hb_buffer_get_glyph_infos(buffer.get(), &count);
    std::vector<std::uint32_t> found;
    for (unsigned i = 0; i < count; ++i) found.push_back(infos[i].codepoint < ' ' ? ' ' : infos[i].codepoint);
    return found;
}

std::string utf8(std::uint32_t character) {
    FcChar8 bytes[FC_UTF8_MAX_LEN] = {};
    const int length = FcUcs4ToUtf8(character, bytes);
    return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(std::max(length, 0))};
}

/// The writing direction of a character's script; nullopt for characters of no script: digits, punctuation,
/// combining accents.
std::optional<hb_direction_t> direction_of(std::uint32_t character) {
    const auto script = hb_unicode_script(hb_unicode_funcs_get_default(), character);
    if (script == HB_SCRIPT_COMMON || script == HB_SCRIPT_INHERITED || script == HB_SCRIPT_UNKNOWN)
        return std::nullopt;
    return hb_script_get_horizontal_direction(script) == HB_DIRECTION_RTL ? HB_DIRECTION_RTL
                                                                          : HB_DIRECTION_LTR;
}

/// Digits are written left to right in every script.
bool is_digit(std::uint32_t character) {
    return hb_unicode_general_category(hb_unicode_funcs_get_default(), character) ==
           HB_UNICODE_GENERAL_CATEGORY_DECIMAL_NUMBER;
}

/// Characters that belong to a number if they are between two of its digits: 1.8, 12:30, 2026-01-31.
bool joins_digits(std::uint32_t character) {
    return std::u32string_view(U"+,-./:").find(static_cast<char32_t>(character)) != std::u32string_view::npos;
}

/// An installed font; its file is opened when one of its glyphs is first needed.
class Font {
  public:
    explicit Font(FcPattern* pattern) : pattern_(pattern) { FcPatternReference(pattern); }

    std::string family() const {
        FcChar8* name = nullptr;
        const bool known = FcPatternGetString(pattern_.get(), FC_FAMILY, 0, &name) == FcResultMatch;
        return known ? reinterpret_cast<const char*>(name) : "";
    }

    bool has(std::uint32_t character) const {
        FcCharSet* letters = nullptr;
        return !broken_ && FcPatternGetCharSet(pattern_.get(), FC_CHARSET, 0, &letters) == FcResultMatch &&
               FcCharSetHasChar(letters, character);
    }

    /// False if the file cannot be used; it is not tried again.
    bool open(FT_Library library) {
        if (face_ || broken_) return !broken_;
        FcChar8* file = nullptr;
        int index = 0;
        FT_Face face = nullptr;
        FcPatternGetInteger(pattern_.get(), FC_INDEX, 0, &index);
        broken_ = FcPatternGetString(pattern_.get(), FC_FILE, 0, &file) != FcResultMatch ||
                  FT_New_Face(library, reinterpret_cast<const char*>(file), index, &face) != 0;
        face_.reset(face);
        broken_ = broken_ || !FT_IS_SCALABLE(face);
        if (broken_) return false;
        shaped_.reset(hb_ft_font_create_referenced(face));
        hb_ft_font_set_load_flags(shaped_.get(), kLoad);
        return true;
    }

    void set_size(double pixels_an_em) {
        FT_Set_Char_Size(face_.get(), 0, std::lround(pixels_an_em * kFixed), 72, 72);
        hb_ft_font_changed(shaped_.get());
    }

    /// The height of capital letters, as a fraction of an em.
    double capital_share() const {
        constexpr double kDefaultShare = 0.72;
        const auto* table = static_cast<const TT_OS2*>(FT_Get_Sfnt_Table(face_.get(), FT_SFNT_OS2));
        const bool known = table && table->version >= 2 && table->sCapHeight > 0 && face_->units_per_EM > 0;
        return known ? static_cast<double>(table->sCapHeight) / face_->units_per_EM : kDefaultShare;
    }

    FT_Face face() const { return face_.get(); }
    hb_font_t* shaped() const { return shaped_.get(); }

  private:
    Owned<FcPattern> pattern_;
    OwnedHandle<FT_Face> face_;
    Owned<hb_font_t> shaped_;
    bool broken_ = false;
};

/// Consecutive characters with the same font and direction.
struct Run {
    std::size_t first, count;
    Font* font;
    hb_direction_t direction;
};

/// Reorders runs from logical to left-to-right order, for a line with base direction `base`.
void put_in_visual_order(std::vector<Run>& runs, hb_direction_t base) {
    if (base == HB_DIRECTION_RTL) std::reverse(runs.begin(), runs.end());
    for (auto from = runs.begin(); from != runs.end();) {
        const auto to =
            std::find_if(from, runs.end(), [&](const Run& run) { return run.direction != from->direction; });
        if (from->direction != base) std::reverse(from, to);
        from = to;
    }
}

/// A rasterized glyph and its offset from the start of the baseline.
struct Glyph {
    cv::Mat pixels;
    cv::Point corner;
};

struct Line {
    std::vector<Glyph> glyphs;
    double width = 0.0;  ///< the advance
    cv::Rect ink;
};

}  // namespace

class SystemFonts::Fonts {
  public:
    /// Null if there is no usable font.
    static std::unique_ptr<Fonts> find();

    std::string name() const { return fonts_.front().family(); }
    Line set(const std::vector<std::uint32_t>& text, double pixels_an_em);
    double capital_share() const { return fonts_.front().capital_share(); }
    Font* font_for(std::uint32_t character);

    std::mutex mutex;

  private:
    std::vector<Run> runs_of(const std::vector<std::uint32_t>& text);
    void add(const std::vector<std::uint32_t>& text, const Run& run, double pixels_an_em, Line& line);

    OwnedHandle<FT_Library> library_;
    std::vector<Font> fonts_;
};

std::unique_ptr<SystemFonts::Fonts> SystemFonts::Fonts::find() {
    auto found = std::make_unique<Fonts>();
    FT_Library library = nullptr;
    if (!FcInit() || FT_Init_FreeType(&library) != 0) return nullptr;
    found->library_.reset(library);
    const Owned<FcPattern> pattern(FcPatternCreate());
    for (const char* family : {"Noto Sans", "DejaVu Sans", "sans-serif"})
        FcPatternAddString(pattern.get(), FC_FAMILY, reinterpret_cast<const FcChar8*>(family));
    FcPatternAddInteger(pattern.get(), FC_WEIGHT, FC_WEIGHT_MEDIUM);
    FcPatternAddBool(pattern.get(), FC_SCALABLE, FcTrue);
    FcConfigSubstitute(nullptr, pattern.get(), FcMatchPattern);
    FcDefaultSubstitute(pattern.get());
    FcResult result = FcResultMatch;
    const Owned<FcFontSet> set(FcFontSort(nullptr, pattern.get(), FcTrue, nullptr, &result));
    for (int i = 0; set && i < set->nfont; ++i) {
        FcBool colored = FcFalse;
        FcPatternGetBool(set->fonts[i], FC_COLOR, 0, &colored);
        Font font(set->fonts[i]);
        // The first font determines the size, so its cap height must be known.
        if (!colored && (!found->fonts_.empty() || (font.has('H') && font.open(library))))
            found->fonts_.push_back(std::move(font));
    }
    if (found->fonts_.empty()) return nullptr;
    return found;
}

/// Null if no font has the character.
Font* SystemFonts::Fonts::font_for(std::uint32_t character) {
    for (auto& font : fonts_)
        if (font.has(character) && font.open(library_.get())) return &font;
    return nullptr;
}

std::vector<Run> SystemFonts::Fonts::runs_of(const std::vector<std::uint32_t>& text) {
    hb_direction_t base = HB_DIRECTION_LTR;
    for (const auto character : text)
        if (const auto direction = direction_of(character)) {
            base = *direction;
            break;
        }
    std::vector<Run> runs;
    bool after_digit = false;  // or after a character that joins digits
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto own = direction_of(text[i]);
        auto* before = runs.empty() ? nullptr : &runs.back();
        // Characters of no script stay with the run before them.
        const bool follows = before && !own && before->font->has(text[i]);
        auto* font = follows ? before->font : font_for(text[i]);
        if (!font) font = before && !own ? before->font : &fonts_.front();
        const bool in_number = is_digit(text[i]) || (after_digit && i + 1 < text.size() &&
                                                     joins_digits(text[i]) && is_digit(text[i + 1]));
        const auto direction =
            in_number ? HB_DIRECTION_LTR : own.value_or(before && !after_digit ? before->direction : base);
        after_digit = in_number;
        if (before && before->font == font && before->direction == direction)
            ++before->count;
        else
            runs.push_back({i, 1, font, direction});
    }
    put_in_visual_order(runs, base);
    return runs;
}

void SystemFonts::Fonts::add(const std::vector<std::uint32_t>& text, const Run& run, double pixels_an_em,
                             Line& line) {
    run.font->set_size(pixels_an_em);
    const Owned<hb_buffer_t> buffer(hb_buffer_create());
    hb_buffer_add_codepoints(buffer.get(), text.data(), static_cast<int>(text.size()),
                             static_cast<unsigned>(run.first), static_cast<int>(run.count));
    hb_buffer_set_direction(buffer.get(), run.direction);
    hb_buffer_guess_segment_properties(buffer.get());
    hb_shape(run.font->shaped(), buffer.get(), nullptr, 0);
    unsigned count = 0;
    const auto* infos = hb_buffer_get_glyph_infos(buffer.get(), &count);
    const auto* places = hb_buffer_get_glyph_positions(buffer.get(), &count);
    const auto face = run.font->face();
    for (unsigned i = 0; i < count; ++i) {
        const double x = line.width + places[i].x_offset / kFixed, y = places[i].y_offset / kFixed;
        line.width += places[i].x_advance / kFixed;
        if (FT_Load_Glyph(face, infos[i].codepoint, kLoad) != 0 ||
            face->glyph->format != FT_GLYPH_FORMAT_OUTLINE)
            continue;
        FT_Outline_Translate(&face->glyph->outline, std::lround((x - std::floor(x)) * kFixed),
                             std::lround(y * kFixed));
        if (FT_Render_Glyph(face->glyph, FT_RENDER_MODE_NORMAL) != 0) continue;
        const auto& bitmap = face->glyph->bitmap;
        const cv::Size size(static_cast<int>(bitmap.width), static_cast<int>(bitmap.rows));
        if (size.empty()) continue;
        const cv::Mat pixels(size, CV_8UC1, bitmap.buffer, static_cast<std::size_t>(std::abs(bitmap.pitch)));
        const cv::Point corner(static_cast<int>(std::floor(x)) + face->glyph->bitmap_left,
                               -face->glyph->bitmap_top);
        line.ink = line.glyphs.empty() ? cv::Rect(corner, size) : line.ink | cv::Rect(corner, size);
        line.glyphs.push_back({pixels.clone(), corner});
    }
}

Line SystemFonts::Fonts::set(const std::vector<std::uint32_t>& text, double pixels_an_em) {
    Line line;
    for (const auto& run : runs_of(text)) add(text, run, pixels_an_em, line);
    return line;
}

SystemFonts::SystemFonts(std::unique_ptr<Fonts> fonts) : fonts_(std::move(fonts)) {}

SystemFonts::~SystemFonts() = default;

SystemFonts* SystemFonts::installed() {
    static const std::unique_ptr<SystemFonts> only = [] {
        auto fonts = Fonts::find();
        return std::unique_ptr<SystemFonts>(fonts ? new SystemFonts(std::move(fonts)) : nullptr);
    }();
    return only.get();
}

std::string SystemFonts::name() const {
    return fonts_->name();
}

cv::Mat SystemFonts::draw(const std::string& text, double height, int above, int below) {
    const auto letters = characters(text);
    const std::scoped_lock lock(fonts_->mutex);
    const double pixels_an_em = height / fonts_->capital_share();
    auto line = fonts_->set(letters, pixels_an_em);
    const double too_high =
        std::max(static_cast<double>(-line.ink.y) / above, static_cast<double>(line.ink.br().y) / below);
    if (too_high > 1.0) line = fonts_->set(letters, pixels_an_em / too_high);
    const int left = std::min(0, line.ink.x);
    const int right = std::max(static_cast<int>(std::ceil(line.width)), line.ink.br().x);
    cv::Mat mask(above + below, std::max(1, right - left), CV_8UC1, cv::Scalar(0));
    for (const auto& [pixels, corner] : line.glyphs) {
        const cv::Rect place(corner + cv::Point(-left, above), pixels.size());
        const auto seen = place & cv::Rect({}, mask.size());
        if (seen.empty()) continue;
        auto under = mask(seen);
        cv::max(under, pixels(seen - place.tl()), under);
    }
    return mask;
}

std::vector<std::string> SystemFonts::missing(const std::string& text) {
    const std::scoped_lock lock(fonts_->mutex);
    std::vector<std::string> missing;
    for (const auto character : characters(text)) {
        auto letter = utf8(character);
        if (!fonts_->font_for(character) && std::ranges::count(missing, letter) == 0)
            missing.push_back(std::move(letter));
    }
    return missing;
}

}  // namespace emotion::drawing
