package org.vipmanager.check;

import org.vipmanager.config.Config;
import org.vipmanager.config.LoadOutcome;
import org.vipmanager.netlink.HostNetwork;
import org.vipmanager.posix.FfmLibC;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at all that an address depends on. Changes nothing; every part of it is bounded in time.
 */
public final class Check {

    private static final Path PROC = Path.of("/proc");

    private final LoadOutcome.Loaded loaded;
    private final Config config;

    private Check(LoadOutcome.Loaded loaded) {
        this.loaded = loaded;
        this.config = loaded.config();
    }

    /** Does it, with the configuration that a daemon would start with. */
    public static Report of(LoadOutcome.Loaded loaded) {
        return new Check(loaded).report();
    }

    private Report report() {
        List<Finding> findings = new ArrayList<>(new SettingsCheck(loaded).findings());
        findings.addAll(ofHost());
        return new Report(loaded.effective(), findings);
    }

    private List<Finding> ofHost() {
        List<AddressManager> running = new RunningManagers(PROC).list();
        List<Finding> findings =
                new ArrayList<>(new PrivilegeCheck(ownStatus(), running).findings());
        try {
            HostNetwork host = HostNetwork.read(new FfmLibC());
            findings.addAll(new InterfaceCheck(config, host).findings());
            findings.addAll(new KernelCheck(config, host, PROC.resolve("sys/net")).findings());
            findings.addAll(new ManagersCheck(config, host, running).findings());
        } catch (IOException e) {
            findings.add(
                    Finding.error(
                            Item.INTERFACE,
                            "the kernel does not tell its interfaces: " + e.getMessage(),
                            "the daemon needs them as well: look at what confines this process"));
        }
        return findings;
    }

    private static List<String> ownStatus() {
        try {
            return Files.readAllLines(PROC.resolve("self/status"));
        } catch (IOException notShown) {
            return List.of();
        }
    }
}
