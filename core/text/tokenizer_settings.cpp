// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/parse_number.h"
#include "core/text/tokenizer_loading.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <unordered_set>
#include <utility>

namespace studio {
namespace {

Json readObject(const std::filesystem::path& file, TokenizerSettings& settings)
{
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored))
        return Json::object();
    auto json = readJsonFile(file);
    if (!json.is_object()) {
        throw Error(ErrorKind::Checkpoint,
            concat("'", pathText(file), "' must hold a JSON object, but holds ", json.type_name(), "."));
    }
    settings.files.push_back(file);
    return json;
}

std::optional<bool> optionalFlag(const Json& config, const char* key, const std::filesystem::path& file)
{
    const auto found = config.find(key);
    if (found == config.end() || found->is_null())
        return std::nullopt;
    if (!found->is_boolean()) {
        throw Error(ErrorKind::Checkpoint,
            concat("'", pathText(file), "': \"", key, "\" must be true, false or null, but is ",
                jsonLine(*found), "."));
    }
    return found->get<bool>();
}

/// The text of a token that is given as a string or as an object with "content"; nullopt for anything else.
std::optional<std::string> tokenText(const Json& entry)
{
    if (entry.is_string())
        return entry.get<std::string>();
    if (entry.is_object() && entry.contains("content") && entry.at("content").is_string())
        return entry.at("content").get<std::string>();
    return std::nullopt;
}

std::optional<int32_t> readMaxLength(const Json& config)
{
    constexpr double astronomical = 1e9; // transformers writes 1e30 for "no limit"
    const auto found = config.find("model_max_length");
    if (found == config.end() || !found->is_number())
        return std::nullopt;
    const auto length = found->get<double>();
    return length >= 1 && length < astronomical ? std::optional(static_cast<int32_t>(length)) : std::nullopt;
}

/// The files of one folder, and which of them is asked first.
class SettingsReader {
public:
    SettingsReader(const std::filesystem::path& folder, const SpecialTokenDefaults& standard)
        : m_folder(folder)
        , m_standard(standard)
        , m_config(readObject(folder / "tokenizer_config.json", m_settings))
        , m_specialMap(readObject(folder / "special_tokens_map.json", m_settings))
        , m_modern(m_config.contains("added_tokens_decoder"))
        , m_place(concat("'", pathText(folder / "tokenizer_config.json"), "'"))
    {
    }

    TokenizerSettings read()
    {
        const auto file = m_folder / "tokenizer_config.json";
        m_settings.modelMaxLength = readMaxLength(m_config);
        m_settings.lowercase = optionalFlag(m_config, "do_lower_case", file).value_or(true);
        m_settings.tokenizeChineseChars
            = optionalFlag(m_config, "tokenize_chinese_chars", file).value_or(true);
        m_settings.stripAccents = optionalFlag(m_config, "strip_accents", file);
        readTruncationSide();
        readNamedTokens();
        readExtraTokens();
        if (m_modern)
            readAddedTokensDecoder();
        else
            readAddedTokensFile();
        for (const auto& [id, token] : m_byId) {
            addOnce(token);
            std::erase(m_settings.assumed, token.content);
        }
        m_settings.declaredCount = m_modern ? m_settings.added.size() : 0;
        for (const auto* tokens : {&m_named, &m_ownNames, &m_extra}) {
            for (const auto& token : *tokens)
                addOnce(token);
        }
        m_settings.config = m_config;
        return std::move(m_settings);
    }

private:
    void readTruncationSide()
    {
        const auto found = m_config.find("truncation_side");
        if (found == m_config.end() || found->is_null())
            return;
        if (*found != "left" && *found != "right") {
            throw Error(ErrorKind::Checkpoint,
                concat(m_place, ": \"truncation_side\" must be \"left\" or \"right\", but is ",
                    jsonLine(*found), "."));
        }
        m_settings.truncationSide = *found == "left" ? TruncationSide::Left : TruncationSide::Right;
        m_settings.namesTruncationSide = true;
    }

    /// Folders since transformers 4.34 keep everything in tokenizer_config.json; in older ones
    /// special_tokens_map.json wins.
    [[nodiscard]] std::vector<const Json*> sources() const
    {
        return m_modern ? std::vector{&m_config} : std::vector{&m_specialMap, &m_config};
    }

    /// Whether the file that is asked first says that there is no such token.
    [[nodiscard]] bool isNull(const char* key) const
    {
        for (const auto* source : sources()) {
            const auto found = source->find(key);
            if (found != source->end())
                return found->is_null();
        }
        return false;
    }

