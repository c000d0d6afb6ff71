// SPDX-License-Identifier: MIT
#include "core/runs/run_index.h"

#include "core/base/concat.h"
#include "core/base/disk_full.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/file_stamp.h"
#include "core/base/log.h"
#include "core/base/sync_folder.h"
#include "core/runs/run_lock.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <set>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace studio {

namespace fs = std::filesystem;

namespace {

/// Rung i brings a database from schema version i to i + 1.
constexpr std::array migrations = {
    "CREATE TABLE runs (folder TEXT PRIMARY KEY NOT NULL, fingerprint TEXT NOT NULL, summary TEXT NOT NULL)",
    "ALTER TABLE runs ADD COLUMN started_at TEXT NOT NULL DEFAULT ''",
};

/// The file is no database, or not one of ours: build it anew.
struct Damaged {
    std::string reason;
};

/// Whether a block can be written beside this file, or cannot for another reason: SQLite keeps that to
/// itself.
bool hasRoom(const fs::path& file)
{
    const auto probe = temporaryBeside(file);
    const int descriptor = ::open(probe.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return !isDiskFull(errno);
    const std::array<char, 4096> block{};
    const bool full = ::write(descriptor, block.data(), block.size()) < static_cast<ssize_t>(block.size());
    ::close(descriptor);
    ::unlink(probe.c_str());
    return !full;
}

[[noreturn]] void failed(sqlite3* database, const char* action, const fs::path& file)
{
    const int code = sqlite3_errcode(database) & 0xff;
    const std::string reason = sqlite3_errmsg(database);
    // The statements are right, so what SQLite has against them is in the file: another format or version, no
    // such table.
    constexpr std::array faults = {SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_ERROR, SQLITE_SCHEMA,
        SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_FORMAT};
    const bool readOnlyByItself = code == SQLITE_READONLY && ::access(file.c_str(), W_OK) == 0
        && ::access(file.parent_path().c_str(), W_OK) == 0;
    if (std::ranges::find(faults, code) != faults.end() || readOnlyByItself)
        throw Damaged{reason};
    if (code == SQLITE_FULL || ((code == SQLITE_IOERR || code == SQLITE_CANTOPEN) && !hasRoom(file)))
        throwWriteError(file, ENOSPC);
    throw Error(code == SQLITE_BUSY ? ErrorKind::Busy : ErrorKind::File,
        code == SQLITE_BUSY
            ? std::string("The index of runs is being written by another window or command; try again.")
            : concat("The index of runs cannot be ", action, ": ", reason, "."));
}

[[noreturn]] void failed(sqlite3* database, const char* action)
{
    const auto* name = sqlite3_db_filename(database, "main");
    failed(database, action, name ? name : "");
}

/// One prepared statement.
class Statement {
public:
    Statement(sqlite3* database, const char* sql)
        : m_database(database)
    {
        if (sqlite3_prepare_v2(database, sql, -1, &m_statement, nullptr) != SQLITE_OK)
            failed(database, "read");
    }
    ~Statement() { sqlite3_finalize(m_statement); }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    Statement& bind(int index, const std::string& text)
    {
        sqlite3_bind_text(m_statement, index, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
        return *this;
    }
    /// True while there is a row.
    bool step()
    {
        const int code = sqlite3_step(m_statement);
        if (code != SQLITE_ROW && code != SQLITE_DONE)
            failed(m_database, "used");
        return code == SQLITE_ROW;
    }
    [[nodiscard]] std::string text(int column) const
    {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(m_statement, column));
        return {text ? text : "", static_cast<size_t>(sqlite3_column_bytes(m_statement, column))};
    }
    [[nodiscard]] int64_t integer(int column) const { return sqlite3_column_int64(m_statement, column); }

private:
    sqlite3* m_database;
    sqlite3_stmt* m_statement = nullptr;
};

void execute(sqlite3* database, const char* sql)
{
    if (sqlite3_exec(database, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        failed(database, "changed");
}

void migrate(sqlite3* database)
{
    { // its reading ends before the writing begins, or another writer in between would be a refusal
        Statement check(database, "PRAGMA integrity_check(1)");
        if (!check.step() || check.text(0) != "ok")
            throw Damaged{check.text(0)};
    }
    execute(database, "BEGIN IMMEDIATE");
    const auto version = [&] {
        Statement query(database, "PRAGMA user_version");
        query.step();
        return query.integer(0);
    }();
    if (version < 0 || version > static_cast<int64_t>(migrations.size())) {
        execute(database, "ROLLBACK");
        throw Damaged{concat("schema version ", version, " is unknown")};
    }
    for (auto rung = static_cast<size_t>(version); rung < migrations.size(); ++rung)
        execute(database, migrations[rung]);
    execute(database, concat("PRAGMA user_version = ", migrations.size()).c_str());
    execute(database, "COMMIT");
}

sqlite3* openDatabase(const fs::path& file)
{
    sqlite3* database = nullptr;
    try {
        if (sqlite3_open(file.c_str(), &database) != SQLITE_OK)
            failed(database, "opened", file); // which it does not know by itself yet
        sqlite3_busy_timeout(database, 5000);
        // Where two processes make a new file at once, the change of its mode does not wait by itself.
        constexpr int patience = 100, pauseMs = 50;
        for (int attempt = 0;
             sqlite3_exec(database, "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr) == SQLITE_BUSY
             && attempt < patience;
             ++attempt)
            sqlite3_sleep(pauseMs);
        execute(database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
        migrate(database);
    } catch (...) {
        sqlite3_close(database);
        throw;
    }
    return database;
}

/// Changes whenever the summary may.
std::string fingerprint(const fs::path& folder)
{
    return concat(fileStamp(folder / "run.json"), ' ', fileStamp(folder / "metrics.jsonl"), ' ',
        fileStamp(folder / "studio.json"), runLockHolder(folder) ? " running" : "");
}

Json summaryJson(const RunSummary& run)
{
    const auto number = [](const auto& value) { return value ? Json(*value) : Json(nullptr); };
    return {{"name", run.name}, {"note", run.note}, {"started_at", run.startedAt}, {"model", run.model},
        {"train_file", run.trainFile}, {"state", static_cast<int>(run.state)}, {"step", run.step},
        {"total_steps", run.totalSteps}, {"metric_name", run.metricName},
        {"best_metric", number(run.bestMetric)}, {"best_step", number(run.bestStep)},
        {"accuracy", number(run.accuracy)}, {"f1", number(run.f1)}, {"loss", number(run.loss)},
        {"learning_rate", run.learningRate}, {"epochs", run.epochs}, {"batch_size", run.batchSize},
        {"seed", run.seed}, {"seconds", run.seconds}};
}

template <typename Value>
std::optional<Value> maybe(const Json& json, const char* key)
{
    const auto& value = json.at(key);
    return value.is_null() ? std::nullopt : std::optional(value.get<Value>());
}

RunSummary summaryFromJson(const fs::path& folder, const Json& json)
{
    RunSummary run;
    run.folder = folder;
    run.name = json.at("name").get<std::string>();
    run.note = json.at("note").get<std::string>();
    run.startedAt = json.at("started_at").get<std::string>();
    run.model = json.at("model").get<std::string>();
    run.trainFile = json.at("train_file").get<std::string>();
    const int state = json.at("state").get<int>();
    if (state < 0 || state > static_cast<int>(RunState::Interrupted))
        throw Damaged{concat("state ", state, " is unknown")};
    run.state = static_cast<RunState>(state);
    run.step = json.at("step").get<int64_t>();
    run.totalSteps = json.at("total_steps").get<int64_t>();
    run.metricName = json.at("metric_name").get<std::string>();
    run.bestMetric = maybe<double>(json, "best_metric");
    run.bestStep = maybe<int64_t>(json, "best_step");
    run.accuracy = maybe<double>(json, "accuracy");
    run.f1 = maybe<double>(json, "f1");
    run.loss = maybe<double>(json, "loss");
    run.learningRate = json.at("learning_rate").get<double>();
    run.epochs = json.at("epochs").get<double>();
    run.batchSize = json.at("batch_size").get<int64_t>();
    run.seed = json.at("seed").get<int64_t>();
    run.seconds = json.at("seconds").get<double>();
    return run;
}

/// A part of a folder's name: letters, digits, dots and dashes, not too long.
std::string namePart(const std::string& text)
{
    std::string part;
    auto path = fs::path(text);
    if (!path.has_filename())
        path = path.parent_path();
    for (const char c : path.stem().string()) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || c == '.' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
        if (plain)
            part += c;
        else if (!part.empty() && part.back() != '-')
            part += '-';
    }
    while (part.size() > 60 || (!part.empty() && part.back() == '-')) {
        do
            part.pop_back();
        while (!part.empty() && (static_cast<unsigned char>(part.back()) & 0xC0) == 0x80);
    }
    return part;
}

} // namespace

namespace {

/// Which file a name stands for now.
struct FileIdentity {
    dev_t device = 0;
    ino_t number = 0;
    bool operator==(const FileIdentity&) const = default;
};
FileIdentity identityOf(const fs::path& file)
{
    struct stat status { };
    return ::stat(file.c_str(), &status) == 0 ? FileIdentity{status.st_dev, status.st_ino} : FileIdentity{};
}

/// One process at a time puts a damaged index aside.
class RepairLock {
public:
    explicit RepairLock(const fs::path& file)
        : m_descriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644))
    {
        if (m_descriptor >= 0)
            ::flock(m_descriptor, LOCK_EX);
    }
    ~RepairLock()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    RepairLock(const RepairLock&) = delete;
    RepairLock& operator=(const RepairLock&) = delete;

private:
    int m_descriptor;
};

} // namespace

struct RunIndex::State {
    fs::path workspace;
    sqlite3* database = nullptr;
    FileIdentity identity; ///< of the file that is open

    ~State() { sqlite3_close(database); }
    [[nodiscard]] fs::path file() const { return workspace / "studio.sqlite"; }

    void open()
    {
        createFolders(workspace / "runs");
        identity = identityOf(file());
        try {
            reopen();
        } catch (const Damaged& damage) {
            repair(damage.reason, true);
        }
    }

    void reopen()
    {
        sqlite3_close(std::exchange(database, nullptr));
        database = openDatabase(file());
        syncFolder(workspace);
        identity = identityOf(file());
    }

    /// Opens the file again: another process may have repaired it. Where it is damaged still, or `anew`, it
    /// is put aside and an empty index begins, which refresh() fills from the run folders.
    void repair(const std::string& reason, bool anew)
    {
        const RepairLock lock(file().string() + ".lock");
        try {
            if (!anew || identityOf(file()) != identity) {
                reopen();
                return;
            }
        } catch (const Damaged&) { // still
        }
        logWarning(concat("The index of runs '", pathText(file()), "' is damaged (", reason,
            "); it is put aside and built anew from the run folders."));
        sqlite3_close(std::exchange(database, nullptr));
        std::error_code ignored;
        fs::rename(file(), file().string() + ".damaged", ignored);
        for (const auto* suffix : {"", "-wal", "-shm"})
            fs::remove(file().string() + suffix, ignored);
        try {
            reopen();
        } catch (const Damaged& damage) {
            throw Error(ErrorKind::File, concat("The index of runs cannot be made: ", damage.reason, "."));
        }
    }

    /// Runs `action`; where the file proves damaged, once more after a repair.
    template <typename Action>
    void guarded(const Action& action)
    {
        if (identityOf(file()) != identity) // another process has put it aside, or the folder was emptied
            open();
        for (int repairs = 0;; ++repairs) {
            try {
                action();
                return;
            } catch (const Damaged& damage) {
                if (repairs == 2)
                    throw Error(
                        ErrorKind::File, concat("The index of runs cannot be used: ", damage.reason, "."));
                repair(damage.reason, repairs > 0);
            }
        }
    }

    void store(const fs::path& folder, const std::string& stamp) const
    {
        const auto summary = readRunSummary(folder);
        Statement(database,
            "INSERT INTO runs (folder, fingerprint, summary, started_at) VALUES (?1, ?2, ?3, ?4) "
            "ON CONFLICT (folder) DO UPDATE SET fingerprint = ?2, summary = ?3, started_at = ?4")
            .bind(1, pathText(folder))
            .bind(2, stamp)
            .bind(3, jsonLine(summaryJson(summary)))
            .bind(4, summary.startedAt)
            .step();
    }

    void forget(const std::string& folder) const
    {
        Statement(database, "DELETE FROM runs WHERE folder = ?1").bind(1, folder).step();
    }

    void scan() const
    {
        std::set<std::string> folders;
        std::error_code ignored;
        for (const auto& entry : fs::directory_iterator(workspace / "runs", ignored)) {
            if (fs::exists(entry.path() / "run.json", ignored))
                folders.insert(pathText(entry.path()));
        }
        std::vector<std::pair<std::string, std::string>> known;
        for (Statement query(database, "SELECT folder, fingerprint FROM runs"); query.step();)
            known.emplace_back(query.text(0), query.text(1));
        execute(database, "BEGIN IMMEDIATE");
        for (const auto& [folder, stamp] : known) {
            folders.erase(folder);
            if (!fs::exists(fs::path(folder) / "run.json", ignored))
                forget(folder);
            else if (const auto now = fingerprint(folder); now != stamp)
                tryStore(folder, now);
        }
        for (const auto& folder : folders)
            tryStore(folder, fingerprint(folder));
        execute(database, "COMMIT");
    }

    void tryStore(const std::string& folder, const std::string& stamp) const
    {
        try {
            store(folder, stamp);
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::DiskFull || error.kind() == ErrorKind::Busy)
                throw; // the index's trouble, not the folder's
            logWarning(concat("The run folder '", folder, "' is skipped: ", error.what()));
        }
    }
};

RunIndex::RunIndex(fs::path workspace)
    : m_state(std::make_unique<State>())
{
    m_state->workspace = fs::absolute(workspace).lexically_normal();
    m_state->open();
}

RunIndex::~RunIndex() = default;

void RunIndex::refresh()
{
    m_state->guarded([this] {
        try {
            m_state->scan();
        } catch (...) {
            sqlite3_exec(m_state->database, "ROLLBACK", nullptr, nullptr, nullptr);
            throw;
        }
    });
}

void RunIndex::add(const fs::path& runFolder)
{
    const auto folder = fs::absolute(runFolder).lexically_normal();
    m_state->guarded([&] { m_state->store(folder, fingerprint(folder)); });
}

void RunIndex::remove(const fs::path& runFolder)
{
    const auto folder = pathText(fs::absolute(runFolder).lexically_normal());
    m_state->guarded([&] { m_state->forget(folder); });
}

std::vector<RunSummary> RunIndex::runs() const
{
    std::vector<RunSummary> runs;
    m_state->guarded([&] {
        runs.clear();
        for (Statement query(
                 m_state->database, "SELECT folder, summary FROM runs ORDER BY started_at DESC, folder DESC");
             query.step();) {
            try {
                runs.push_back(
                    summaryFromJson(fs::path(query.text(0)), parseJson(query.text(1), "index of runs")));
            } catch (const Json::exception& error) {
                throw Damaged{error.what()};
            } catch (const Error& error) {
                throw Damaged{error.what()};
            }
        }
    });
    return runs;
}

fs::path RunIndex::workspace() const
{
    return m_state->workspace;
}

fs::path RunIndex::newRunFolder(const std::string& model, const std::string& data) const
{
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    char stamp[32];
    std::strftime(stamp, sizeof stamp, "%Y-%m-%d-%H%M", &local);
    auto name = concat(static_cast<const char*>(stamp));
    for (const auto& part : {namePart(model), namePart(data)}) {
        if (!part.empty())
            name += concat('-', part);
    }
    const auto runs = m_state->workspace / "runs";
    auto folder = runs / name;
    for (int number = 2; fs::exists(folder); ++number)
        folder = runs / concat(name, '-', number);
    return folder;
}

} // namespace studio
