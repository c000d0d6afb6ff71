// SPDX-License-Identifier: MIT
// Reference:
// https://github.com/huggingface/transformers/blob/main/src/transformers/modeling_rope_utils.py
#include "core/models/rope_config.h"

#include "core/base/concat.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace studio {

namespace {

constexpr double g_largest = 1e12;

constexpr std::array<std::pair<std::string_view, RotaryKind>, 7> g_kinds{{
    {"default", RotaryKind::Default},
    {"linear", RotaryKind::Linear},
    {"dynamic", RotaryKind::Dynamic},
    {"llama3", RotaryKind::Llama3},
    {"yarn", RotaryKind::Yarn},
    {"longrope", RotaryKind::LongRope},
    {"su", RotaryKind::LongRope},
}};

bool stated(const Json& block, std::string_view key)
{
    const auto found = block.find(key);
    return found != block.end() && !found->is_null();
}

RotaryKind readKind(const ConfigReader& block)
{
    const auto key = block.json().contains("rope_type") ? "rope_type" : "type";
    const auto name = block.text(key, "default");
    const auto row = std::ranges::find(g_kinds, name, &std::pair<std::string_view, RotaryKind>::first);
    if (row == g_kinds.end())
        block.fail(key, "one of default, linear, dynamic, llama3, yarn, longrope");
    return row->second;
}

std::vector<double> readFactors(const ConfigReader& block, std::string_view key, int64_t count)
{
    const auto list = block.json().find(key);
    const auto expected = concat("a list of ", count, " numbers above 0");
    if (list == block.json().end() || !list->is_array() || int64_t(list->size()) != count)
        block.fail(key, expected);
    std::vector<double> factors;
    for (const auto& value : *list) {
        if (!value.is_number() || !(value.get<double>() > 0))
            block.fail(key, expected);
        factors.push_back(value.get<double>());
    }
    return factors;
}

/// `factor`, or the ratio of the lengths where it is null.
double lengthFactor(const ConfigReader& block, const RopeSetting& setting, int64_t originalPositions)
{
    return block.numberOrNull(
        "factor", 1e-9, g_largest, double(setting.maxPositions) / double(originalPositions));
}

double yarnAttentionFactor(const ConfigReader& block, double factor)
{
    const auto scaleOf
        = [&](double multiple) { return factor <= 1 ? 1.0 : 0.1 * multiple * std::log(factor) + 1; };
    const double first = block.numberOrNull("mscale", 0, g_largest, 0),
                 second = block.numberOrNull("mscale_all_dim", 0, g_largest, 0);
    return first != 0 && second != 0 ? scaleOf(first) / scaleOf(second) : scaleOf(1);
}

void requireStated(const ConfigReader& block, std::initializer_list<std::string_view> keys)
{
    for (const auto key : keys) {
        if (!block.json().contains(key))
            block.fail(key, "a number");
    }
}

} // namespace

Json flatRopeBlock(const ConfigReader& reader, double defaultTheta)
{
    const auto& config = reader.json();
    Json block = Json::object();
    for (const auto* key :
        {"rope_parameters", "rope_scaling"}) { // the old spelling wins where both are there
        if (!stated(config, key))
            continue;
        if (!config[key].is_object())
            reader.fail(key, "an object or null");
        if (!config[key].empty())
            block = config[key];
    }
    for (const auto& [key, value] : block.items()) {
        if (value.is_object())
            reader.fail(config.contains("rope_parameters") ? "rope_parameters" : "rope_scaling",
                "one block for all layers: this family knows none by layer type");
    }
    if (!block.contains("rope_theta"))
        block["rope_theta"] = stated(config, "rope_theta") ? config["rope_theta"] : Json(defaultTheta);
    if (!block.contains("partial_rotary_factor") && stated(config, "partial_rotary_factor"))
        block["partial_rotary_factor"] = config["partial_rotary_factor"];
    return block;
}

