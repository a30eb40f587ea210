package org.vipmanager.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Secrets as a configuration names them by their files, for tests that replace those. */
public final class SecretFiles {

    private SecretFiles() {}

    /** As who rotates a secret should: nobody sees half of it. */
    public static void replace(Path file, String secret) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, secret + "\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    public static Supplier<String> etcdPassword(String user, Path file) {
        Map<String, String> flags =
                Map.of("etcd-user", user, "etcd-password-file", file.toString());
        return ((DcsConfig.Etcd) dcs(flags)).password().orElseThrow().current();
    }

    public static Supplier<String> consulToken(Path file) {
        Map<String, String> flags =
                Map.of("dcs-type", "consul", "consul-token-file", file.toString());
        return ((DcsConfig.Consul) dcs(flags)).token().orElseThrow().current();
    }

    private static DcsConfig dcs(Map<String, String> flags) {
        Map<String, String> all = new HashMap<>(flags);
        all.put("ip", "10.0.0.9");
        all.put("netmask", "24");
        all.put("interface", "lo");
        all.put("trigger-key", "/leader");
        LoadOutcome outcome = new ConfigLoader(all, Map.of()).load();
        if (outcome instanceof LoadOutcome.Loaded loaded) {
            return loaded.config().dcs();
        }
        throw new AssertionError(outcome);
    }
}
