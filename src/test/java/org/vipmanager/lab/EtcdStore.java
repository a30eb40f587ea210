package org.vipmanager.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Three members of etcd. */
final class EtcdStore implements Store {

    private static final Duration BETWEEN_RESTARTS = Duration.ofSeconds(3);

    private final List<EtcdServer> members = new ArrayList<>();
    private final EtcdClient client;

    EtcdStore(List<Host> hosts, Network network, Path logs, Timeline timeline) {
        for (Host host : hosts) {
            members.add(
                    new EtcdServer(
                            host,
                            hosts,
                            network.folder(host.name()),
                            logs.resolve(host.name() + ".log"),
                            timeline));
        }
        client =
                new EtcdClient(
                        members.stream().map(EtcdServer::endpoint).toList(),
                        Duration.ofMillis(300));
    }

    @Override
    public void start() {
        members.forEach(EtcdServer::start);
        members.forEach(EtcdServer::awaitReady);
    }

    @Override
    public void join(Host host) {
        // The hosts ask the members themselves.
    }

    @Override
    public void stop() {
        members.forEach(EtcdServer::kill);
    }

    @Override
    public void startAgain() {
        start();
    }

    @Override
    public void restartOneByOne() throws InterruptedException {
        for (EtcdServer member : members) {
            member.kill();
            Thread.sleep(BETWEEN_RESTARTS);
            member.start();
            member.awaitReady();
            Thread.sleep(BETWEEN_RESTARTS);
        }
    }

    @Override
    public String patroniSection() {
        return "etcd3: {hosts: ["
                + String.join(
                        ", ",
                        members.stream()
                                .map(member -> member.endpoint().replace("http://", ""))
                                .toList())
                + "]}";
    }

    @Override
    public List<String> daemonFlags(String leaderKey) {
        return List.of(
                "--dcs-type=etcd",
                "--dcs-endpoints="
                        + String.join(",", members.stream().map(EtcdServer::endpoint).toList()),
                "--trigger-key=" + leaderKey);
    }

    @Override
    public Optional<String> value(String key) {
        return client.get(key).map(EtcdClient.Entry::value);
    }

    @Override
    public void close() {
        members.forEach(EtcdServer::close);
    }
}