RotaryParameters readRotary(
    const ConfigReader& reader, const std::string& key, const Json& block, const RopeSetting& setting)
{
    const ConfigReader values(block, concat(reader.file(), ": '", key, "'"));
    if (stated(block, "mrope_section"))
        values.fail("mrope_section", "none: positions of several axes are not supported");
    RotaryParameters rope;
    rope.kind = readKind(values);
    rope.theta = values.number("rope_theta", 1e-9, g_largest);
    const double share = values.numberOrNull("partial_rotary_factor", 0, 1, 1);
    rope.size = setting.headSize;
    if (setting.partial)
        rope.size = static_cast<int64_t>(double(setting.headSize) * share);
    else if (share != 1
        && rope.kind != RotaryKind::Default) // the reference leaves it unread with the plain kind
        values.fail("partial_rotary_factor", "1 or none for this family");
    if (rope.size < 1 || 2 * rope.half() > setting.headSize)
        values.fail("partial_rotary_factor",
            concat("a share of the head's ", setting.headSize,
                " numbers that leaves an even number, at least two"));

    rope.originalPositions = setting.maxPositions;
    const bool pretrained = rope.kind == RotaryKind::Llama3 || rope.kind == RotaryKind::Yarn
        || rope.kind == RotaryKind::LongRope;
    if (pretrained && setting.originalPositions)
        rope.originalPositions = *setting.originalPositions;
    else if (pretrained && stated(block, "original_max_position_embeddings"))
        rope.originalPositions = values.integer("original_max_position_embeddings", 1, int64_t(1) << 40);

    switch (rope.kind) {
    case RotaryKind::Default:
        break;
    case RotaryKind::Linear:
    case RotaryKind::Dynamic:
        rope.factor = values.number("factor", 1e-9, g_largest);
        if (rope.kind == RotaryKind::Dynamic && rope.size <= 2)
            values.fail("rope_type", "another kind: \"dynamic\" needs heads of more than two numbers");
        break;
    case RotaryKind::Llama3:
        rope.factor = values.number("factor", 1e-9, g_largest);
        rope.lowFrequencyFactor = values.number("low_freq_factor", 1e-9, g_largest);
        rope.highFrequencyFactor = values.number("high_freq_factor", 1e-9, g_largest);
        break;
    case RotaryKind::Yarn: {
        requireStated(values, {"factor"});
        rope.factor = lengthFactor(values, setting, rope.originalPositions);
        rope.attentionFactor
            = values.numberOrNull("attention_factor", 0, g_largest, yarnAttentionFactor(values, rope.factor));
        const double fast = values.numberOrNull("beta_fast", 0, g_largest, 0),
                     slow = values.numberOrNull("beta_slow", 0, g_largest, 0);
        rope.betaFast = fast != 0 ? fast : 32;
        rope.betaSlow = slow != 0 ? slow : 1;
        rope.truncate = setting.nested || values.boolean("truncate", true);
        break;
    }
    case RotaryKind::LongRope: {
        rope.shortFactors = readFactors(values, "short_factor", rope.half());
        rope.longFactors = readFactors(values, "long_factor", rope.half());
        const double factor = lengthFactor(values, setting, rope.originalPositions);
        const double scale
            = factor <= 1 ? 1.0 : std::sqrt(1 + std::log(factor) / std::log(double(rope.originalPositions)));
        rope.attentionFactor = values.numberOrNull("attention_factor", 0, g_largest, scale);
        break;
    }
    }
    return rope;
}

int64_t stretchedPositions(const RotaryParameters& parameters, int64_t maxPositions)
{
    if (parameters.kind != RotaryKind::Linear && parameters.kind != RotaryKind::Dynamic
        && parameters.kind != RotaryKind::Yarn)
        return maxPositions;
    const double stretched = std::floor(double(parameters.originalPositions) * parameters.factor);
    return std::max(maxPositions, static_cast<int64_t>(std::min(stretched, 1e9)));
}

} // namespace studio