    [[nodiscard]] std::optional<Json> entryOf(const char* key) const
    {
        for (const auto* source : sources()) {
            const auto found = source->find(key);
            if (found != source->end() && tokenText(*found))
                return *found;
        }
        return std::nullopt;
    }

    void readNamedTokens()
    {
        struct Named {
            const char* key;
            std::string* target;
            const std::optional<AddedToken>& standard;
        };
        const Named names[] = {{"bos_token", &m_settings.bos, m_standard.bos},
            {"eos_token", &m_settings.eos, m_standard.eos},
            {"unk_token", &m_settings.unknown, m_standard.unknown},
            {"sep_token", &m_settings.sep, m_standard.sep}, {"pad_token", &m_settings.pad, m_standard.pad},
            {"cls_token", &m_settings.cls, m_standard.cls},
            {"mask_token", &m_settings.mask, m_standard.mask}};
        for (const auto& [key, target, standard] : names) {
            target->clear();
            const auto entry = entryOf(key);
            if (!entry && (!standard || (m_standard.nullRemoves && isNull(key))))
                continue;
            auto token = entry ? readAddedToken(*entry, m_place) : *standard;
            token.special = true;
            if (entry && entry->is_object() && !entry->contains("normalized"))
                token.normalized = false;
            // The name alone leaves the family's own flags to it.
            if (entry && entry->is_string() && standard)
                token.leftStrip = standard->leftStrip;
            *target = token.content;
            if (!entry)
                m_settings.assumed.push_back(token.content);
            m_named.push_back(std::move(token));
        }
        // A token that a file names for one purpose is not only assumed for another.
        std::erase_if(m_settings.assumed, [&](const std::string& content) {
            return std::any_of(std::begin(names), std::end(names),
                [&](const Named& name) { return *name.target == content && entryOf(name.key); });
        });
        m_settings.namesPad = entryOf("pad_token").has_value();
        for (const auto* source : sources())
            readOwnNames(*source, names);
    }

    /// Tokens under names that only the model's own code knows, such as "image_token".
    template <typename Names>
    void readOwnNames(const Json& source, const Names& known)
    {
        const auto add = [&](const Json& entry) {
            if (!tokenText(entry))
                return;
            m_ownNames.push_back(readAddedToken(entry, m_place));
            m_ownNames.back().special = true;
        };
        for (const auto& [key, value] : source.items()) {
            if (key.ends_with("_token")
                && std::none_of(std::begin(known), std::end(known),
                    [&key = key](const auto& name) { return key == name.key; }))
                add(value);
        }
        const auto extra = source.find("extra_special_tokens");
        if (extra != source.end() && extra->is_object()) {
            for (const auto& entry : *extra)
                add(entry);
        }
    }

    void readList(const Json& source, const char* key, std::vector<AddedToken>& tokens) const
    {
        const auto found = source.find(key);
        if (found == source.end() || !found->is_array())
            return;
        for (const auto& entry : *found) {
            tokens.push_back(readAddedToken(entry, m_place));
            tokens.back().special = true;
        }
    }

    void readExtraTokens()
    {
        readList(m_config, "extra_special_tokens", m_extra);
        if (m_extra.empty())
            readList(m_config, "additional_special_tokens", m_extra); // its old name
        if (!m_modern)
            readList(m_specialMap, "extra_special_tokens", m_extra);
    }

    void readAddedTokensDecoder()
    {
        const auto& decoder = m_config.at("added_tokens_decoder");
        if (!decoder.is_object())
            throw Error(
                ErrorKind::Checkpoint, concat(m_place, ": \"added_tokens_decoder\" must be an object."));
        for (const auto& [key, value] : decoder.items()) {
            const auto id = parseNumber<int64_t>(key);
            if (!id || *id < 0) {
                throw Error(ErrorKind::Checkpoint,
                    concat(m_place, ": \"added_tokens_decoder\" has the key \"", key,
                        "\" where an id was expected."));
            }
            m_byId.insert_or_assign(*id, readAddedToken(value, m_place));
        }
        std::unordered_set<std::string> named;
        for (const auto* tokens : {&m_named, &m_ownNames}) {
            for (const auto& token : *tokens)
                named.insert(token.content);
        }
        for (auto& [id, token] : m_byId)
            token.special = token.special || named.contains(token.content);
    }

