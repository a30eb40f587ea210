package org.vipmanager.hetzner;

import org.vipmanager.core.PrintedAddress;
import org.vipmanager.hetzner.CloudSession.Trouble;
import org.vipmanager.provider.Answer;
import org.vipmanager.provider.Call;
import org.vipmanager.provider.Provider;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** Assigns a floating IP of Hetzner's Cloud to this server. */
public final class FloatingIpProvider implements Provider {

    private static final Duration A_WHILE = Duration.ofSeconds(30);

    private final CloudAccess access;
    private final CloudServer server;

    /** Of the interface, which finds them by number alone. */
    private final Map<InetAddress, Long> numbers = new ConcurrentHashMap<>();

    /**
     * @param serverId this server's number; asked of the metadata service when empty
     */
    public FloatingIpProvider(CloudAccess access, Optional<Long> serverId) {
        this.access = access;
        server = new CloudServer(access, serverId);
    }

    @Override
    public Answer state(Call call) {
        return new CloudSession(access, call).answer(session -> meaning(look(session)));
    }

    @Override
    public void close() {
        access.api().close();
    }

    @Override
    public Answer acquire(Call call) {
        return new CloudSession(access, call)
                .answer(
                        session -> {
                            long own = server.id();
                            long number = number(session);
                            if (!assign(session, number, own)) {
                                return new Answer.Switching("the Cloud is assigning it", A_WHILE);
                            }
                            // It was seen to succeed without having happened.
                            if (!isHere(look(session))) {
                                assign(session, number, own);
                            }
                            return isHere(look(session))
                                    ? new Answer.Here()
                                    : new Answer.Switching(
                                            "the Cloud has assigned it and does not show it yet",
                                            A_WHILE);
                        });
    }

    private boolean assign(CloudSession session, long number, long own) throws Trouble {
        try {
            Json answer =
                    session.post(
                            "/floating_ips/" + number + "/actions/assign",
                            "{\"server\": " + own + "}");
            return session.await(answer.get("action"));
        } catch (Trouble trouble) {
            if (trouble.code().equals("floating_ip_assigned") && isHere(look(session))) {
                return true;
            }
            throw trouble;
        }
    }

    private boolean isHere(Json floatingIp) throws Trouble {
        OptionalLong where = floatingIp.get("server").number();
        return where.isPresent() && where.getAsLong() == server.id();
    }

    private Answer.Outcome meaning(Json floatingIp) throws Trouble {
        if (isHere(floatingIp)) {
            return new Answer.Here();
        }
        OptionalLong where = floatingIp.get("server").number();
        return new Answer.Elsewhere(
                where.isPresent() ? "server " + where.getAsLong() : "no server");
    }

    /** By its number where that is known, else by its address on all pages. */
    private Json look(CloudSession session) throws Trouble {
        InetAddress address = session.call().vip().address();
        Long number = numbers.get(address);
        if (number != null) {
            try {
                return session.get("/floating_ips/" + number).get("floating_ip");
            } catch (Trouble trouble) {
                if (!trouble.code().equals("not_found")) {
                    throw trouble;
                }
                numbers.remove(address);
            }
        }
        Json found =
                session.find("/floating_ips", "floating_ips", item -> isOf(item, address))
                        .orElseThrow(
                                () ->
                                        Trouble.forAPerson(
                                                "the project of the token has no floating IP "
                                                        + PrintedAddress.of(address)));
        numbers.put(address, numberOf(found));
        return found;
    }

    private long number(CloudSession session) throws Trouble {
        Long known = numbers.get(session.call().vip().address());
        return known == null ? numberOf(look(session)) : known;
    }

    private static long numberOf(Json floatingIp) throws Trouble {
        return floatingIp
                .get("id")
                .number()
                .orElseThrow(() -> Trouble.passing("the Cloud tells no number of the floating IP"));
    }

    /** Of IPv6 a floating IP is a whole /64. */
    private static boolean isOf(Json item, InetAddress address) {
        String ip = item.get("ip").text().orElse("");
        int slash = ip.indexOf('/');
        return PrintedAddress.read(slash < 0 ? ip : ip.substring(0, slash))
                .map(ServerAddress::asNamed)
                .equals(Optional.of(ServerAddress.asNamed(address)));
    }
}
