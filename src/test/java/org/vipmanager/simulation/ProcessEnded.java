package org.vipmanager.simulation;

/** Thrown out of the middle of a task whose process was killed while it stood still. */
@SuppressWarnings("serial")
final class ProcessEnded extends RuntimeException {

    ProcessEnded() {
        super("the simulated process was killed", null, false, false);
    }
}
