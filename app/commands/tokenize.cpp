// SPDX-License-Identifier: MIT
#include "app/argument_options.h"
#include "app/commands/commands.h"
#include "app/console.h"
#include "app/line_reader.h"
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/text/tokenizer.h"

#include <algorithm>
#include <memory>

namespace studio::app {
namespace {

struct Options {
    std::string model, file;
    bool decode = false, skipSpecialTokens = false, noSpecialTokens = false;
    TrainingArguments arguments; ///< max_seq_length
};

std::string elidedJson(const Json& value)
{
    return elided(jsonLine(value), 60);
}

Json encoded(const Tokenizer& tokenizer, const Json& input, const EncodeOptions& encodeOptions)
{
    Encoding encoding;
    if (input.is_string()) {
        encoding = tokenizer.encode(input.get_ref<const std::string&>(), encodeOptions);
    } else if (input.is_array() && input.size() == 2 && input[0].is_string() && input[1].is_string()) {
        encoding = tokenizer.encodePair(
            input[0].get_ref<const std::string&>(), input[1].get_ref<const std::string&>(), encodeOptions);
    } else {
        throw Error(ErrorKind::Usage,
            concat("found ", elidedJson(input), ", expected a JSON string or [\"first\",\"second\"]."));
    }
    auto offsets = Json::array();
    for (const auto& span : encoding.offsets)
        offsets.push_back({span.start, span.end});
    Json answer = {{"input_ids", encoding.ids}, {"tokens", encoding.tokens}, {"offsets", std::move(offsets)},
        {"token_type_ids", encoding.typeIds}};
    if (encoding.truncated)
        answer["truncated"] = true;
    return answer;
}

Json decoded(const Tokenizer& tokenizer, const Json& input, bool skipSpecialTokens)
{
    std::vector<int32_t> ids;
    if (!input.is_array())
        throw Error(
            ErrorKind::Usage, concat("found ", elidedJson(input), ", expected an array of token ids."));
    for (const auto& id : input) {
        if (!id.is_number_integer() || id < 0 || id >= tokenizer.vocabularySize())
            throw Error(ErrorKind::Usage,
                concat("found the id ", elidedJson(id), ", expected whole numbers from 0 to ",
                    tokenizer.vocabularySize() - 1, "."));
        ids.push_back(id.get<int32_t>());
    }
    return {{"text", tokenizer.decode(ids, skipSpecialTokens)}};
}

int run(Console& console, const Options& options)
{
    const auto folder = modelFolder(options.model);
    const auto reader
        = options.file.empty() ? std::make_unique<LineReader>() : std::make_unique<LineReader>(options.file);
    const auto tokenizer = Tokenizer::load(folder);
    EncodeOptions encodeOptions{.addSpecialTokens = !options.noSpecialTokens};
    if (options.arguments.maxSeqLength > 0)
        encodeOptions.maxLength
            = static_cast<int32_t>(std::min<int64_t>(options.arguments.maxSeqLength, INT32_MAX));
    else
        encodeOptions.truncation = TruncationStrategy::DoNotTruncate;

    bool allGood = true;
    while (console.outputOpen()) {
        const auto line = reader->next();
        if (!line)
            break;
        const auto place = concat(reader->name(), ", line ", reader->lineNumber());
        if (reader->repaired())
            console.warn(
                concat(place, ": not valid UTF-8; the bytes that cannot be read were replaced by U+FFFD."));
        Json answer;
        try {
            Json input;
            try {
                input = Json::parse(*line);
            } catch (const Json::exception&) {
                throw Error(ErrorKind::Usage,
                    concat("found ", line->empty() ? std::string("an empty line") : elided(*line, 60),
                        options.decode ? ", expected a JSON array of token ids."
                                       : ", expected a JSON string or [\"first\",\"second\"]."));
            }
            answer = options.decode ? decoded(*tokenizer, input, options.skipSpecialTokens)
                                    : encoded(*tokenizer, input, encodeOptions);
        } catch (const Error& error) {
            allGood = false;
            const auto sentence = concat(place, ": ", error.what());
            console.error(sentence);
            answer = {{"error", sentence}};
        }
        console.object(answer, reader->hasWaitingLine());
    }
    console.flush();
    return allGood ? 0 : exitCode(ErrorKind::Usage);
}

} // namespace

Command tokenizeCommand(Console& console)
{
    const auto options = std::make_shared<Options>();
    Command command;
    command.name = "tokenize";
    command.summary = "show the tokens of texts, or the text of tokens";
    command.usage = "--model_name_or_path DIR [--decode] < lines";
    command.description = "Reads one JSON string a line (or [\"first\",\"second\"] for a pair) and answers "
                          "each with an object: "
                          "input_ids, tokens, and offsets, which count Unicode code points in the text "
                          "given. With --decode the "
                          "lines are arrays of token ids, the answers {\"text\":…}. A line that cannot be "
                          "understood is answered "
                          "with {\"error\":…}, and the exit code is 2 in the end.";
    command.examples = {
        {"tokenize --model_name_or_path starter <<< '\"Hello, world!\"'", "The tokens of one text."},
        {"tokenize --model_name_or_path starter --no_special_tokens < texts.jsonl",
            "Without [CLS] and [SEP]."},
        {"tokenize --model_name_or_path starter --decode --skip_special_tokens <<< '[101, 7592, 102]'",
            "Back to text."},
    };
    command.options.push_back(textOption("model_name_or_path", "DIR", "Model and texts",
        "Folder with the tokeniser: a model, a run, or 'starter'.", options->model));
    command.options.push_back(textOption(
        "file", "FILE", "Model and texts", "Lines from a file instead of standard input.", options->file));
    command.options.push_back(switchOption("no_special_tokens", "Tokens",
        "Leaves out the special tokens of the template.", options->noSpecialTokens));
    addArgumentOptions(command, options->arguments, {"max_seq_length"}, "Tokens");
    command.options.back().help
        = "Cuts to this many tokens, special tokens included; 0: nothing is cut. (default 0)";
    command.options.push_back(
        switchOption("decode", "Tokens", "From arrays of token ids to texts.", options->decode));
    command.options.push_back(switchOption("skip_special_tokens", "Tokens",
        "With --decode: leaves out special tokens.", options->skipSpecialTokens));
    addCommonOptions(command, console.json);
    command.run = [options](Console& output) { return run(output, *options); };
    return command;
}

} // namespace studio::app
