// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/added_vocabulary.h"
#include "core/text/bert_fast_path.h"
#include "core/text/normalizer.h"
#include "core/text/plain_path.h"
#include "core/text/post_processor.h"
#include "core/text/pre_tokenizer.h"
#include "core/text/token_decoder.h"
#include "core/text/token_model.h"
#include "core/text/tokenizer_algorithm.h"

#include <memory>

namespace studio {

/// The blocks of a tokenizer.json; those that are absent there are null here.
struct PipelineParts {
    std::unique_ptr<Normalizer> normalizer;
    std::unique_ptr<PreTokenizer> preTokenizer;
    std::unique_ptr<TokenModel> model;
    PostProcessor postProcessor;
    std::unique_ptr<TokenDecoder> decoder;
    AddedVocabulary added;
};

/// normaliser → pre-tokeniser → model → post-processor, as the `tokenizers` library runs them.
class PipelineTokenizer : public TokenizerAlgorithm {
public:
    explicit PipelineTokenizer(PipelineParts parts);

    [[nodiscard]] Encoding encode(
        std::string_view first, const std::string_view* second, const EncodeOptions& options) const override;
    [[nodiscard]] std::vector<Encoding> encodeWindows(
        std::string_view first, const std::string_view* second, const EncodeOptions& options) const override;
    [[nodiscard]] TokenIds encodeIds(
        std::string_view first, const std::string_view* second, const EncodeOptions& options) const override;
    [[nodiscard]] std::string decode(std::span<const int32_t> ids, bool skipSpecialTokens) const override;
    [[nodiscard]] int32_t vocabularySize() const override;
    [[nodiscard]] std::optional<int32_t> tokenToId(std::string_view token) const override;
    [[nodiscard]] std::string idToToken(int32_t id) const override;
    [[nodiscard]] std::optional<int32_t> unknownId() const override { return m_parts.model->unknownId(); }
    [[nodiscard]] int32_t specialTokenCount(bool pair) const override;
    [[nodiscard]] std::string kind() const override { return m_parts.model->kind(); }

private:
    struct Sequence {
        std::vector<PlacedToken> tokens;
        std::vector<TokenWindow> windows; ///< the first is what is kept, the others overflow
    };
    struct Sequences {
        Sequence first, second;
        bool truncated = false;
    };
    [[nodiscard]] std::vector<PlacedToken> tokenize(std::string_view text) const;
    [[nodiscard]] Sequences prepare(
        std::string_view first, const std::string_view* second, const EncodeOptions& options) const;
    /// `windows`: which window of its sequence each piece of the template takes.
    [[nodiscard]] Encoding assemble(
        const Sequences& sequences, std::span<const size_t> windows, bool pair, bool addSpecialTokens) const;
    /// Ids alone; may stop once more than `enough` are found.
    void appendIds(std::string_view text, size_t enough, std::vector<int32_t>& ids) const;

    PipelineParts m_parts;
    std::optional<BertFastPath> m_fastPath;
    std::optional<PlainPath> m_plainPath;
};

} // namespace studio
