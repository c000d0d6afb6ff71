// SPDX-License-Identifier: MIT
// Format: https://github.com/python/cpython/blob/v3.11.0/Lib/pickletools.py. A stack machine; this one knows
// values and containers, and records calls instead of making them.
#include "core/io/pickle.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/parse_number.h"
#include "core/base/unicode.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <unordered_map>

namespace studio {

namespace {

constexpr size_t g_maxValues = 4'000'000;
constexpr int g_maxDepth = 100;
constexpr int g_maxProtocol = 5;

class PickleMachine {
public:
    PickleMachine(
        std::span<const std::byte> bytes, std::span<const std::string_view> allowed, const std::string& file)
        : m_bytes(reinterpret_cast<const char*>(bytes.data()), bytes.size())
        , m_allowed(allowed)
        , m_file(file)
    {
    }

    Pickle run()
    {
        while (!m_stopped)
            step(static_cast<unsigned char>(take(1).front()));
        m_pickle.root = pop();
        if (!m_stack.empty() || !m_marks.empty())
            fail("values are left over at its end");
        m_pickle.bytesRead = m_position;
        refuseCyclesAndDepth();
        return std::move(m_pickle);
    }

private:
    [[noreturn]] void fail(const std::string& what) const
    {
        throw Error(ErrorKind::Checkpoint,
            concat(m_file, " cannot be read as a pickle: ", what, " (at byte ", m_position,
                "). Copy or download it again, or save the model as safetensors."));
    }
    [[noreturn]] void refuse(const std::string& what) const
    {
        throw Error(ErrorKind::Checkpoint,
            concat(m_file, " is refused: its pickle ", what,
                "; only tensors and plain containers are read, and nothing in a pickle is ever run."));
    }

    // --- input
    std::string_view take(uint64_t count)
    {
        if (count > m_bytes.size() - m_position)
            fail("it is cut off");
        const auto piece = m_bytes.substr(m_position, count);
        m_position += count;
        return piece;
    }
    template <typename Number>
    Number number()
    {
        Number value = 0;
        std::memcpy(&value, take(sizeof value).data(), sizeof value);
        return value;
    }
    std::string_view line()
    {
        const auto end = m_bytes.find('\n', m_position);
        if (end == std::string_view::npos)
            fail("it is cut off");
        auto text = take(end - m_position);
        take(1);
        if (text.ends_with('\r'))
            text.remove_suffix(1);
        return text;
    }
    int64_t lineNumber(std::string_view text) const
    {
        const auto value = parseNumber<int64_t>(text);
        if (!value)
            fail(concat("'", elided(text, 40), "' is not a whole number"));
        return *value;
    }

