package org.vipmanager.web.cluster;

import java.util.Optional;

/**
 * What asking one host has brought: its status, or why there is none.
 *
 * @param asked where; empty for this host itself
 * @param trouble empty where there is a status
 */
public record HostAnswer(String asked, Optional<HostStatus> status, String trouble) {

    static HostAnswer of(String asked, HostStatus status) {
        return new HostAnswer(asked, Optional.of(status), "");
    }

    static HostAnswer failed(String asked, String trouble) {
        return new HostAnswer(asked, Optional.empty(), trouble);
    }

    public boolean isThisHost() {
        return asked.isEmpty();
    }

    /** What people call it. */
    public String name() {
        return status.map(HostStatus::name)
                .filter(name -> !name.isEmpty())
                .orElse(isThisHost() ? "this host" : asked);
    }
}
