package org.vipmanager.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.vipmanager.posix.FreshNetwork;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The JDK's client and Debian's dnsmasq. Needs root; touches nothing outside its namespaces. */
@Timeout(300)
@ExtendWith(FreshNetwork.class)
final class JndiNameServersLiveIT {

    private final JndiNameServers servers = new JndiNameServers("dns://127.0.0.1:5353");

    @Test
    void records_areFoundByTheFirstNameThatHasSome() throws Exception {
        Process dnsmasq =
                dnsmasq(
                        List.of(
                                "--srv-host=_etcd-client-ssl-prod._tcp.lab.test,b.lab.test,2379,2,1",
                                "--srv-host=_etcd-client-ssl-prod._tcp.lab.test,a.lab.test,2380,1,1",
                                "--srv-host=_etcd-client._tcp.lab.test,c.lab.test,2379,1,1"));
        try {
            assertThat(domain("prod").endpoints(servers, () -> 0))
                    .containsExactly(
                            URI.create("https://a.lab.test:2380"),
                            URI.create("https://b.lab.test:2379"));
            assertThat(domain(null).endpoints(servers, () -> 0))
                    .containsExactly(URI.create("http://c.lab.test:2379"));
            assertThatThrownBy(() -> domain("none").endpoints(servers, () -> 0))
                    .hasMessageStartingWith("there is no SRV record _etcd-client-ssl-none._tcp");
        } finally {
            dnsmasq.destroyForcibly().waitFor();
        }
    }

    /** By TCP: it does not fit into a datagram. */
    @Test
    void longAnswer_isWhole() throws Exception {
        List<String> records =
                IntStream.range(0, 60)
                        .mapToObj(
                                i ->
                                        "--srv-host=_etcd-client._tcp.lab.test,member-with-a-name-%d.lab.test,2379,1,1"
                                                .formatted(i))
                        .toList();
        Process dnsmasq = dnsmasq(records);
        try {
            assertThat(servers.srv("_etcd-client._tcp.lab.test")).hasSize(60);
        } finally {
            dnsmasq.destroyForcibly().waitFor();
        }
    }

    /** Nobody listens there. */
    @Test
    void silence_isNotTheAnswerThatThereIsNone() {
        assertThatThrownBy(() -> domain(null).endpoints(servers, () -> 0))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("no answer about _etcd-client-ssl._tcp.lab.test (");
    }

    private static EtcdDomain domain(String suffix) {
        return new EtcdDomain("lab.test", Optional.ofNullable(suffix));
    }

    private static Process dnsmasq(List<String> records) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "dnsmasq",
                                "--no-daemon",
                                "--no-resolv",
                                "--no-hosts",
                                "--user=root",
                                "--pid-file=",
                                "--conf-file=/dev/null",
                                "--local=/test/",
                                "--port=5353",
                                "--listen-address=127.0.0.1",
                                "--bind-interfaces"));
        command.addAll(records);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String line = process.inputReader().readLine();
        while (line != null && !line.contains("started")) {
            line = process.inputReader().readLine();
        }
        return process;
    }
}
