// SPDX-License-Identifier: MIT
#include "core/base/unicode.h"
#include "tests/core/data/data_test_files.h"

#include <random>
using namespace studio;
using namespace std::string_literals;

namespace {

using Rows = std::vector<std::vector<std::string>>;

/// Small generator of our own, so that a failing seed fails everywhere.
class Random {
public:
    explicit Random(uint64_t seed)
        : m_engine(seed)
    {
    }
    int below(int bound) { return int(m_engine() % uint64_t(bound)); }
    bool chance(int percent) { return below(100) < percent; }

private:
    std::mt19937_64 m_engine;
};

std::string randomCell(Random& random, bool wild, const std::vector<const char*>& words)
{
    std::string cell;
    const int count = 1 + random.below(8);
    for (int i = 0; i < count; ++i) {
        if (i)
            cell += ' ';
        cell += words[size_t(random.below(int(words.size())))];
        if (wild && random.chance(20)) {
            const char* const specials[] = {",", "\"", "\t", ";", "\n", "\r\n", "\\", "|", "\"\"", "'"};
            cell += specials[random.below(10)];
        }
    }
    if (wild && random.chance(5))
        cell.clear();
    return cell;
}

/// Quotes where needed, and at random; with tabs only where needed, since there a quote may be an ordinary
/// character.
std::string delimited(const Rows& rows, char delimiter, const std::string& lineEnd, Random& random)
{
    std::string out;
    for (const auto& row : rows) {
        for (size_t i = 0; i < row.size(); ++i) {
            if (i)
                out += delimiter;
            const bool must
                = row[i].find_first_of("\"\r\n"s + delimiter) != std::string::npos || row[i].empty();
            if (!must && (delimiter == '\t' || !random.chance(10))) {
                out += row[i];
                continue;
            }
            out += '"';
            for (const char c : row[i]) {
                out += c;
                if (c == '"')
                    out += '"';
            }
            out += '"';
        }
        out += lineEnd;
    }
    return out;
}

std::string sixteenBits(const std::string& utf8, bool little)
{
    const auto text = QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
    std::string out;
    for (const QChar unit : text) {
        out += char(little ? unit.unicode() & 0xFF : unit.unicode() >> 8);
        out += char(little ? unit.unicode() >> 8 : unit.unicode() & 0xFF);
    }
    return out;
}

const std::vector<const char*> englishWords
    = {"the", "food", "was", "good", "I", "never", "again", "service", "slow"};
const std::vector<const char*> worldWords
    = {"naïve", "很好", "味道", "🙂", "Straße", "ещё", "food", "a\u0301", "\u2028x"};

} // namespace