    // --- values and stack
    uint32_t add(PickleValue value)
    {
        if (m_pickle.values.size() >= g_maxValues)
            fail(concat("it holds more than ", g_maxValues, " values"));
        countItems(value.items.size());
        m_pickle.values.push_back(std::move(value));
        return static_cast<uint32_t>(m_pickle.values.size() - 1);
    }
    void push(PickleValue value) { pushIndex(add(std::move(value))); }
    void countItems(size_t count)
    {
        m_itemCount += count;
        if (m_itemCount > 4 * g_maxValues)
            fail(concat("its containers hold more than ", 4 * g_maxValues, " items"));
    }
    void pushIndex(uint32_t index)
    {
        if (m_stack.size() >= g_maxValues)
            fail(concat("it stacks more than ", g_maxValues, " values"));
        m_stack.push_back(index);
    }
    void pushInteger(int64_t value) { push({.kind = PickleKind::Integer, .integer = value}); }
    void pushText(PickleKind kind, std::string_view text) { push({.kind = kind, .text = text}); }
    uint32_t pop()
    {
        if (m_stack.size() <= (m_marks.empty() ? 0 : m_marks.back()))
            fail("it takes a value that is not there");
        const auto index = m_stack.back();
        m_stack.pop_back();
        return index;
    }
    uint32_t top()
    {
        const auto index = pop();
        m_stack.push_back(index);
        return index;
    }
    std::vector<uint32_t> popToMark()
    {
        if (m_marks.empty())
            fail("it goes back to a mark that is not there");
        const auto begin = m_stack.begin() + static_cast<std::ptrdiff_t>(m_marks.back());
        std::vector<uint32_t> items(begin, m_stack.end());
        m_stack.erase(begin, m_stack.end());
        m_marks.pop_back();
        return items;
    }
    void pushTuple(size_t count)
    {
        std::vector<uint32_t> items(count);
        for (size_t i = count; i-- > 0;)
            items[i] = pop();
        push({.kind = PickleKind::Tuple, .items = std::move(items)});
    }
    void appendTo(PickleKind kind, const std::vector<uint32_t>& items)
    {
        auto& container = m_pickle.values[top()];
        if (container.kind != kind)
            fail(kind == PickleKind::List ? "it appends to something that is not a list"
                                          : "it sets an item of something that is not a dictionary");
        if (kind == PickleKind::Dictionary && items.size() % 2 != 0)
            fail("it sets a key without a value");
        countItems(items.size());
        container.items.insert(container.items.end(), items.begin(), items.end());
    }
    void remember(uint64_t slot) { m_memo[slot] = top(); }
    void recall(uint64_t slot)
    {
        const auto found = m_memo.find(slot);
        if (found == m_memo.end())
            fail(concat("it recalls value ", slot, ", which it never remembered"));
        pushIndex(found->second);
    }

    // --- what may be named and called
    void pushGlobal(std::string_view module, std::string_view name)
    {
        const auto full = concat(module, '.', name);
        const auto known = std::ranges::find(m_allowed, std::string_view(full));
        if (known == m_allowed.end())
            refuse(concat("asks for '", elided(full, 120), "'"));
        pushText(PickleKind::Global, *known);
    }
    void call()
    {
        const auto arguments = pop(), callee = pop();
        if (m_pickle[callee].kind != PickleKind::Global || m_pickle[arguments].kind != PickleKind::Tuple)
            refuse("calls something that is not a known function");
        if (m_pickle[callee].text == "collections.OrderedDict") {
            push({.kind = PickleKind::Dictionary, .items = orderedItems(m_pickle[arguments])});
        } else if (m_pickle[callee].text == "torch.Size") {
            const auto& given = m_pickle[arguments].items;
            if (given.size() != 1
                || (m_pickle[given[0]].kind != PickleKind::Tuple
                    && m_pickle[given[0]].kind != PickleKind::List))
                fail("a torch.Size is made of something else than numbers");
            push({.kind = PickleKind::Tuple, .items = std::vector(m_pickle[given[0]].items)});
        } else {
            push({.kind = PickleKind::Object, .items = {callee, arguments}});
        }
    }
    /// OrderedDict(), OrderedDict([[key, value], …]).
    std::vector<uint32_t> orderedItems(const PickleValue& arguments) const
    {
        std::vector<uint32_t> items;
        if (arguments.items.empty())
            return items;
        const auto& pairs = m_pickle[arguments.items[0]];
        if (arguments.items.size() != 1
            || (pairs.kind != PickleKind::List && pairs.kind != PickleKind::Tuple))
            fail("an OrderedDict is made of something else than pairs");
        for (const auto index : pairs.items) {
            const auto& pair = m_pickle[index];
            if ((pair.kind != PickleKind::List && pair.kind != PickleKind::Tuple) || pair.items.size() != 2)
                fail("an OrderedDict is made of something else than pairs");
            items.insert(items.end(), pair.items.begin(), pair.items.end());
        }
        return items;
    }
    /// Attributes of a dictionary (an OrderedDict's _metadata) are dropped; nothing else may have any.
    void dropState()
    {
        pop();
        if (m_pickle[top()].kind != PickleKind::Dictionary)
            refuse("sets attributes of something that is not a dictionary");
    }

