package org.vipmanager.config;

import java.nio.file.Path;

/** Where a value was written; its text is what messages name. */
public sealed interface Source {

    /** A flag on the command line, such as {@code --interval}. */
    record Flag(String flag) implements Source {
        @Override
        public String toString() {
            return flag;
        }
    }

    /** A variable of the environment, such as {@code VIP_INTERVAL}. */
    record Variable(String variable) implements Source {
        @Override
        public String toString() {
            return variable;
        }
    }

    /** A line of the configuration file, counted from 1. */
    record Line(Path file, int line) implements Source {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    /** A file that a setting names, such as a certificate. */
    record Named(Path file) implements Source {
        @Override
        public String toString() {
            return file.toString();
        }
    }

    /** Nobody wrote it: the default holds. */
    record Default() implements Source {
        @Override
        public String toString() {
            return "default";
        }
    }

    /** Nobody wrote it, and there is no default. */
    record Nowhere() implements Source {
        @Override
        public String toString() {
            return "not set";
        }
    }
}
