#include "lexer/look_alike.h"

namespace hawk {

namespace {

constexpr LookAlike kLookAlikes[] = {
    {"\xEF\xBC\x81", "a full-width exclamation mark", "`!`"},    // ！
    {"\xEF\xBC\x82", "a full-width quotation mark", "`\"`"},     // ＂
    {"\xEF\xBC\x83", "a full-width number sign", "`#`"},         // ＃
    {"\xEF\xBC\x84", "a full-width dollar sign", "`$`"},         // ＄
    {"\xEF\xBC\x85", "a full-width percent sign", "`%`"},        // ％
    {"\xEF\xBC\x86", "a full-width ampersand", "`&`"},           // ＆
    {"\xEF\xBC\x87", "a full-width apostrophe", "`'`"},          // ＇
    {"\xEF\xBC\x88", "a full-width parenthesis", "`(`"},         // （
    {"\xEF\xBC\x89", "a full-width parenthesis", "`)`"},         // ）
    {"\xEF\xBC\x8A", "a full-width asterisk", "`*`"},            // ＊
    {"\xEF\xBC\x8B", "a full-width plus sign", "`+`"},           // ＋
    {"\xEF\xBC\x8C", "a full-width comma", "`,`"},               // ，
    {"\xEF\xBC\x8D", "a full-width minus sign", "`-`"},          // －
    {"\xEF\xBC\x8E", "a full-width full stop", "`.`"},           // ．
    {"\xEF\xBC\x8F", "a full-width slash", "`/`"},               // ／
    {"\xEF\xBC\x9A", "a full-width colon", "`:`"},               // ：
    {"\xEF\xBC\x9B", "a full-width semicolon", "`;`"},           // ；
    {"\xEF\xBC\x9C", "a full-width less-than sign", "`<`"},      // ＜
    {"\xEF\xBC\x9D", "a full-width equals sign", "`=`"},         // ＝
    {"\xEF\xBC\x9E", "a full-width greater-than sign", "`>`"},   // ＞
    {"\xEF\xBC\x9F", "a full-width question mark", "`?`"},       // ？
    {"\xEF\xBC\xA0", "a full-width at sign", "`@`"},             // ＠
    {"\xEF\xBC\xBB", "a full-width bracket", "`[`"},             // ［
    {"\xEF\xBC\xBD", "a full-width bracket", "`]`"},             // ］
    {"\xEF\xBC\xBE", "a full-width circumflex", "`^`"},          // ＾
    {"\xEF\xBD\x9B", "a full-width brace", "`{`"},               // ｛
    {"\xEF\xBD\x9C", "a full-width bar", "`|`"},                 // ｜
    {"\xEF\xBD\x9D", "a full-width brace", "`}`"},               // ｝
    {"\xEF\xBD\x9E", "a full-width tilde", "`~`"},               // ～
    {"\xE2\x80\x9C", "a typographic quotation mark", "`\"`"},    // “
    {"\xE2\x80\x9D", "a typographic quotation mark", "`\"`"},    // ”
    {"\xE2\x80\x9E", "a typographic quotation mark", "`\"`"},    // „
    {"\xC2\xAB", "a typographic quotation mark", "`\"`"},        // «
    {"\xC2\xBB", "a typographic quotation mark", "`\"`"},        // »
    {"\xE2\x80\x98", "a typographic quotation mark", "`\"`"},    // ‘
    {"\xE2\x80\x99", "a typographic quotation mark", "`\"`"},    // ’
    {"\xE2\x80\x93", "an en dash", "`-`"},                       // –
    {"\xE2\x80\x94", "an em dash", "`-`"},                       // —
    {"\xE2\x88\x92", "a typographic minus sign", "`-`"},         // −
    {"\xE2\x80\xA6", "an ellipsis", "`..`"},                     // …
    {"\xE3\x80\x81", "an ideographic comma", "`,`"},             // 、
    {"\xE3\x80\x82", "an ideographic full stop", "`.` or `;`"},  // 。
    {"\xE3\x80\x8C", "a corner bracket", "`\"`"},                // 「
    {"\xE3\x80\x8D", "a corner bracket", "`\"`"},                // 」
    {"\xC3\x97", "a multiplication sign", "`*`"},                // ×
    {"\xC3\xB7", "a division sign", "`/`"},                      // ÷
    {"\xE2\x89\xA0", "a mathematical sign", "`!=`"},             // ≠
    {"\xE2\x89\xA4", "a mathematical sign", "`<=`"},             // ≤
    {"\xE2\x89\xA5", "a mathematical sign", "`>=`"},             // ≥
    {"\xE2\x86\x92", "an arrow", "`->` or `=>`"},                // →
    {"\xC2\xA0", "a no-break space", "a plain space", "U+00A0"},
    {"\xE2\x80\x82", "an en space", "a plain space", "U+2002"},
    {"\xE2\x80\x83", "an em space", "a plain space", "U+2003"},
    {"\xE2\x80\x89", "a thin space", "a plain space", "U+2009"},
    {"\xE2\x80\xAF", "a narrow no-break space", "a plain space", "U+202F"},
    {"\xE3\x80\x80", "an ideographic space", "a plain space", "U+3000"},
    {"\xE2\x80\x8B", "a zero-width space", "the line without it", "U+200B"},
    {"\xE2\x80\x8C", "a zero-width non-joiner", "the line without it", "U+200C"},
    {"\xE2\x80\x8D", "a zero-width joiner", "the line without it", "U+200D"},
    {"\xE2\x81\xA0", "a word joiner", "the line without it", "U+2060"},
    {"\xEF\xBB\xBF", "a byte order mark", "the line without it", "U+FEFF"},
    {"\xC2\xAD", "a soft hyphen", "the line without it", "U+00AD"},
};

}  // namespace

const LookAlike* find_look_alike(std::string_view character) {
  for (const LookAlike& row : kLookAlikes) {
    if (row.character == character) return &row;
  }
  return nullptr;
}

}  // namespace hawk
