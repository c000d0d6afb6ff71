// SPDX-License-Identifier: MIT
#include "core/data/tokenized_dataset.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/log.h"
#include "core/data/spill_buffer.h"
#include "core/data/text_hash.h"
#include "core/text/model_input.h"

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace studio {
namespace {

// A token file: Header · records (ids as int32, type ids as bytes, filled up to four) · record starts (uint64
// a row) · lengths (uint32 a row, highest bit: truncated) · Footer. Little-endian, as all machines that this
// runs on.
constexpr std::string_view magic = "FTSTOK03";
constexpr uint32_t truncatedBit = uint32_t(1) << 31;
constexpr int64_t blockRows = 512;
constexpr uintmax_t cacheLimitBytes = uintmax_t(8) << 30;

struct Header {
    char magic[8];
    char key[64];
};

struct Footer {
    uint64_t rows = 0;
    uint64_t tokens = 0;
    uint64_t unknown = 0;
    uint64_t truncated = 0;
    uint64_t recordsEnd = 0;
    uint64_t checksum = 0;
    char magic[8] = {};
};

size_t paddedTo(size_t size, size_t unit)
{
    return (size + unit - 1) / unit * unit;
}

size_t recordBytes(size_t length)
{
    return length * 4 + paddedTo(length, 4);
}

/// Hash over a stream, in pieces of one size so that it does not depend on how the stream was cut.
class StreamHash {
public:
    void add(std::string_view bytes)
    {
        while (!bytes.empty()) {
            const auto part = bytes.substr(0, pieceBytes - m_pending.size());
            if (m_pending.empty() && part.size() == pieceBytes) {
                m_hash = hash64(part, m_hash);
            } else {
                m_pending += part;
                if (m_pending.size() == pieceBytes) {
                    m_hash = hash64(m_pending, m_hash);
                    m_pending.clear();
                }
            }
            bytes.remove_prefix(part.size());
        }
    }
    uint64_t result() const { return hash64(m_pending, m_hash); }

private:
    static constexpr size_t pieceBytes = size_t(1) << 20;
    std::string m_pending;
    uint64_t m_hash = 0;
};

/// Over all that stands before the footer, and the footer's own numbers.
uint64_t checksum(StreamHash hash, Footer footer)
{
    footer.checksum = 0;
    hash.add({reinterpret_cast<const char*>(&footer), sizeof footer});
    return hash.result();
}

/// One block of rows, tokenised.
struct Block {
    std::string records;
    std::vector<uint32_t> lengths; ///< with truncatedBit
    uint64_t unknown = 0;
};

Block tokenizeBlock(const Dataset& dataset, const Tokenizer& tokenizer, const TokenizeOptions& options,
    int64_t begin, int64_t end)
{
    Block block;
    for (auto i = begin; i < end; ++i) {
        const auto tokens = tokenizeRow(dataset, tokenizer, options, i);
        const auto length = tokens.ids.size();
        const auto start = block.records.size();
        block.records.resize(start + recordBytes(length), '\0');
        if (length > 0)
            std::memcpy(block.records.data() + start, tokens.ids.data(), length * 4);
        for (size_t k = 0; k < tokens.typeIds.size() && k < length; ++k)
            block.records[start + length * 4 + k] = char(tokens.typeIds[k]);
        block.lengths.push_back(uint32_t(length) | (tokens.truncated ? truncatedBit : 0));
        block.unknown += uint64_t(tokens.unknownCount);
    }
    dataset.table().releaseRows(dataset.tableRow(begin), dataset.tableRow(end - 1) + 1);
    return block;
}

/// Several threads tokenise blocks; the calling thread receives them in order. At most a few blocks a thread
/// wait.
class BlockPipeline {
public:
    BlockPipeline(const Dataset& dataset, const Tokenizer& tokenizer, const TokenizeOptions& options,
        const TaskControl& control)
        : m_dataset(dataset)
        , m_tokenizer(tokenizer)
        , m_options(options)
        , m_control(control)
        , m_blocks((dataset.size() + blockRows - 1) / blockRows)
    {
        const auto wanted
            = options.threads > 0 ? options.threads : int(std::max(1U, std::thread::hardware_concurrency()));
        const auto count = std::clamp<int64_t>(wanted, 1, std::max<int64_t>(1, m_blocks));
        m_window = count * 8;
        for (int64_t i = 0; i < count; ++i)
            m_threads.emplace_back([this] { work(); });
    }
    ~BlockPipeline()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_abandoned = true;
        }
        m_changed.notify_all();
    }
    BlockPipeline(const BlockPipeline&) = delete;
    BlockPipeline& operator=(const BlockPipeline&) = delete;

    [[nodiscard]] int64_t count() const { return m_blocks; }

    Block take(int64_t number)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_failure || m_done.contains(number); });
        if (m_failure)
            std::rethrow_exception(m_failure);
        auto node = m_done.extract(number);
        m_taken = number + 1;
        lock.unlock();
        m_changed.notify_all();
        return std::move(node.mapped());
    }

