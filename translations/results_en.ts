<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>studio::ConfusionView</name>
    <message numerus="yes">
        <source>%Ln row(s)</source>
        <translation>
            <numerusform>%Ln row</numerusform>
            <numerusform>%Ln rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>studio::MetricCards</name>
    <message numerus="yes">
        <source>Test, %Ln row(s)</source>
        <translation>
            <numerusform>Test, %Ln row</numerusform>
            <numerusform>Test, %Ln rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Validation, %Ln row(s)</source>
        <translation>
            <numerusform>Validation, %Ln row</numerusform>
            <numerusform>Validation, %Ln rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>studio::ResultsPage</name>
    <message numerus="yes">
        <source>%Ln row(s)</source>
        <translation>
            <numerusform>%Ln row</numerusform>
            <numerusform>%Ln rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>studio::RunsPage</name>
    <message numerus="yes">
        <source>The first %n of the selected runs are drawn.</source>
        <translation>
            <numerusform>Only the first %n of the selected runs is drawn.</numerusform>
            <numerusform>The first %n of the selected runs are drawn.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) compared</source>
        <translation>
            <numerusform>%n run compared</numerusform>
            <numerusform>%n runs compared</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %n run(s) to the wastebasket?</source>
        <translation>
            <numerusform>Move %n run to the wastebasket?</numerusform>
            <numerusform>Move %n runs to the wastebasket?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>There is no wastebasket for this folder. Delete %n run(s) for good?</source>
        <translation>
            <numerusform>There is no wastebasket for this folder. Delete %n run for good?</numerusform>
            <numerusform>There is no wastebasket for this folder. Delete %n runs for good?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>studio::TokenChips</name>
    <message numerus="yes">
        <source>… %n more</source>
        <translation>
            <numerusform>… %n more</numerusform>
            <numerusform>… %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>studio::TryColumn</name>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n token(s) are unknown to this model.</source>
        <translation>
            <numerusform>%n token is unknown to this model.</numerusform>
            <numerusform>%n tokens are unknown to this model.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>studio::TryItPage</name>
    <message numerus="yes">
        <source>%Ln row(s) written to %1</source>
        <translation>
            <numerusform>%Ln row written to %1</numerusform>
            <numerusform>%Ln rows written to %1</numerusform>
        </translation>
    </message>
</context>
</TS>
