// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/dataset.h"
#include "core/data/table.h"
#include "core/train/arguments.h"

namespace studio {

/// The job's data fields as options of the reader. Throws Error{Settings} naming a value that does not fit.
[[nodiscard]] TableOptions readerOptions(const TrainingArguments& arguments);
/// Cleaning and problem type of the job with this mapping.
[[nodiscard]] DatasetOptions datasetOptions(const TrainingArguments& arguments, const ColumnMapping& mapping);
/// The job's columns; what it leaves open comes from `suggestion`.
[[nodiscard]] ColumnMapping columnMapping(
    const TrainingArguments& arguments, const ColumnMapping& suggestion);
/// Puts a mapping into the job.
void setColumnMapping(TrainingArguments& arguments, const ColumnMapping& mapping);

} // namespace studio
