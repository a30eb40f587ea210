package org.vipmanager.check;

import org.vipmanager.config.Config;
import org.vipmanager.config.DcsConfig;
import org.vipmanager.config.Secret;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.dcs.etcd.EtcdConnection;
import org.vipmanager.dcs.etcd.EtcdEntry;
import org.vipmanager.dcs.etcd.EtcdFailure;
import org.vipmanager.dcs.etcd.grpc.EtcdAccess;
import org.vipmanager.dcs.etcd.grpc.EtcdInquiry;
import org.vipmanager.dcs.etcd.grpc.GrpcEtcdCalls;
import org.vipmanager.http.HttpAnswer;
import org.vipmanager.http.HttpOutcome;
import org.vipmanager.http.HttpQuestion;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** etcd, through the connections of the daemon. */
final class EtcdStore implements Store {

    private static final int MOST_LEASES = 16;

    private final Inquiries inquiries;
    private final Web web;
    private final GrpcEtcdCalls calls;
    private final Optional<String> user;
    private final Duration timeout;
    private final Map<URI, EtcdInquiry> open = new HashMap<>();

    /** What was answered, or why not. */
    private sealed interface Reply<T> {

        record Told<T>(T value) implements Reply<T> {}

        record Failed<T>(EtcdFailure failure) implements Reply<T> {}
    }

    /** A question of {@link EtcdInquiry}, which has an answer or fails. */
    private interface Question<T> {
        void ask(EtcdInquiry inquiry, Consumer<T> answered, Consumer<EtcdFailure> failed);
    }

    EtcdStore(Inquiries inquiries, Config config, DcsConfig.Etcd etcd) {
        this.inquiries = inquiries;
        this.web = new Web(inquiries, etcd.tls(), etcd.endpoints(), Check.patience(config));
        this.user = etcd.user();
        this.timeout = config.dcsTimeout();
        EtcdAccess access =
                new EtcdAccess(
                        etcd.user(),
                        etcd.password().map(Secret::current).orElse(() -> ""),
                        etcd.tls());
        calls = new GrpcEtcdCalls(inquiries.loop(), access);
    }

    @Override
    public Survey survey(URI endpoint, Set<String> keys, Deadline deadline) {
        Optional<Reply<EtcdInquiry.Member>> status =
                ask(
                        endpoint,
                        deadline,
                        (inquiry, answered, failed) ->
                                inquiry.status(deadline.left(), answered, failed));
        if (status.isEmpty()) {
            return Survey.silent(endpoint);
        }
        return switch (status.get()) {
            case Reply.Failed<EtcdInquiry.Member> failed ->
                    Survey.failed(endpoint, finding(endpoint, failed.failure()));
            case Reply.Told<EtcdInquiry.Member> told when !told.value().hasLeader() ->
                    Survey.failed(
                            endpoint,
                            Finding.error(
                                    Item.ENDPOINT,
                                    endpoint + " answers, and has no leader",
                                    "the etcd cluster has no quorum, or is electing: etcdctl endpoint"
                                            + " status --cluster"));
            case Reply.Told<EtcdInquiry.Member> told ->
                    read(endpoint, told.value(), keys, deadline);
        };
    }

    private Survey read(
            URI endpoint, EtcdInquiry.Member member, Set<String> keys, Deadline deadline) {
        Optional<String> cluster = Optional.of(Long.toHexString(member.clusterId()));
        Map<String, EtcdEntry> entries = new LinkedHashMap<>();
        List<String> left = new ArrayList<>(keys);
        Duration took = Duration.ZERO;
        while (!left.isEmpty()) {
            List<String> some =
                    List.copyOf(left.subList(0, Math.min(left.size(), EtcdConnection.MOST_KEYS)));
            left.subList(0, some.size()).clear();
            long asked = System.nanoTime();
            Optional<Reply<EtcdConnection.Answer>> reply =
                    ask(
                            endpoint,
                            deadline,
                            (inquiry, answered, failed) ->
                                    inquiry.connection()
                                            .read(some, deadline.left(), answered, failed));
            if (reply.isEmpty()) {
                return Survey.silent(endpoint);
            }
            if (reply.get() instanceof Reply.Failed<EtcdConnection.Answer> failed) {
                return Survey.failed(endpoint, finding(endpoint, failed.failure()));
            }
            if (reply.get() instanceof Reply.Told<EtcdConnection.Answer> told) {
                told.value().entries().forEach(entry -> entries.put(entry.key(), entry));
                took = Duration.ofNanos(System.nanoTime() - asked);
            }
        }
        String what =
                "etcd "
                        + member.version()
                        + ", with a leader"
                        + user.map(name -> ", to user \"" + name + "\"").orElse("");
        return new Survey(
                endpoint,
                List.of(Survey.told(endpoint, what, took, timeout)),
                cluster,
                Optional.of(states(endpoint, entries, deadline)));
    }