    // --- literals
    void pushBig(std::string_view bytes)
    {
        if (bytes.size() > 8) {
            pushText(PickleKind::BigInteger, bytes);
            return;
        }
        uint64_t value
            = !bytes.empty() && (static_cast<unsigned char>(bytes.back()) & 0x80) ? ~uint64_t(0) : 0;
        for (size_t i = bytes.size(); i-- > 0;)
            value = (value << 8) | static_cast<unsigned char>(bytes[i]);
        pushInteger(std::bit_cast<int64_t>(value));
    }
    void pushIntegerLine()
    {
        const auto text = line();
        if (text == "00" || text == "01")
            push({.kind = PickleKind::Boolean, .integer = text == "01"});
        else
            pushInteger(lineNumber(text));
    }
    void pushLongLine()
    {
        auto text = line();
        if (text.ends_with('L'))
            text.remove_suffix(1);
        pushInteger(lineNumber(text));
    }
    void pushFloatLine()
    {
        const auto text = line();
        const auto value = parseNumber<double>(text);
        if (!value)
            fail(concat("'", elided(text, 40), "' is not a number"));
        push({.kind = PickleKind::Float, .number = *value});
    }
    void pushBigEndianFloat()
    {
        push({.kind = PickleKind::Float,
            .number = std::bit_cast<double>(__builtin_bswap64(number<uint64_t>()))});
    }
    /// 'text' with Python's escapes.
    void pushQuotedLine()
    {
        auto text = line();
        if (text.size() < 2 || (text.front() != '\'' && text.front() != '"') || text.back() != text.front())
            fail("a string has no quotes");
        text = text.substr(1, text.size() - 2);
        if (text.find('\\') != std::string_view::npos)
            fail("a string holds escapes, which no checkpoint has");
        pushText(PickleKind::Text, text);
    }
    /// Raw-unicode-escape: only \uXXXX and \UXXXXXXXX mean something.
    void pushUnicodeLine()
    {
        const auto text = line();
        auto& out = m_pickle.texts.emplace_back();
        for (size_t i = 0; i < text.size(); ++i) {
            const size_t digits = text[i] != '\\' || i + 1 >= text.size() ? 0
                : text[i + 1] == 'u'                                      ? 4
                : text[i + 1] == 'U'                                      ? 8
                                                                          : 0;
            uint32_t codePoint = 0;
            if (digits == 0 || i + 2 + digits > text.size()) {
                out += text[i];
                continue;
            }
            const auto* const begin = text.data() + i + 2;
            if (std::from_chars(begin, begin + digits, codePoint, 16).ptr != begin + digits
                || codePoint > 0x10FFFF)
                fail("a text holds a broken escape");
            appendUtf8(out, codePoint);
            i += 1 + digits;
        }
        pushText(PickleKind::Text, out);
    }
    static void appendUtf8(std::string& out, uint32_t c)
    {
        if (c < 0x80) {
            out += static_cast<char>(c);
        } else if (c < 0x800) {
            out += static_cast<char>(0xC0 | c >> 6);
            out += static_cast<char>(0x80 | (c & 0x3F));
        } else if (c < 0x10000) {
            out += static_cast<char>(0xE0 | c >> 12);
            out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
            out += static_cast<char>(0x80 | (c & 0x3F));
        } else {
            out += static_cast<char>(0xF0 | c >> 18);
            out += static_cast<char>(0x80 | (c >> 12 & 0x3F));
            out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
            out += static_cast<char>(0x80 | (c & 0x3F));
        }
    }

    void step(unsigned char code)
    {
        if (!literal(code) && !structure(code))
            unknown(code);
    }

