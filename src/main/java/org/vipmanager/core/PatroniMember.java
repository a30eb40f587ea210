package org.vipmanager.core;

import java.util.Optional;

/**
 * Which member of which cluster a Patroni says that it is.
 *
 * @param scope the cluster's name, {@code patroni.scope}; empty when it does not say
 * @param name the member's, {@code patroni.name}; empty when it does not say, as Patroni 3.0 does
 *     not
 * @param onThisHost whether it was asked at an address of this host, where without a name a scope
 *     has one member only
 */
public record PatroniMember(Optional<String> scope, Optional<String> name, boolean onThisHost) {

    public static final PatroniMember UNKNOWN =
            new PatroniMember(Optional.empty(), Optional.empty(), false);

    /**
     * Whether it speaks of this key and of who is meant by its value: two clusters on one host, or
     * a load balancer, otherwise vouch for each other.
     */
    public boolean speaksFor(Trigger trigger) {
        return scope.isPresent()
                && isLeaderKeyOf(scope.get(), trigger.key())
                && name.map(trigger.value()::equals).orElse(onThisHost);
    }

    /**
     * Whether the key has the form of a leader key at all: what else it is, no Patroni leads by.
     */
    public static boolean isLeaderKey(String key) {
        String path = key.replaceFirst("^/+", "");
        return path.endsWith("/leader");
    }

    /**
     * {@code NAMESPACE/SCOPE/leader}, or with a group of Citus between scope and {@code leader}
     * (client_path in Patroni's dcs/__init__.py). The namespace may have slashes of its own.
     */
    private static boolean isLeaderKeyOf(String scope, String key) {
        String path = ("/" + key).replaceAll("/+", "/");
        if (!isLeaderKey(path)) {
            return false;
        }
        String folder = path.substring(0, path.lastIndexOf('/'));
        String withoutGroup = folder.replaceFirst("/[0-9]+$", "");
        return folder.endsWith("/" + scope) || withoutGroup.endsWith("/" + scope);
    }
}