    private Map<String, KeyState> states(
            URI endpoint, Map<String, EtcdEntry> entries, Deadline deadline) {
        Map<Long, KeyState.Bond> bonds = new HashMap<>();
        Map<String, KeyState> states = new HashMap<>();
        for (EtcdEntry entry : entries.values()) {
            KeyState.Bond bond = bonds.get(entry.leaseId());
            if (bond == null) {
                bond =
                        entry.leaseId() == 0
                                ? new KeyState.Nothing()
                                : bonds.size() < MOST_LEASES
                                        ? lease(endpoint, entry.leaseId(), deadline)
                                        : new KeyState.UnknownLease(
                                                "there are too many to ask for all");
                bonds.put(entry.leaseId(), bond);
            }
            states.put(entry.key(), new KeyState(entry.value(), bond));
        }
        return states;
    }

    private KeyState.Bond lease(URI endpoint, long id, Deadline deadline) {
        Optional<Reply<LeaseProof.Answer>> reply =
                ask(
                        endpoint,
                        deadline,
                        (inquiry, answered, failed) ->
                                inquiry.connection()
                                        .timeToLive(id, deadline.left(), answered, failed));
        return switch (reply.orElse(null)) {
            case Reply.Told<LeaseProof.Answer> told ->
                    new KeyState.Lease(told.value().remaining(), told.value().granted());
            case Reply.Failed<LeaseProof.Answer> failed ->
                    new KeyState.UnknownLease(failed.failure().details());
            case null -> new KeyState.UnknownLease("no answer in time");
        };
    }

    private static Finding finding(URI endpoint, EtcdFailure failure) {
        return Finding.error(Item.ENDPOINT, endpoint + ": " + failure.details(), failure.advice());
    }

    @Override
    public List<String> keysBelow(URI endpoint, String prefix, Deadline deadline) {
        return this.<List<String>>ask(
                        endpoint,
                        deadline,
                        (inquiry, answered, failed) ->
                                inquiry.keysBelow(prefix, deadline.left(), answered, failed))
                .map(reply -> reply instanceof Reply.Told<List<String>> told ? told.value() : null)
                .orElse(List.of());
    }

    @Override
    public Optional<String> value(URI endpoint, String key, Deadline deadline) {
        return this.<EtcdConnection.Answer>ask(
                        endpoint,
                        deadline,
                        (inquiry, answered, failed) ->
                                inquiry.connection()
                                        .read(List.of(key), deadline.left(), answered, failed))
                .flatMap(
                        reply ->
                                reply instanceof Reply.Told<EtcdConnection.Answer> told
                                        ? told.value().entries().getFirst().value()
                                        : Optional.empty());
    }

    /** {@code GET /v2/keys/KEY}, which servers before 3.6 have where it is switched on. */
    @Override
    public boolean hasInOldInterface(URI endpoint, String key, Deadline deadline) {
        URI uri = URI.create(endpoint + "/v2/keys/" + Web.path(key));
        Optional<HttpOutcome> outcome = web.ask(HttpQuestion.get(uri, deadline.left()), deadline);
        return outcome.isPresent()
                && outcome.get() instanceof HttpAnswer answer
                && answer.status() == 200
                && answer.body().contains("\"node\"");
    }

    private <T> Optional<Reply<T>> ask(URI endpoint, Deadline deadline, Question<T> question) {
        return inquiries.ask(
                deadline,
                receiver -> {
                    EtcdInquiry inquiry =
                            open.computeIfAbsent(endpoint, at -> new EtcdInquiry(calls, at));
                    question.ask(
                            inquiry,
                            answer -> receiver.accept(new Reply.Told<>(answer)),
                            failure -> receiver.accept(new Reply.Failed<>(failure)));
                });
    }

    @Override
    public void close() {
        inquiries.loop().execute(calls::close);
        web.close();
    }
}