private:
    void work()
    {
        try {
            for (;;) {
                int64_t number = 0;
                {
                    std::unique_lock lock(m_mutex);
                    m_changed.wait(
                        lock, [&] { return m_abandoned || m_failure || m_next < m_taken + m_window; });
                    if (m_abandoned || m_failure || m_next >= m_blocks)
                        return;
                    number = m_next++;
                }
                m_control.throwIfStopped();
                const auto begin = number * blockRows;
                const PhaseProfile::Span span(m_options.profile, "tokenise block");
                auto block = tokenizeBlock(
                    m_dataset, m_tokenizer, m_options, begin, std::min(m_dataset.size(), begin + blockRows));
                {
                    const std::lock_guard lock(m_mutex);
                    m_done.emplace(number, std::move(block));
                }
                m_changed.notify_all();
            }
        } catch (...) {
            {
                const std::lock_guard lock(m_mutex);
                if (!m_failure)
                    m_failure = std::current_exception();
            }
            m_changed.notify_all();
        }
    }

    const Dataset& m_dataset;
    const Tokenizer& m_tokenizer;
    const TokenizeOptions& m_options;
    const TaskControl& m_control;
    const int64_t m_blocks;
    int64_t m_window = 1;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<int64_t, Block> m_done;
    int64_t m_next = 0;
    int64_t m_taken = 0;
    bool m_abandoned = false;
    std::exception_ptr m_failure;
    std::vector<std::jthread> m_threads; // last: joined first
};

/// Everything that decides the ids, as 64 hexadecimal digits.
std::string cacheKey(const Dataset& dataset, const Tokenizer& tokenizer, const TokenizeOptions& options)
{
    const auto& info = dataset.table().info();
    const auto& mapping = dataset.options().mapping;
    uint64_t rows = 0;
    for (int64_t i = 0; i < dataset.size(); ++i)
        rows = mix64(rows + uint64_t(dataset.tableRow(i)) + 1);
    Json key;
    key["version"] = magic;
    key["file"]
        = {info.sha256, formatName(info), info.encoding, int(info.delimiter), int(info.quote), info.header};
    key["columns"] = {dataset.table().columnIndex(mapping.text),
        mapping.textPair.empty() ? -1 : dataset.table().columnIndex(mapping.textPair)};
    const auto& cleaning = dataset.options().cleaning;
    key["cleaning"] = {cleaning.html, cleaning.urls, cleaning.nfkc, cleaning.whitespace};
    key["rows"] = {dataset.size(), rows};
    key["tokenizer"] = tokenizer.contentHash();
    key["length"] = {options.maxLength, int(options.truncation)};
    return sha256(jsonLine(key));
}

/// A token file's bytes, understood.
struct TokenFile {
    const char* base = nullptr;
    const uint64_t* starts = nullptr;
    const uint32_t* lengths = nullptr;
    Footer footer;
};

std::optional<TokenFile> parseTokenFile(std::string_view bytes, const std::string& key, int64_t rows)
{
    if (bytes.size() < sizeof(Header) + sizeof(Footer))
        return std::nullopt;
    TokenFile file{.base = bytes.data(), .footer = {}};
    std::memcpy(&file.footer, bytes.data() + bytes.size() - sizeof(Footer), sizeof(Footer));
    Header header{};
    std::memcpy(&header, bytes.data(), sizeof header);
    const auto& footer = file.footer;
    if (std::string_view(header.magic, 8) != magic || std::string_view(header.key, 64) != key
        || std::string_view(footer.magic, 8) != magic || footer.rows != uint64_t(rows))
        return std::nullopt;
    const auto startsAt = paddedTo(footer.recordsEnd, 8);
    if (footer.recordsEnd > bytes.size()
        || paddedTo(startsAt + footer.rows * 12, 8) + sizeof(Footer) != bytes.size())
        return std::nullopt;
    StreamHash hash;
    hash.add(bytes.substr(0, bytes.size() - sizeof(Footer)));
    if (checksum(hash, footer) != footer.checksum)
        return std::nullopt;
    file.starts = reinterpret_cast<const uint64_t*>(bytes.data() + startsAt);
    file.lengths = reinterpret_cast<const uint32_t*>(bytes.data() + startsAt + footer.rows * 8);
    return file;
}

