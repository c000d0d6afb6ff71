<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="en">
    <context>
        <name>studio::Format</name>
        <message numerus="yes">
            <source>about %n seconds</source>
            <translation>
                <numerusform>about %n second</numerusform>
                <numerusform>about %n seconds</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>about %n minutes</source>
            <translation>
                <numerusform>about %n minute</numerusform>
                <numerusform>about %n minutes</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>studio::SettingsPage</name>
        <message numerus="yes">
            <source>%1: %2, %n cores, %3 memory</source>
            <translation>
                <numerusform>%1: %2, %n core, %3 memory</numerusform>
                <numerusform>%1: %2, %n cores, %3 memory</numerusform>
            </translation>
        </message>
    </context>
</TS>
