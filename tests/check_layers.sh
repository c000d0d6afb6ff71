#!/bin/sh
# SPDX-License-Identifier: MIT
# check_layers.sh SOURCE BUILD: fails where a file breaks a rule of the tree that no compiler checks:
# core has no Qt, ui sees no torch header, no source is over 800 lines, each has its licence line.
source=$1
build=$2
faults=0
fault() {
    echo "$1"
    faults=$((faults + 1))
}
cd "$source" || exit 1
sources() { find "$@" \( -name '*.cpp' -o -name '*.h' \) -not -name '*.generated.*' 2>/dev/null; }

for file in $(grep -lE '^ *# *include *[<"](Q[A-Za-z]+|Qt[A-Za-z]+/.*)[>"]' $(sources core)); do
    fault "$file: core includes a Qt header"
done
for file in $(grep -lE '^ *# *include *[<"](torch|ATen|c10)/' $(sources ui app) /dev/null); do
    fault "$file: ui and app must not include torch headers"
done
for file in $(sources core ui app tests); do
    lines=$(wc -l <"$file")
    [ "$lines" -le 800 ] || fault "$file: $lines lines; split it by topic (limit 800)"
    head -n 3 "$file" | grep -q 'SPDX-License-Identifier: MIT' || fault "$file: the line 'SPDX-License-Identifier: MIT' is absent"
done

# What the compilers and the archives really saw.
commands=$build/compile_commands.json
if [ -f "$commands" ]; then
    awk -F'"' -v root="$source/" '
        /"command":/ { command = $0 }
        /"file":/ {
            file = substr($4, length(root) + 1)
            if (file ~ /^core\// && command ~ /\/qt6\//) print file ": core is compiled with a Qt include path"
            if (file ~ /^ui\// && command ~ /-isystem [^ ]*\/torch\/include/) print file ": ui is compiled with the torch include path"
        }' "$commands" >"$build/layers.txt"
    while read -r line; do fault "$line"; done <"$build/layers.txt"
fi
for archive in "$build"/core/libstudio_base.a "$build"/core/libstudio_core.a; do
    [ -f "$archive" ] || continue
    nm -C --undefined-only "$archive" 2>/dev/null | grep -E ' U (Q[A-Z][A-Za-z]+::|qt_)' && fault "$archive: refers to Qt"
done
[ "$faults" -eq 0 ] && echo "core, ui, app and tests keep their rules"
[ "$faults" -eq 0 ]