/// Tokenises all rows and hands the token file to `sink` piece by piece.
void writeTokenFile(const Dataset& dataset, const Tokenizer& tokenizer, const TokenizeOptions& options,
    const std::string& key, const TaskControl& control, const FileSink& sink)
{
    StreamHash hash;
    uint64_t written = 0;
    const auto put = [&](const void* data, size_t size) {
        const std::string_view bytes(static_cast<const char*>(data), size);
        hash.add(bytes);
        sink(bytes);
        written += size;
    };
    const auto fillUp = [&] {
        const char zeros[8] = {};
        put(zeros, paddedTo(written, 8) - written);
    };
    Header header{};
    std::memcpy(header.magic, magic.data(), sizeof header.magic);
    std::memcpy(header.key, key.data(), sizeof header.key);
    put(&header, sizeof header);
    Footer footer;
    std::memcpy(footer.magic, magic.data(), sizeof footer.magic);
    footer.rows = uint64_t(dataset.size());
    std::vector<uint64_t> starts;
    std::vector<uint32_t> lengths;
    starts.reserve(footer.rows);
    lengths.reserve(footer.rows);
    {
        BlockPipeline pipeline(dataset, tokenizer, options, control);
        for (int64_t number = 0; number < pipeline.count(); ++number) {
            control.throwIfStopped();
            const auto block = pipeline.take(number);
            auto start = written;
            for (const auto length : block.lengths) {
                starts.push_back(start);
                lengths.push_back(length);
                const auto tokens = length & ~truncatedBit;
                start += recordBytes(tokens);
                footer.tokens += tokens;
                footer.truncated += (length & truncatedBit) != 0;
            }
            footer.unknown += block.unknown;
            put(block.records.data(), block.records.size());
            if (number % 8 == 0 || number + 1 == pipeline.count())
                control.report(int64_t(starts.size()), dataset.size());
        }
    }
    footer.recordsEnd = written;
    fillUp();
    put(starts.data(), starts.size() * 8);
    put(lengths.data(), lengths.size() * 4);
    fillUp();
    footer.checksum = checksum(hash, footer);
    sink({reinterpret_cast<const char*>(&footer), sizeof footer});
}

/// Removes the oldest token files while all together are too large; `keep` stays.
void pruneCache(const std::filesystem::path& folder, const std::filesystem::path& keep)
{
    namespace fs = std::filesystem;
    std::error_code ignored;
    std::vector<std::pair<fs::file_time_type, fs::path>> files;
    uintmax_t total = 0;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        if (entry.path().extension() != ".tokens")
            continue;
        const auto size = entry.file_size(ignored);
        total += ignored ? 0 : size;
        if (entry.path() != keep)
            files.emplace_back(entry.last_write_time(ignored), entry.path());
    }
    std::sort(files.begin(), files.end());
    for (const auto& [time, path] : files) {
        if (total <= cacheLimitBytes)
            return;
        const auto size = fs::file_size(path, ignored);
        if (fs::remove(path, ignored))
            total -= std::min(total, size);
    }
}

} // namespace

TokenIds tokenizeRow(
    const Dataset& dataset, const Tokenizer& tokenizer, const TokenizeOptions& options, int64_t row)
{
    std::vector<std::string> texts;
    dataset.texts(row, texts);
    const std::string_view second = texts.size() > 1 ? std::string_view(texts[1]) : std::string_view();
    EncodeOptions encode;
    encode.maxLength = options.maxLength;
    encode.truncation = options.truncation;
    try {
        return modelInput(tokenizer, texts[0], texts.size() > 1 ? &second : nullptr, encode);
    } catch (const Error& error) {
        throw Error(error.kind(),
            concat("'", pathText(dataset.table().info().file), "', row ", dataset.tableRow(row) + 1, ": ",
                error.what()));
    }
}

