package org.vipmanager.lab;

/** How a network link fails. */
enum Cut {
    /** The interface goes down: sockets get errors at once. */
    LINK_DOWN,
    /** The link looks healthy and every packet vanishes, in both directions. */
    SILENCE
}
