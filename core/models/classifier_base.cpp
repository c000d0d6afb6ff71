// SPDX-License-Identifier: MIT
#include "core/models/classifier_base.h"

#include "core/base/concat.h"

#include <algorithm>

namespace studio {

namespace {

bool startsWithAny(const std::string& name, const std::vector<std::string>& prefixes)
{
    return std::ranges::any_of(prefixes, [&](const auto& prefix) { return name.starts_with(prefix); });
}

} // namespace

ClassifierBase::ClassifierBase(ModelTraits traits, const at::Device& device)
    : m_traits(std::move(traits))
    , m_store{.device = device, .parameters = {}, .inits = {}, .zeroRows = {}}
{
}

std::string ClassifierBase::layerPrefix(int64_t index) const
{
    return concat(m_traits.layersPrefix, index, '.');
}

bool ClassifierBase::isHead(const std::string& parameterName) const
{
    return startsWithAny(parameterName, m_traits.headPrefixes) || m_created.contains(parameterName);
}

void ClassifierBase::initialize(const std::string& prefix, uint64_t seed)
{
    initializeParameters(m_store, prefix, seed, m_traits.initializerRange);
}

bool ClassifierBase::mayBeCreated(const std::string& parameterName) const
{
    return startsWithAny(parameterName, m_traits.headPrefixes)
        || startsWithAny(parameterName, m_traits.poolerPrefixes);
}

void ClassifierBase::create(const std::string& parameterName, uint64_t seed)
{
    initialize(parameterName, seed);
    m_created.insert(parameterName);
}

} // namespace studio
