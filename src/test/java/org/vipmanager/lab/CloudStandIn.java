package org.vipmanager.lab;

import org.vipmanager.hetzner.CloudStub;
import org.vipmanager.hetzner.HttpStub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Hetzner's Cloud in a host of the lab, with the address as a floating IP and as an alias IP, and a
 * server for each of the two hosts. An action takes its time, and locks what it changes.
 */
final class CloudStandIn implements ProviderStandIn {

    static final int PORT = 8082;
    static final String TOKEN = "hush";

    private static final long FLOATING_IP = 90;

    /** The servers of the hosts. */
    private static final List<String> SERVERS = List.of("41", "42");

    private final CloudStub cloud;
    private final boolean isAlias;
    private final String address;
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    /**
     * @param isAlias whether {@link #active} tells of the alias
     */
    CloudStandIn(Lab lab, boolean isAlias, Duration actionTime) {
        this.isAlias = isAlias;
        address = lab.vip().getHostAddress();
        ServerSocket socket =
                lab.etcd()
                        .host()
                        .namespace()
                        .call(
                                () -> {
                                    try {
                                        return new ServerSocket(PORT);
                                    } catch (IOException e) {
                                        throw new UncheckedIOException(e);
                                    }
                                });
        cloud = new CloudStub(socket);
        cloud.floatingIp(FLOATING_IP, address, 7);
        // Others' entries, which must stay.
        SERVERS.forEach(server -> cloud.server(Long.parseLong(server), "10.9.9." + server));
        cloud.actionTime(actionTime);
        cloud.onAnswer(
                (asked, status) -> {
                    requests.add(
                            new Request(asked.method(), server(asked), status, System.nanoTime()));
                    lab.timeline().note("the Cloud: " + asked + " -> " + status);
                });
    }

    static String server(int host) {
        return SERVERS.get(host - 1);
    }

    private static String server(HttpStub.Asked asked) {
        return asked.path().startsWith("/servers/")
                ? asked.path().split("/")[2]
                : asked.body().replaceAll("\\D", "");
    }

    void readOnly(boolean isReadOnly) {
        cloud.readOnly(isReadOnly);
    }

    /** Whether nobody's entries but the address have come or gone. */
    boolean keptTheOthers() {
        return SERVERS.stream()
                .allMatch(
                        server ->
                                cloud.aliases(Long.parseLong(server)).stream()
                                        .filter(alias -> !alias.equals(address))
                                        .toList()
                                        .equals(List.of("10.9.9." + server)));
    }

    @Override
    public String active() {
        if (!isAlias) {
            return Long.toString(cloud.holder(FLOATING_IP));
        }
        List<String> having =
                SERVERS.stream()
                        .filter(server -> cloud.aliases(Long.parseLong(server)).contains(address))
                        .toList();
        return having.size() == 1 ? having.getFirst() : having.toString();
    }

    @Override
    public boolean isSwitching() {
        return cloud.isBusy();
    }

    @Override
    public void down(boolean isDown) {
        cloud.down(isDown);
    }

    @Override
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        try {
            cloud.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
