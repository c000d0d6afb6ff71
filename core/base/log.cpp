// SPDX-License-Identifier: MIT
#include "core/base/log.h"

#include "core/base/concat.h"
#include "core/base/crash_report.h"
#include "core/base/error.h"
#include "core/base/file.h"

#include <memory>
#include <mutex>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace studio {

namespace {
struct Sink {
    std::shared_ptr<spdlog::sinks::stderr_sink_mt> console
        = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    spdlog::logger logger{"studio", console};
    std::mutex mutex; ///< guards the list of sinks
    Sink()
    {
        console->set_level(spdlog::level::warn);
        console->set_pattern("%v");
        logger.set_level(spdlog::level::info);
        logger.flush_on(spdlog::level::warn);
    }
};

Sink& sink()
{
    static Sink instance;
    return instance;
}

void write(spdlog::level::level_enum level, std::string_view message)
{
    rememberForCrash(message);
    const std::scoped_lock lock(sink().mutex);
    sink().logger.log(level, spdlog::string_view_t(message.data(), message.size()));
}
} // namespace

void logInfo(std::string_view message)
{
    write(spdlog::level::info, message);
}
void logWarning(std::string_view message)
{
    write(spdlog::level::warn, message);
}
void logError(std::string_view message)
{
    write(spdlog::level::err, message);
}

void setLogFile(const std::filesystem::path& file)
{
    try {
        auto added = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(pathText(file), 5 << 20, 3);
        added->set_pattern("%Y-%m-%d %H:%M:%S.%e %l %v");
        const std::scoped_lock lock(sink().mutex);
        sink().logger.sinks().push_back(std::move(added));
    } catch (const spdlog::spdlog_ex& error) {
        throw Error(
            ErrorKind::File, concat("Cannot write the log file '", pathText(file), "': ", error.what(), "."));
    }
}

void setLogVerbose(bool verbose)
{
    sink().console->set_level(verbose ? spdlog::level::info : spdlog::level::warn);
}

} // namespace studio
