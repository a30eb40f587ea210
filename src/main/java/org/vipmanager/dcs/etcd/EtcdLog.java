package org.vipmanager.dcs.etcd;

import org.vipmanager.log.Printable;
import org.vipmanager.log.TroubleLog;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The log of what happens with etcd: each trouble once when it begins, and once when it is over.
 */
final class EtcdLog {

    private static final String ALL = "etcd";

    private final Logger log;
    private final TroubleLog troubles;
    private final Set<URI> refusing = new HashSet<>();

    EtcdLog() {
        this(System.getLogger("org.vipmanager.etcd"));
    }

    EtcdLog(Logger log) {
        this.log = log;
        troubles = new TroubleLog(log);
    }

    /** Something does not work; told again only after {@link #allGood}. */
    void trouble(EtcdFailure failure) {
        String sentence = failure.sentence();
        if (isExplained(failure) || !troubles.began(ALL, Level.WARNING, sentence)) {
            log.log(Level.DEBUG, sentence);
        }
    }

    /**
     * A member that accepts no secure connection says why at one time, and just hangs up at
     * another.
     */
    private boolean isExplained(EtcdFailure failure) {
        if (failure.kind() == EtcdFailure.Kind.TLS) {
            refusing.add(failure.endpoint());
        }
        return failure.kind() == EtcdFailure.Kind.ENDED && refusing.contains(failure.endpoint());
    }

    /** What was warned of is well. */
    void info(URI endpoint, String sentence) {
        log.log(Level.INFO, "etcd " + endpoint + ": " + sentence);
    }

    /** Something that will stay so. */
    void warning(String sentence) {
        log.log(Level.WARNING, sentence);
    }

    /** Everything that was asked has been answered. */
    void allGood(URI endpoint) {
        if (troubles.isOpen(ALL)) {
            refusing.clear();
            troubles.over(ALL, "etcd " + endpoint + ": answers; the trouble with etcd is over");
        }
    }

    void answered(URI endpoint, EtcdConnection.Answer read) {
        if (log.isLoggable(Level.DEBUG)) {
            log.log(
                    Level.DEBUG,
                    "etcd {0}: read at revision {1} (term {2}): {3}",
                    endpoint,
                    Long.toString(read.revision()),
                    Long.toString(read.raftTerm()),
                    described(read.entries()));
        }
    }

    void changed(URI endpoint, List<EtcdEntry> changes) {
        if (log.isLoggable(Level.DEBUG)) {
            log.log(Level.DEBUG, "etcd {0}: watch tells {1}", endpoint, described(changes));
        }
    }

    void detail(URI endpoint, String sentence) {
        if (log.isLoggable(Level.DEBUG)) {
            log.log(Level.DEBUG, "etcd " + endpoint + ": " + sentence);
        }
    }

    private static List<String> described(List<EtcdEntry> entries) {
        return entries.stream().map(EtcdLog::described).toList();
    }

    private static String described(EtcdEntry entry) {
        return entry.key()
                + entry.value()
                        .map(
                                value ->
                                        " = %s (revision %d, lease %x)"
                                                .formatted(
                                                        Printable.quoted(value),
                                                        entry.modRevision(),
                                                        entry.leaseId()))
                        .orElse(" is absent");
    }
}
