package org.vipmanager.discovery;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * The domain whose name servers know an etcd cluster, as Patroni's {@code srv} and {@code
 * srv_suffix} name it.
 *
 * @param name such as {@code example.com}
 * @param suffix tells several clusters of the domain apart: {@code _etcd-client-SUFFIX._tcp}
 */
public record EtcdDomain(String name, Optional<String> suffix) {

    /** More would not be reached within a lease; etcd has seven members at most. */
    private static final int MOST_ENDPOINTS = 100;

    /** In the order in which Patroni asks for them; the first that has records counts. */
    private static final List<String> SERVICES =
            List.of("etcd-client-ssl", "etcd-client", "etcd-ssl", "etcd");

    /**
     * Asks for the members' endpoints: https exactly where the service's name ends with {@code
     * -ssl}. A name that nobody answers for ends the search: to go on to the next one would be to
     * speak without TLS because somebody keeps an answer back.
     *
     * @throws IOException when nobody knows, with one sentence without a full stop
     */
    public List<URI> endpoints(NameServers servers, DoubleSupplier chance) throws IOException {
        for (String service : SERVICES) {
            String asked = nameOf(service);
            List<SrvRecord> records = records(servers, asked);
            if (!records.isEmpty()) {
                String scheme = service.endsWith("-ssl") ? "https" : "http";
                return SrvRecord.inOrder(records, chance).stream()
                        .limit(MOST_ENDPOINTS)
                        .map(one -> URI.create(scheme + "://" + one.target() + ":" + one.port()))
                        .distinct()
                        .toList();
            }
        }
        throw new IOException(
                "there is no SRV record "
                        + String.join(", ", SERVICES.stream().map(this::nameOf).toList()));
    }

    private static List<SrvRecord> records(NameServers servers, String asked) throws IOException {
        try {
            return servers.srv(asked).stream().filter(SrvRecord::isService).toList();
        } catch (IOException e) {
            throw new IOException("no answer about " + asked + " (" + e.getMessage() + ")", e);
        }
    }

    private String nameOf(String service) {
        return "_" + service + suffix.map(text -> "-" + text).orElse("") + "._tcp." + name;
    }

    @Override
    public String toString() {
        return name + suffix.map(text -> ", suffix " + text).orElse("");
    }
}
