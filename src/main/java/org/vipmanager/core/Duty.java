package org.vipmanager.core;

/**
 * Something that is to be done, unless an event changes that before.
 *
 * @param dueAt when; {@link Moment#NEVER} when nothing but an event can bring it about
 * @param action what is done then, after which it is due later or not at all
 */
record Duty(Moment dueAt, Runnable action) {

    static final Duty NONE = new Duty(Moment.NEVER, () -> {});

    /** Only if the condition holds. */
    static Duty when(boolean condition, Moment dueAt, Runnable action) {
        return condition ? new Duty(dueAt, action) : NONE;
    }

    void fulfilIfDue(Moment now) {
        if (!now.isBefore(dueAt)) {
            action.run();
        }
    }
}