class TestTableRandom : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void randomTablesAreReadBack_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 0; seed < 150; ++seed)
            QTest::addRow("seed %d", seed) << seed;
    }

    /// Any table, written in any dialect and encoding, is found and read back without a hint.
    void randomTablesAreReadBack()
    {
        QFETCH(int, seed);
        Random random{uint64_t(seed)};
        const char delimiter = std::string_view(",;\t|")[size_t(random.below(4))];
        const std::string lineEnd = random.chance(50) ? "\n" : "\r\n";
        const bool wild = delimiter != '\t';
        Rows rows{{"id", "label", "text"}};
        if (random.chance(30))
            rows.front().push_back("text_pair");
        const auto& words = random.chance(50) ? englishWords : worldWords;
        const int count = 5 + random.below(60);
        for (int i = 0; i < count; ++i) {
            auto& row = rows.emplace_back();
            row.push_back(std::to_string(i));
            row.push_back(random.chance(50) ? "pos" : "neg");
            while (row.size() < rows.front().size())
                row.push_back(randomCell(random, wild, words));
        }
        auto content = delimited(rows, delimiter, lineEnd, random);
        if (random.chance(30))
            content.resize(content.size() - lineEnd.size());
        const int encoding = random.below(4);
        if (encoding == 1)
            content.insert(0, "\xEF\xBB\xBF");
        else if (encoding > 1)
            content = sixteenBits("\uFEFF" + content, encoding == 2);
        const auto table = m_files.table("table.dat", content);
        QCOMPARE(int(table->info().delimiter), int(delimiter));
        QCOMPARE(table->info().columns, rows.front());
        QCOMPARE(table->rowCount(), int64_t(count));
        QCOMPARE(table->issueCount(), 0);
        for (int i = 0; i < count; ++i)
            QCOMPARE(table->row(i), rows[size_t(i) + 1]);
    }

    void randomJsonIsReadBack_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 0; seed < 60; ++seed)
            QTest::addRow("seed %d", seed) << seed;
    }

    void randomJsonIsReadBack()
    {
        QFETCH(int, seed);
        Random random{uint64_t(seed)};
        const bool lines = random.chance(50);
        const bool escaped = random.chance(50);
        Rows rows;
        std::string content = lines ? "" : random.chance(50) ? "[" : "{\"info\": {\"n\": [1]}, \"data\": [\n";
        const bool object = content.starts_with('{');
        const int count = 1 + random.below(40);
        for (int i = 0; i < count; ++i) {
            auto& row = rows.emplace_back();
            row.push_back(randomCell(random, true, worldWords));
            row.push_back(std::to_string(random.below(3)));
            const Json item
                = {{"text", row[0]}, {"label", random.chance(50) ? Json(row[1]) : Json(std::stoi(row[1]))}};
            if (!lines && i)
                content += ',';
            content += item.dump(lines || random.chance(50) ? -1 : 2, ' ', escaped);
            content += lines || random.chance(50) ? "\n" : "";
        }
        content += lines ? "" : object ? "]}" : "]";
        const auto table = m_files.table(lines ? "a.jsonl" : "a.json", content);
        QCOMPARE(table->info().columns, (std::vector<std::string>{"text", "label"}));
        QCOMPARE(table->rowCount(), int64_t(count));
        for (int i = 0; i < count; ++i)
            QCOMPARE(table->row(i), rows[size_t(i)]);
    }

    /// Whatever the bytes: a table whose rows can all be read as UTF-8, or an Error; never anything else.
    void randomBytesAreReadOrRefused_data()
    {
        QTest::addColumn<int>("kind");
        for (int kind = 0; kind < 6; ++kind)
            QTest::addRow("kind %d", kind) << kind;
    }

    void randomBytesAreReadOrRefused()
    {
        QFETCH(int, kind);
        const std::string pieces[] = {"\"", ",", "\n", "\r", "\t", "{", "}", "[", "]", ":", "\\", "text",
            "label", " 1", "\0"s, "\xFF", "\xFE", "\xC3", "\xE4\xB8\xAD", "\xB1\xEA", "'", ";", "|",
            "__label__x ", "null", "0.5", "\xEF\xBB\xBF", "\\u12", "{\"text\":\"a\"}", "\"a\"\"b\""};
        Random random{uint64_t(kind) + 1000};
        int opened = 0;
        for (int round = 0; round < 250; ++round) {
            std::string content;
            const int length = 1 + random.below(200);
            for (int i = 0; i < length; ++i) {
                if (kind == 0)
                    content += char(random.below(256));
                else if (kind == 1)
                    content += char(random.below(96) + 32);
                else
                    content += pieces[random.below(int(std::size(pieces)))];
            }
            if (kind == 3)
                content.insert(0, "[{");
            if (kind == 4)
                content.insert(0, "{\"data\":[");
            TableOptions options;
            if (kind == 5) {
                constexpr FileFormat formats[] = {FileFormat::Delimited, FileFormat::Json,
                    FileFormat::JsonLines, FileFormat::LabelText, FileFormat::Lines};
                const char* const encodings[]
                    = {"auto", "utf-8", "utf-16le", "utf-16be", "gb18030", "windows-1252"};
                options.format = formats[random.below(5)];
                options.encoding = encodings[random.below(6)];
            }
            try {
                const auto table = m_files.table("random.bin", content, options);
                ++opened;
                for (int64_t row = 0; row < table->rowCount(); ++row) {
                    const auto cells = table->row(row);
                    QCOMPARE(cells.size(), table->info().columns.size());
                    for (const auto& cell : cells) {
                        QVERIFY2(isValidUtf8(cell), "a cell is not UTF-8");
                    }
                }
                const auto mapping = suggestMapping(*table);
                if (!mapping.text.empty())
                    (void)describe(*Dataset::create(table, {.mapping = mapping}));
            } catch (const Error& error) {
                QVERIFY(error.kind() == ErrorKind::Data);
                QVERIFY(std::string_view(error.what()).size() > 20);
            }
        }
        // Noise and broken JSON are mostly refused; of the others enough must be opened for the rounds to
        // test something.
        if (kind == 1 || kind == 2 || kind == 5)
            QVERIFY2(opened > 20, qPrintable(QString::number(opened)));
    }

private:
    TestFiles m_files;
};

QTEST_GUILESS_MAIN(TestTableRandom)
#include "tst_table_random.moc"