    bool literal(unsigned char code)
    {
        switch (code) {
        case 'N':
            push({});
            return true;
        case 0x88:
            push({.kind = PickleKind::Boolean, .integer = 1});
            return true;
        case 0x89:
            push({.kind = PickleKind::Boolean});
            return true;
        case 'I':
            pushIntegerLine();
            return true;
        case 'J':
            pushInteger(number<int32_t>());
            return true;
        case 'K':
            pushInteger(number<uint8_t>());
            return true;
        case 'M':
            pushInteger(number<uint16_t>());
            return true;
        case 'L':
            pushLongLine();
            return true;
        case 0x8a:
            pushBig(take(number<uint8_t>()));
            return true;
        case 0x8b:
            pushBig(take(number<uint32_t>()));
            return true;
        case 'F':
            pushFloatLine();
            return true;
        case 'G':
            pushBigEndianFloat();
            return true;
        case 'S':
            pushQuotedLine();
            return true;
        case 'T':
            pushText(PickleKind::Text, take(number<uint32_t>()));
            return true;
        case 'U':
            pushText(PickleKind::Text, take(number<uint8_t>()));
            return true;
        case 'V':
            pushUnicodeLine();
            return true;
        case 'X':
            pushText(PickleKind::Text, take(number<uint32_t>()));
            return true;
        case 0x8c:
            pushText(PickleKind::Text, take(number<uint8_t>()));
            return true;
        case 0x8d:
            pushText(PickleKind::Text, take(number<uint64_t>()));
            return true;
        case 'B':
            pushText(PickleKind::Bytes, take(number<uint32_t>()));
            return true;
        case 'C':
            pushText(PickleKind::Bytes, take(number<uint8_t>()));
            return true;
        case 0x8e:
        case 0x96:
            pushText(PickleKind::Bytes, take(number<uint64_t>()));
            return true;
        default:
            return false;
        }
    }

    bool structure(unsigned char code)
    {
        switch (code) {
        case 0x80:
            if (const auto protocol = number<uint8_t>(); protocol > g_maxProtocol)
                fail(concat("its protocol is ", int(protocol), ", known are 0 to ", g_maxProtocol));
            return true;
        case 0x95:
            number<uint64_t>();
            return true; // FRAME: its length is of no use here
        case '.':
            m_stopped = true;
            return true;
        case '(':
            m_marks.push_back(m_stack.size());
            limitMarks();
            return true;
        case '0':
            pop();
            return true;
        case '1':
            popToMark();
            return true;
        case '2':
            pushIndex(top());
            return true;
        case ')':
            push({.kind = PickleKind::Tuple});
            return true;
        case 't':
            push({.kind = PickleKind::Tuple, .items = popToMark()});
            return true;
        case 0x85:
            pushTuple(1);
            return true;
        case 0x86:
            pushTuple(2);
            return true;
        case 0x87:
            pushTuple(3);
            return true;
        case ']':
        case 0x8f:
            push({.kind = PickleKind::List});
            return true;
        case 'l':
        case 0x91:
            push({.kind = PickleKind::List, .items = popToMark()});
            return true;
        case 'a': {
            const auto item = pop();
            appendTo(PickleKind::List, {item});
            return true;
        }
        case 'e':
        case 0x90: {
            const auto items = popToMark();
            appendTo(PickleKind::List, items);
            return true;
        }
        case '}':
            push({.kind = PickleKind::Dictionary});
            return true;
        case 'd': {
            const auto items = popToMark();
            push({.kind = PickleKind::Dictionary});
            appendTo(PickleKind::Dictionary, items);
            return true;
        }
        case 's': {
            const auto value = pop(), key = pop();
            appendTo(PickleKind::Dictionary, {key, value});
            return true;
        }
        case 'u': {
            const auto items = popToMark();
            appendTo(PickleKind::Dictionary, items);
            return true;
        }
        case 'c': {
            const auto module = line(), name = line();
            pushGlobal(module, name);
            return true;
        }
        case 0x93: {
            const auto name = m_pickle[pop()], module = m_pickle[pop()];
            if (name.kind != PickleKind::Text || module.kind != PickleKind::Text)
                fail("a global is named by something else than text");
            pushGlobal(module.text, name.text);
            return true;
        }
        case 'R':
            call();
            return true;
        case 'b':
            dropState();
            return true;
        case 'Q': {
            const auto id = pop();
            push({.kind = PickleKind::PersistentId, .items = {id}});
            return true;
        }
        case 'p':
            remember(static_cast<uint64_t>(lineNumber(line())));
            return true;
        case 'q':
            remember(number<uint8_t>());
            return true;
        case 'r':
            remember(number<uint32_t>());
            return true;
        case 0x94:
            remember(m_memo.size());
            return true;
        case 'g':
            recall(static_cast<uint64_t>(lineNumber(line())));
            return true;
        case 'h':
            recall(number<uint8_t>());
            return true;
        case 'j':
            recall(number<uint32_t>());
            return true;
        default:
            return false;
        }
    }

