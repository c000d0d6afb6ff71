// SPDX-License-Identifier: MIT
#pragma once

#include "app/command.h"
#include "app/line_reader.h"
#include "core/models/predictor.h"
#include "core/train/arguments.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace studio::app {

class Console;

/// Where a command takes its texts from.
struct TextOptions {
    std::vector<std::string> texts, pairs;
    std::string file;
    std::string pairFile; ///< line by line what belongs to the lines of `file`
    std::string pairName = "text_pair"; ///< of the option for second texts, for messages
    TrainingArguments arguments; ///< columns, format and machine
};

/// What is printed for one text: the object with --json, else the line.
struct TextAnswer {
    Json object = {};
    std::string line = {};
};

/// The texts of --text, of --file (lines, or a table's column), or of standard input.
class TextInputs {
public:
    /// Throws Error{Usage} where the options contradict each other, Error{File} where the file is absent:
    /// told before a model is loaded.
    TextInputs(Console& console, const TextOptions& options);
    ~TextInputs();

    /// Prints what `answer` says of at most per_device_eval_batch_size texts at a time, in order; a line that
    /// comes alone is answered alone.
    void answerAll(const std::function<std::vector<TextAnswer>(const std::vector<TextInput>&)>& answer);

private:
    void forEachBatch(size_t batch, const std::function<void(const std::vector<TextInput>&)>& answer);
    void answerLines(size_t batch, const std::function<void(const std::vector<TextInput>&)>& answer);
    void answerTable(size_t batch, const std::function<void(const std::vector<TextInput>&)>& answer);
    [[nodiscard]] std::optional<std::string> nextPair(bool textsEnded);
    [[nodiscard]] std::vector<TextInput> givenTexts();

    Console& m_console;
    const TextOptions& m_options;
    std::unique_ptr<LineReader> m_reader, m_pairReader;
};

/// The machine part of `arguments`; "auto" means fp32, as for everything that answers.
[[nodiscard]] PredictorOptions predictorOptions(const TrainingArguments& arguments);

/// --text, and --file below the heading `group`.
void addTextOptions(Command& command, const std::shared_ptr<TextOptions>& options, const std::string& group,
    const std::string& verb);

} // namespace studio::app
