<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
    <context>
        <name>studio::FileLine</name>
        <message numerus="yes">
            <source>%1 · %Ln rows</source>
            <translation>
                <numerusform>%1 · %Ln row</numerusform>
                <numerusform>%1 · %Ln rows</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>studio::LabelCard</name>
        <message numerus="yes">
            <source>%Ln classes, several a text</source>
            <translation>
                <numerusform>%Ln class, several a text</numerusform>
                <numerusform>%Ln classes, several a text</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln classes</source>
            <translation>
                <numerusform>%Ln class</numerusform>
                <numerusform>%Ln classes</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>studio::ModelCard</name>
        <message numerus="yes">
            <source>%Ln tensors are not in the checkpoint and will be created.</source>
            <translation>
                <numerusform>%Ln tensor is not in the checkpoint and will be created.</numerusform>
                <numerusform>%Ln tensors are not in the checkpoint and will be created.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1 in %Ln parts</source>
            <extracomment>%1 is the name of a file</extracomment>
            <translation>
                <numerusform>%1 in %Ln part</numerusform>
                <numerusform>%1 in %Ln parts</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>studio::ProblemTreeModel</name>
        <message numerus="yes">
            <source>%Ln rows with an empty text</source>
            <translation>
                <numerusform>%Ln row with an empty text</numerusform>
                <numerusform>%Ln rows with an empty text</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln rows without a label</source>
            <translation>
                <numerusform>%Ln row without a label</numerusform>
                <numerusform>%Ln rows without a label</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln rows with a wrong number of fields</source>
            <translation>
                <numerusform>%Ln row with a wrong number of fields</numerusform>
                <numerusform>%Ln rows with a wrong number of fields</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln rows with undecodable bytes</source>
            <translation>
                <numerusform>%Ln row with undecodable bytes</numerusform>
                <numerusform>%Ln rows with undecodable bytes</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln rows with zero bytes</source>
            <translation>
                <numerusform>%Ln row with zero bytes</numerusform>
                <numerusform>%Ln rows with zero bytes</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln rows with an unclosed quote</source>
            <translation>
                <numerusform>%Ln row with an unclosed quote</numerusform>
                <numerusform>%Ln rows with an unclosed quote</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln rows of invalid JSON</source>
            <translation>
                <numerusform>%Ln row of invalid JSON</numerusform>
                <numerusform>%Ln rows of invalid JSON</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln rows with an unreadable label</source>
            <translation>
                <numerusform>%Ln row with an unreadable label</numerusform>
                <numerusform>%Ln rows with an unreadable label</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln repeated rows</source>
            <translation>
                <numerusform>%Ln repeated row</numerusform>
                <numerusform>%Ln repeated rows</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln rows with conflicting labels</source>
            <translation>
                <numerusform>%Ln row with conflicting labels</numerusform>
                <numerusform>%Ln rows with conflicting labels</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln rows, label differs only by case</source>
            <translation>
                <numerusform>%Ln row, label differs only by case</numerusform>
                <numerusform>%Ln rows, label differs only by case</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln rows of very small classes</source>
            <translation>
                <numerusform>%Ln row of very small classes</numerusform>
                <numerusform>%Ln rows of very small classes</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln texts in training and in test</source>
            <translation>
                <numerusform>%Ln text in training and in test</numerusform>
                <numerusform>%Ln texts in training and in test</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln texts in training and in validation</source>
            <translation>
                <numerusform>%Ln text in training and in validation</numerusform>
                <numerusform>%Ln texts in training and in validation</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln test rows with an unknown label</source>
            <translation>
                <numerusform>%Ln test row with an unknown label</numerusform>
                <numerusform>%Ln test rows with an unknown label</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln validation rows with an unknown label</source>
            <translation>
                <numerusform>%Ln validation row with an unknown label</numerusform>
                <numerusform>%Ln validation rows with an unknown label</numerusform>
            </translation>
        </message>
    </context>
</TS>
