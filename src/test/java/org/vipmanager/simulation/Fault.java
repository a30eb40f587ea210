package org.vipmanager.simulation;

/** What goes wrong. */
enum Fault {
    PROCESS_FROZEN,
    PROCESS_STUTTERS,
    PROCESS_KILLED,
    PROCESS_STOPPED,
    PROCESS_STOPPED_KEEPING,
    PROCESS_STARVED,
    HOST_SUSPENDED,
    HOST_PAUSED,
    DCS_CUT,
    DCS_CUT_ONE_WAY,
    DCS_SLOW,
    CLIENTS_CUT,
    FRAMES_LOST,
    STRAY_FRAME,
    LYING_STATION,
    PUTS_FAIL,
    REMOVALS_FAIL,
    ADDRESS_DELETED,
    ADDRESS_ADDED,
    LINK_FLAPS,
    ETCD_HUNG,
    ETCD_LEADERLESS,
    ETCD_RESTARTED,
    ETCD_ELECTION,
    ETCD_RESTORED,
    MEMBER_HUNG,
    MEMBER_DOWN,
    MEMBER_DEPOSED,
    MEMBER_READS_STALL,
    MEMBER_LAGGING,
    WATCH_SILENT,
    PATRONI_HANGS,
    /** Others keep the kernel busy: it takes a request in when they are done. */
    KERNEL_SLOW,
    /** Others remove the address just before it is renewed; the daemon learns of it after. */
    ADDRESS_DELETED_UNSEEN,
    /** Others put the address, or lengthen its life, for longer than any daemon may. */
    LIFETIME_OF_OTHERS,
    /** Others put the address again and again, and then the daemon is stopped. */
    ADDRESS_ADDED_AT_STOP,
    /** A station answers every probe for the address, as a proxy does. */
    PROBES_ANSWERED,
    /** Somebody claims the address in the name of another host. */
    NAME_FORGED,
    /** The kernel refuses to send: a queue is full. */
    ANNOUNCEMENTS_REFUSED,
    /** A watch tells nothing, and answers that it is alive. */
    WATCH_DEAF,
    /** A daemon is told to ask another cluster, in which the same is written by lower revisions. */
    SOURCE_REPLACED
}