    void readAddedTokensFile()
    {
        const auto file = m_folder / "added_tokens.json";
        std::unordered_set<std::string> special;
        for (const auto* named : {&m_named, &m_extra}) {
            for (const auto& token : *named)
                special.insert(token.content);
        }
        const auto tokens = readObject(file, m_settings);
        for (const auto& [content, id] : tokens.items()) {
            if (!id.is_number_integer()) {
                throw Error(ErrorKind::Checkpoint,
                    concat("'", pathText(file), "': the id of \"", content, "\" must be an integer, but is ",
                        jsonLine(id), "."));
            }
            const bool known = special.contains(content);
            m_byId.insert_or_assign(
                id.get<int64_t>(), AddedToken{content, false, false, false, !known, known});
        }
        if (m_extra.empty()) // those make no entry special
            readList(m_specialMap, "additional_special_tokens", m_extra);
    }

    void addOnce(const AddedToken& token)
    {
        if (m_seen.insert(token.content).second)
            m_settings.added.push_back(token);
    }

    std::filesystem::path m_folder;
    const SpecialTokenDefaults& m_standard;
    TokenizerSettings m_settings;
    Json m_config;
    Json m_specialMap;
    bool m_modern;
    std::string m_place;
    std::map<int64_t, AddedToken> m_byId;
    std::vector<AddedToken> m_named;
    std::vector<AddedToken> m_ownNames;
    std::vector<AddedToken> m_extra;
    std::unordered_set<std::string> m_seen; ///< contents of m_settings.added
};

} // namespace

AddedToken readAddedToken(const Json& json, const std::string& place)
{
    AddedToken token;
    if (json.is_string()) {
        token.content = json.get<std::string>();
        token.special = true;
        token.normalized = false;
        return token;
    }
    if (!json.is_object() || !json.contains("content") || !json.at("content").is_string()) {
        throw Error(ErrorKind::Checkpoint,
            concat(place, ": an added token needs a \"content\" string, but found ", jsonLine(json), "."));
    }
    const auto flag = [&](const char* key, bool standard) {
        const auto found = json.find(key);
        if (found == json.end() || found->is_null())
            return standard;
        if (!found->is_boolean()) {
            throw Error(ErrorKind::Checkpoint,
                concat(place, ": \"", key, "\" of the added token \"", json.at("content").get<std::string>(),
                    "\" must be true or false, but is ", jsonLine(*found), "."));
        }
        return found->get<bool>();
    };
    token.content = json.at("content").get<std::string>();
    token.singleWord = flag("single_word", false);
    token.leftStrip = flag("lstrip", false);
    token.rightStrip = flag("rstrip", false);
    token.special = flag("special", false);
    token.normalized = flag("normalized", !token.special);
    return token;
}

AddedToken specialToken(std::string content, bool leftStrip)
{
    return {std::move(content), false, leftStrip, false, false, true};
}

SpecialTokenDefaults bertSpecialTokens()
{
    return {.bos = {},
        .eos = {},
        .unknown = specialToken("[UNK]"),
        .sep = specialToken("[SEP]"),
        .pad = specialToken("[PAD]"),
        .cls = specialToken("[CLS]"),
        .mask = specialToken("[MASK]"),
        .nullRemoves = false};
}

bool TokenizerSettings::flag(const char* key, bool standard) const
{
    const auto found = config.find(key);
    if (found == config.end() || found->is_null())
        return standard;
    if (!found->is_boolean()) {
        throw Error(ErrorKind::Checkpoint,
            concat("tokenizer_config.json: \"", key, "\" must be true, false or null, but is ",
                jsonLine(*found), "."));
    }
    return found->get<bool>();
}

std::string TokenizerSettings::text(const char* key, const std::string& standard) const
{
    const auto found = config.find(key);
    if (found == config.end() || found->is_null())
        return standard;
    if (!found->is_string()) {
        throw Error(ErrorKind::Checkpoint,
            concat("tokenizer_config.json: \"", key, "\" must be a string, but is ", jsonLine(*found), "."));
    }
    return found->get<std::string>();
}

std::string TokenizerSettings::identity() const
{
    std::string identity;
    for (const auto& name : {bos, eos, unknown, sep, pad, cls, mask})
        identity += concat("\n", name);
    for (const auto& token : added)
        identity += concat("\n", token.content, " ", token.singleWord, token.leftStrip, token.rightStrip,
            token.normalized, token.special);
    for (const char* key : {"add_prefix_space", "trim_offsets", "add_bos_token", "add_eos_token", "legacy",
             "do_lower_case", "strip_accents", "tokenize_chinese_chars", "keep_accents", "split_by_punct",
             "extra_ids", "src_lang", "tgt_lang", "separate_vocabs"}) {
        if (config.contains(key))
            identity += concat("\n", key, " ", jsonLine(config.at(key)));
    }
    return identity;
}

TokenizerSettings readTokenizerSettings(
    const std::filesystem::path& folder, const SpecialTokenDefaults& standard)
{
    return SettingsReader(folder, standard).read();
}

} // namespace studio
