package org.vipmanager.simulation;

/** A promise that was broken. */
record Violation(char invariant, String what) {

    @Override
    public String toString() {
        return "(" + invariant + ") " + what;
    }
}
