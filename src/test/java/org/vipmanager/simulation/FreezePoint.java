package org.vipmanager.simulation;

/** Where the daemon's process can be stopped in the middle of what it does. */
enum FreezePoint {
    /** While it waits, or between two tasks. */
    WAITING,
    /** After it has looked whether it was frozen, before it does what it was woken for. */
    BEFORE_TASK,
    /** After a question's time was taken, before it is sent. */
    BEFORE_SEND,
    /** Between computing a lifetime and the kernel's taking it in. */
    BEFORE_PUT,
    /** Between the kernel's taking it in and looking at the clock again. */
    AFTER_PUT,
    /** Before the kernel is asked to remove the address. */
    BEFORE_REMOVE,
    /** Before frames are sent. */
    BEFORE_ANNOUNCE
}
