package org.vipmanager.simulation;

import java.util.List;

/** What keeps a host from learning or doing what it should. */
enum Impairment {
    /** The daemon's process is frozen or starved, or its puts fail. */
    STALLED,
    /** The daemon's process is frozen. */
    FROZEN,
    /** The daemon waits for a kernel that others keep busy. */
    KERNEL_BUSY,
    /** The daemon ends the connections of its address before it removes it. */
    RESETTING,
    /** The kernel refuses to put the address. */
    PUTS_FAIL,
    /** The daemon's process stood still between computing a lifetime and the kernel's answer. */
    FROZEN_IN_PUT,
    /** The same, before the kernel had taken it in: what it takes in then ends late. */
    FROZEN_BEFORE_PUT,
    /** The same, where the address was not there yet, and is put for a short time at first. */
    FROZEN_BEFORE_FIRST_PUT,
    /** The kernel refuses to remove the address. */
    UNREMOVABLE,
    /** The interface of the address is down. */
    LINK_DOWN,
    /** The daemon does not run. */
    DEAD,
    /** The whole host stood still: suspended, or its virtual machine paused. */
    STOOD_STILL,
    /** etcd cannot be asked: the way to it, or etcd itself, is broken or slow. */
    CUT_OFF,
    /** Changes are told late, or never; reads work. */
    WATCH_SILENT,
    /** The watch tells nothing and answers that it is alive, so that reads alone tell. */
    WATCH_DEAF,
    /**
     * A member of etcd is not well: who reads has left it after a while, who relies on its watch
     * may not have found out.
     */
    MEMBER_ILL,
    /** Claims of others are not heard, at least not all. */
    DEAF,
    /** The kernel refuses to send announcements. */
    MUTE;

    /** Those in which a daemon cannot remove an address at all. */
    static final List<Impairment> UNABLE = List.of(STALLED, UNREMOVABLE, STOOD_STILL, DEAD);
}
