// SPDX-License-Identifier: MIT
#include "app/command.h"
#include "app/commands/commands.h"
#include "app/console.h"
#include "app/interrupt.h"
#include "core/base/concat.h"
#include "core/base/crash_report.h"
#include "core/base/error.h"
#include "core/base/file.h"
#ifdef STUDIO_WITH_WINDOW
#include "app/window_main.h"
#endif

#include <algorithm>
#include <cerrno>
#include <clocale>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <functional>
#include <new>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace studio::app {
namespace {

using MakeCommand = Command (*)(Console&);
constexpr std::pair<std::string_view, MakeCommand> commandTable[] = {
    {"demo", demoCommand},
    {"train", trainCommand},
    {"evaluate", evaluateCommand},
    {"predict", predictCommand},
    {"score", scoreCommand},
    {"tokenize", tokenizeCommand},
    {"inspect", inspectCommand},
    {"export", exportCommand},
    {"devices", devicesCommand},
};

std::string programHelp(Console& console)
{
    std::vector<Command> commands;
    for (const auto& [name, make] : commandTable)
        commands.push_back(make(console));
    return helpText(commands, Console::width());
}

MakeCommand findCommand(const std::string& name)
{
    for (const auto& [known, make] : commandTable) {
        if (known == name)
            return make;
    }
    std::vector<std::string> names = {"help"};
    for (const auto& entry : commandTable)
        names.emplace_back(entry.first);
    throw Error(ErrorKind::Usage,
        concat("Unknown command '", name, "'. The nearest is '", nearest(name, names),
            "'; 'finetune-studio --help' lists all."));
}

int runCommand(Console& console, const std::string& name, std::vector<std::string> arguments)
{
    const auto command = findCommand(name)(console);
    if (!parse(command, arguments)) {
        console.json = false; // help is for people
        console.print(helpText(command, Console::width()));
        return 0;
    }
    const int code = command.run(console);
    console.flush();
    return code;
}

/// The command and its arguments; --json may stand before the command.
int dispatch(Console& console, std::vector<std::string> arguments)
{
    std::vector<std::string> before;
    while (!arguments.empty() && arguments.front() == "--json") {
        before.push_back(arguments.front());
        arguments.erase(arguments.begin());
    }
    if (arguments.empty() || arguments.front() == "--help" || arguments.front() == "-h"
        || (arguments.front() == "help" && arguments.size() == 1)) {
        console.print(programHelp(console));
        return 0;
    }
    if (arguments.front() == "--version") {
        console.print("finetune-studio " STUDIO_VERSION "\n");
        return 0;
    }
    if (arguments.front() == "help")
        return runCommand(console, arguments[1], {"--help"});
    const auto name = arguments.front();
    if (name.starts_with('-'))
        throw Error(ErrorKind::Usage,
            concat("Unknown option '", name,
                "' before a command. 'finetune-studio --help' lists the commands."));
    arguments.erase(arguments.begin());
    arguments.insert(arguments.end(), before.begin(), before.end());
    return runCommand(console, name, std::move(arguments));
}

/// The first sentence of a message of the standard library or LibTorch: no backtrace, no second line.
std::string firstLine(std::string_view text)
{
    return std::string(text.substr(0, text.find('\n')));
}

/// Runs `work`; whatever leaves it becomes a sentence on standard error and an exit code.
int guarded(Console& console, const std::function<int()>& work)
{
    try {
        return work();
    } catch (const Error& error) {
        console.endProgress();
        try {
            console.flush();
        } catch (const Error&) { // standard output cannot be written: that is what is being told
        }
        console.error(error.what());
        return exitCode(error.kind());
    } catch (const std::bad_alloc&) {
        console.endProgress();
        console.error(
            "The machine's memory is exhausted; try a smaller batch size, shorter inputs or a smaller file.");
        return exitCode(ErrorKind::OutOfMemory);
    } catch (const std::exception& error) {
        console.endProgress();
        console.error(concat("Something went wrong inside the program: ", firstLine(error.what())));
        return exitCode(ErrorKind::Internal);
    }
}

/// Whether the arguments ask for the window: none, or --workspace and Qt's own options (`-platform`) alone.
bool wantsWindow(int count, char** values)
{
    for (int i = 1; i < count; ++i) {
        const std::string_view value = values[i];
        const bool isQt = value.size() > 1 && value[0] == '-' && value[1] != '-' && value != "-h";
        if (value == "--workspace" && i + 1 == count)
            return false;
        if (value == "--workspace" || isQt)
            ++i;
        else if (!value.starts_with("--workspace="))
            return false;
    }
    return true;
}

#ifdef STUDIO_WITH_WINDOW
/// Qt would end the program with a core dump.
void requireDisplay(int count, char** values)
{
    for (const char* variable : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) {
        if (const char* value = std::getenv(variable); value && *value)
            return;
    }
    if (std::none_of(values, values + count, [](std::string_view value) { return value == "-platform"; }))
        throw Error(ErrorKind::Device,
            "There is no display for the window. Start it in a desktop session; over SSH use a command, see "
            "'finetune-studio --help'.");
}
#endif

/// A file that is opened later must not get the number of a standard stream that is closed: messages would be
/// written into it.
void openStandardStreams()
{
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (fcntl(stream, F_GETFD) == -1 && errno == EBADF)
            static_cast<void>(open("/dev/null", O_RDWR)); // takes the lowest number that is free: this one
    }
}

/// oneDNN keeps the code and scratch memory of each shape of a matrix multiply. Packed batches hardly ever
/// repeat a number of tokens, so more than one step's shapes is memory without use (0.5 GB after 100 steps of
/// the starter model). Read once by oneDNN, at its first multiply.
void limitShapeCache()
{
    constexpr int replaceWhatIsSet = 0;
    setenv("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "32", replaceWhatIsSet);
}

} // namespace
} // namespace studio::app

int main(int argc, char** argv)
{
    using namespace studio::app;
    openStandardStreams();
    studio::installCrashHandler(studio::crashFolder(studio::dataHome()), "finetune-studio " STUDIO_VERSION);
    std::setlocale(LC_ALL, "C.UTF-8"); // the same output and the same numbers everywhere
    std::setlocale(LC_NUMERIC, "C");
    limitShapeCache();
#ifdef STUDIO_WITH_WINDOW
    if (wantsWindow(argc, argv)) {
        Console console;
        return guarded(console, [&] {
            requireDisplay(argc, argv);
            return studio::runWindow(argc, argv);
        });
    }
#else
    static_cast<void>(wantsWindow);
#endif
    installSignalHandlers();
    Console console;
    return guarded(console, [&] { return dispatch(console, {argv + 1, argv + argc}); });
}
