package org.vipmanager.config;

import java.util.List;

/** A piece of a YAML file that knows its line; scalars keep the text that was written. */
sealed interface YamlNode {

    /** Counted from 1. */
    int line();

    /** How many nodes this one would be, were every alias written out. */
    long size();

    record Scalar(String text, int line) implements YamlNode {
        @Override
        public long size() {
            return 1;
        }
    }

    record Sequence(List<YamlNode> items, int line, long size) implements YamlNode {}

    record Mapping(List<Entry> entries, int line, long size) implements YamlNode {}

    record Entry(String key, int line, YamlNode value) {}
}