struct TokenizedDataset::State {
    TokenFile file;
    std::optional<MappedFile> mapped;
    std::optional<SpillBuffer> buffer;
    bool fromCache = false;
    LengthStatistics lengths;

    [[nodiscard]] bool readCache(const std::filesystem::path& path, const std::string& key, int64_t rows)
    {
        std::error_code ignored;
        if (!std::filesystem::is_regular_file(path, ignored))
            return false;
        mapped.emplace(path);
        const auto parsed = parseTokenFile(mapped->text(), key, rows);
        if (!parsed) {
            mapped.reset();
            return false;
        }
        file = *parsed;
        std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now(), ignored);
        return true;
    }
};

std::shared_ptr<const TokenizedDataset> TokenizedDataset::create(const Dataset& dataset,
    const Tokenizer& tokenizer, const TokenizeOptions& options, const TaskControl& control)
{
    if (options.maxLength < 1 && options.truncation != TruncationStrategy::DoNotTruncate)
        throw Error(
            ErrorKind::Settings, concat("max_seq_length is ", options.maxLength, "; it must be at least 1."));
    auto state = std::make_unique<State>();
    const auto key = cacheKey(dataset, tokenizer, options);
    const auto write
        = [&](const FileSink& sink) { writeTokenFile(dataset, tokenizer, options, key, control, sink); };
    bool ready = false;
    if (!options.cacheFolder.empty()) {
        const auto path = options.cacheFolder / (key + ".tokens");
        try {
            state->fromCache = state->readCache(path, key, dataset.size());
            ready = state->fromCache;
            if (!ready) {
                createFolders(options.cacheFolder);
                writeFileAtomically(path, write);
                ready = state->readCache(path, key, dataset.size());
                pruneCache(options.cacheFolder, path);
            }
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::File && error.kind() != ErrorKind::DiskFull)
                throw;
            logWarning(concat("The token cache cannot be used: ", error.what()));
        }
    }
    if (!ready) {
        state->buffer.emplace(size_t(256) << 20);
        write([&](std::string_view piece) { state->buffer->append(piece); });
        state->buffer->finish();
        const auto parsed = parseTokenFile(state->buffer->view(), key, dataset.size());
        if (!parsed)
            throw Error(ErrorKind::Internal, "The tokenised data does not read back as written.");
        state->file = *parsed;
    }
    control.report(dataset.size(), dataset.size());
    LengthHistogram histogram;
    for (uint64_t i = 0; i < state->file.footer.rows; ++i)
        histogram.add(int64_t(state->file.lengths[i] & ~truncatedBit));
    state->lengths = histogram.statistics();
    return std::shared_ptr<const TokenizedDataset>(new TokenizedDataset(std::move(state)));
}

TokenizedDataset::TokenizedDataset(std::unique_ptr<State> state)
    : m_state(std::move(state))
{
}

TokenizedDataset::~TokenizedDataset() = default;

int64_t TokenizedDataset::size() const
{
    return int64_t(m_state->file.footer.rows);
}

int32_t TokenizedDataset::length(int64_t index) const
{
    return int32_t(m_state->file.lengths[size_t(index)] & ~truncatedBit);
}

std::span<const int32_t> TokenizedDataset::ids(int64_t index) const
{
    const auto* record = m_state->file.base + m_state->file.starts[size_t(index)];
    return {reinterpret_cast<const int32_t*>(record), size_t(length(index))};
}

std::span<const uint8_t> TokenizedDataset::typeIds(int64_t index) const
{
    const auto count = size_t(length(index));
    const auto* record = m_state->file.base + m_state->file.starts[size_t(index)] + count * 4;
    return {reinterpret_cast<const uint8_t*>(record), count};
}

bool TokenizedDataset::truncated(int64_t index) const
{
    return (m_state->file.lengths[size_t(index)] & truncatedBit) != 0;
}

int64_t TokenizedDataset::truncatedCount() const
{
    return int64_t(m_state->file.footer.truncated);
}
int64_t TokenizedDataset::tokenCount() const
{
    return int64_t(m_state->file.footer.tokens);
}
int64_t TokenizedDataset::unknownTokenCount() const
{
    return int64_t(m_state->file.footer.unknown);
}
bool TokenizedDataset::fromCache() const
{
    return m_state->fromCache;
}
const LengthStatistics& TokenizedDataset::lengths() const
{
    return m_state->lengths;
}

} // namespace studio