    void limitMarks() const
    {
        if (m_marks.size() > g_maxValues)
            fail(concat("it sets more than ", g_maxValues, " marks"));
    }

    [[noreturn]] void unknown(unsigned char code)
    {
        if (code == 'i') {
            const auto module = line(), name = line();
            refuse(concat("asks for an instance of '", elided(concat(module, '.', name), 120), "'"));
        }
        if (code == 0x81 || code == 0x92 || code == 'o')
            refuse("makes an object");
        if (code == 0x82 || code == 0x83 || code == 0x84)
            refuse("asks for an extension by its number");
        --m_position;
        fail(concat("the operation ", int(code), " is not known"));
    }

    // --- the whole
    void refuseCyclesAndDepth() const
    {
        const auto& values = m_pickle.values;
        std::vector<uint8_t> height(values.size(), 0); // 0: not met; 255: on the path; else 1 + deepest below
        struct Step {
            uint32_t index;
            size_t next;
            int deepest;
        };
        std::vector<Step> path{{m_pickle.root, 0, 0}};
        height[m_pickle.root] = 255;
        while (!path.empty()) {
            auto& step = path.back();
            if (step.next == values[step.index].items.size()) {
                height[step.index] = static_cast<uint8_t>(step.deepest + 1);
                const int below = step.deepest + 1;
                path.pop_back();
                if (!path.empty())
                    path.back().deepest = std::max(path.back().deepest, below);
                continue;
            }
            const auto child = values[step.index].items[step.next++];
            if (height[child] == 255)
                refuse("holds a container that contains itself");
            if (height[child] != 0) {
                step.deepest = std::max<int>(step.deepest, height[child]);
            } else {
                height[child] = 255;
                path.push_back({child, 0, 0});
            }
            if (path.size() > size_t(g_maxDepth) || path.back().deepest >= g_maxDepth)
                refuse(concat("is nested more than ", g_maxDepth, " deep"));
        }
    }

    std::string_view m_bytes;
    std::span<const std::string_view> m_allowed;
    const std::string& m_file;
    size_t m_position = 0, m_itemCount = 0;
    bool m_stopped = false;
    Pickle m_pickle;
    std::vector<uint32_t> m_stack;
    std::vector<size_t> m_marks;
    std::unordered_map<uint64_t, uint32_t> m_memo;
};

} // namespace

const PickleValue* Pickle::find(const PickleValue& dictionary, std::string_view key) const
{
    const PickleValue* found = nullptr;
    for (size_t i = 0; i + 1 < dictionary.items.size(); i += 2) {
        const auto& name = values[dictionary.items[i]];
        if (name.kind == PickleKind::Text && name.text == key)
            found = &values[dictionary.items[i + 1]];
    }
    return found;
}

Pickle readPickle(
    std::span<const std::byte> bytes, std::span<const std::string_view> allowed, const std::string& file)
{
    return PickleMachine(bytes, allowed, file).run();
}

} // namespace studio
