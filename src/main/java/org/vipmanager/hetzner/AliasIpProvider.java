package org.vipmanager.hetzner;

import org.vipmanager.core.PrintedAddress;
import org.vipmanager.hetzner.CloudSession.Trouble;
import org.vipmanager.provider.Answer;
import org.vipmanager.provider.Call;
import org.vipmanager.provider.Provider;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes an address of a private network of Hetzner's Cloud an alias of this server: first away from
 * the server that has it, then here, as it can be alias of one alone.
 *
 * <p>The interface only replaces the whole list of a server's aliases: it is read, changed and
 * written, the others' entries as they were.
 */
public final class AliasIpProvider implements Provider {

    private static final Duration A_WHILE = Duration.ofSeconds(15);

    private final CloudAccess access;
    private final CloudServer server;
    private final long network;

    /** Between reading and writing a list nobody else of this host may write it. */
    private final ReentrantLock writing = new ReentrantLock();

    /**
     * @param network the number of the private network
     */
    public AliasIpProvider(CloudAccess access, Optional<Long> serverId, long network) {
        this.access = access;
        this.network = network;
        server = new CloudServer(access, serverId);
    }

    @Override
    public Answer state(Call call) {
        return new CloudSession(access, call)
                .answer(
                        session ->
                                aliases(own(session)).contains(address(session))
                                        ? new Answer.Here()
                                        : new Answer.Elsewhere("another server, or none"));
    }

    @Override
    public void close() {
        access.api().close();
    }

    @Override
    public Answer acquire(Call call) {
        writing.lock();
        try {
            return new CloudSession(access, call).answer(this::acquire);
        } finally {
            writing.unlock();
        }
    }

    private Answer.Outcome acquire(CloudSession session) throws Trouble {
        String address = address(session);
        if (aliases(own(session)).contains(address)) {
            return new Answer.Here();
        }
        long ownNumber = server.id();
        Optional<Json> holder =
                session.find(
                        "/servers",
                        "servers",
                        other ->
                                other.get("id").number().orElse(ownNumber) != ownNumber
                                        && isInNetwork(other)
                                        && aliases(other).contains(address));
        if (holder.isPresent()) {
            OptionalLong number = holder.get().get("id").number();
            List<String> others =
                    aliases(holder.get()).stream().filter(alias -> !alias.equals(address)).toList();
            if (number.isPresent() && !change(session, number.getAsLong(), others)) {
                return new Answer.Switching("the Cloud is taking it from another server", A_WHILE);
            }
        }
        // Read again: what was added meanwhile stays.
        List<String> with =
                Stream.concat(aliases(own(session)).stream(), Stream.of(address))
                        .distinct()
                        .toList();
        if (!change(session, ownNumber, with)) {
            return new Answer.Switching("the Cloud is adding it to this server", A_WHILE);
        }
        return aliases(own(session)).contains(address)
                ? new Answer.Here()
                : new Answer.Switching("the Cloud has added it and does not show it yet", A_WHILE);
    }

    private boolean change(CloudSession session, long number, List<String> aliases) throws Trouble {
        String list =
                aliases.stream()
                        .map(alias -> '"' + alias + '"')
                        .collect(Collectors.joining(", ", "[", "]"));
        Json answer =
                session.post(
                        "/servers/" + number + "/actions/change_alias_ips",
                        "{\"network\": %d, \"alias_ips\": %s}".formatted(network, list));
        return session.await(answer.get("action"));
    }

    private Json own(CloudSession session) throws Trouble {
        Json own = session.get("/servers/" + server.id()).get("server");
        if (!isInNetwork(own)) {
            throw Trouble.forAPerson(
                    "this server (%d) is not in network %d: attach it, or correct hetzner-cloud-network"
                            .formatted(server.id(), network));
        }
        return own;
    }

    private static String address(CloudSession session) {
        return PrintedAddress.of(session.call().vip().address());
    }

    private boolean isInNetwork(Json server) {
        return privateNet(server).findAny().isPresent();
    }

    /** Only what is an address: it is written back. */
    private List<String> aliases(Json server) {
        return privateNet(server)
                .flatMap(net -> net.get("alias_ips").items())
                .flatMap(alias -> alias.text().stream())
                .filter(alias -> alias.matches("[0-9a-fA-F.:]+"))
                .toList();
    }

    private Stream<Json> privateNet(Json server) {
        return server.get("private_net")
                .items()
                .filter(net -> net.get("network").number().orElse(-1) == network);
    }
}
