// SPDX-License-Identifier: MIT
#include "core/data/token_supply.h"

#include "core/base/thread_priority.h"

#include <utility>
#include <vector>

namespace studio {

TokenSupply::TokenSupply(std::shared_ptr<const Dataset> dataset, std::shared_ptr<const Tokenizer> tokenizer,
    TokenizeOptions options)
    : m_dataset(std::move(dataset))
    , m_tokenizer(std::move(tokenizer))
    , m_options(std::move(options))
{
    std::promise<std::shared_ptr<const TokenizedDataset>> promise;
    m_whole = promise.get_future().share();
    m_thread = std::jthread([this, promise = std::move(promise)](const std::stop_token& stop) mutable {
        lowerThreadPriority(); // whoever computes meanwhile goes first
        try {
            const TaskControl control{stop, [this](const Progress& progress) { m_done = progress.done; }};
            promise.set_value(TokenizedDataset::create(*m_dataset, *m_tokenizer, m_options, control));
        } catch (...) {
            promise.set_exception(std::current_exception());
        }
    });
}

TokenSupply::~TokenSupply() = default;

bool TokenSupply::readyWithin(std::chrono::milliseconds time) const
{
    return m_whole.wait_for(time) == std::future_status::ready;
}

Progress TokenSupply::progress() const
{
    return {m_done, m_dataset->size()};
}

const TokenizedDataset& TokenSupply::whole() const
{
    return *m_whole.get();
}

TokenRow TokenSupply::row(int64_t index) const
{
    if (!readyWithin(std::chrono::milliseconds(0)))
        return make(index);
    const auto& all = whole();
    return {all.ids(index), all.typeIds(index)};
}

TokenRow TokenSupply::make(int64_t index) const
{
    auto tokens = tokenizeRow(*m_dataset, *m_tokenizer, m_options, index);
    std::vector<uint8_t> typeIds(tokens.typeIds.begin(), tokens.typeIds.end());
    typeIds.resize(tokens.ids.size());
    return {std::move(tokens.ids), std::move(typeIds)};
}

} // namespace studio
