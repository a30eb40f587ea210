package org.vipmanager.check;

import java.util.List;
import java.util.Optional;

/**
 * A running program that puts addresses on interfaces.
 *
 * @param status the lines of its /proc/[pid]/status
 * @param settings all text in which it can have been told of an address: its arguments, its
 *     environment, its file; empty where this user may not read them
 * @param isHere whether it lives in this network namespace; false where this user may not see that
 */
record AddressManager(
        Kind kind, long pid, List<String> status, Optional<String> settings, boolean isHere) {

    /** Which program. */
    enum Kind {
        /** The daemon of this program. */
        OURS("vip-manager"),
        /** Its predecessor, written in Go. */
        GO("the vip-manager that is written in Go"),
        KEEPALIVED("keepalived");

        private final String name;

        Kind(String name) {
            this.name = name;
        }
    }

    /** Whether it is a process that the other one has started of the same program. */
    boolean isPartOf(AddressManager other) {
        return kind == other.kind
                && status.stream().anyMatch(line -> line.matches("PPid:\\s+" + other.pid));
    }

    /** Whether its settings name the address, as a whole and not as a part of another one. */
    boolean names(String address) {
        String text = settings.orElse("");
        for (int at = text.indexOf(address); at >= 0; at = text.indexOf(address, at + 1)) {
            int end = at + address.length();
            boolean isWhole =
                    (at == 0 || !isPartOfAddress(text.charAt(at - 1)))
                            && (end == text.length() || !isPartOfAddress(text.charAt(end)));
            if (isWhole) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPartOfAddress(char c) {
        return c >= '0' && c <= '9' || c == '.' || c == ':' || c >= 'a' && c <= 'f';
    }

    @Override
    public String toString() {
        return kind.name + " (process " + pid + ")";
    }
}
