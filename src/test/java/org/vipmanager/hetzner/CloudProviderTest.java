package org.vipmanager.hetzner;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.http.SocketHttpSender;
import org.vipmanager.http.ThreadLoop;
import org.vipmanager.http.TlsContexts;
import org.vipmanager.provider.Answer;
import org.vipmanager.provider.Call;
import org.vipmanager.provider.CallsOfTests;
import org.vipmanager.provider.Provider;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Floating IPs and alias IPs, against a Cloud that behaves as its documentation says. */
final class CloudProviderTest {

    private static final VirtualIp VIP =
            new VirtualIp(InetAddress.ofLiteral("198.51.100.9"), 32, "");

    private static final Instant NOW = Instant.ofEpochSecond(1_000_000);

    private final ThreadLoop loop = new ThreadLoop();
    private final SocketHttpSender sender =
            new SocketHttpSender(
                    loop,
                    new SocketHttpSender.Limits(Duration.ofSeconds(10), 1 << 20),
                    TlsContexts.SYSTEM);
    private CloudStub cloud;
    private String token = "hush";

    @BeforeEach
    void begin() throws IOException {
        cloud = new CloudStub();
        cloud.crowd(5);
        cloud.floatingIp(90, "198.51.100.9", 7);
        cloud.server(42);
        cloud.server(43);
    }

    @AfterEach
    void end() throws IOException {
        cloud.close();
        loop.execute(sender::close);
        loop.close();
    }

    @Test
    void floatingIp_isFoundOverThePages_thenByItsNumber() {
        Provider provider = floating();
        assertThat(provider.state(call()))
                .isEqualTo(new Answer(new Answer.Elsewhere("server 7"), 3, 0));
        assertThat(provider.state(call()))
                .isEqualTo(new Answer(new Answer.Elsewhere("server 7"), 1, 0));
        assertThat(cloud.asked())
                .containsExactly(
                        "GET /floating_ips?page=1&per_page=50",
                        "GET /floating_ips?page=2&per_page=50",
                        "GET /floating_ips?page=3&per_page=50",
                        "GET /floating_ips/90");
    }

    @Test
    void floatingIp_isAssigned_followed_andLookedAtAgain() {
        Provider provider = floating();
        provider.state(call());
        int before = cloud.asked().size();
        assertThat(provider.acquire(call()).outcome()).isEqualTo(new Answer.Here());
        assertThat(cloud.holder(90)).isEqualTo(42);
        assertThat(cloud.asked().subList(before, cloud.asked().size()))
                .containsExactly(
                        "POST /floating_ips/90/actions/assign {\"server\": 42}",
                        "GET /actions/101",
                        "GET /actions/101",
                        "GET /floating_ips/90",
                        "GET /floating_ips/90");
    }

    @Test
    void floatingIp_thatIsHereAlready_isASuccess() {
        cloud.floatingIp(90, "198.51.100.9", 42);
        assertThat(floating().acquire(call()).outcome()).isEqualTo(new Answer.Here());
    }

    @Test
    void floatingIp_successThatHasChangedNothing_isIssuedOnceMore() {
        cloud.nothingHappensOnce();
        Answer answer = floating().acquire(call());
        assertThat(answer.outcome()).isEqualTo(new Answer.Here());
        assertThat(answer.changes()).isEqualTo(2);
    }

    @Test
    void floatingIp_ofIpv6_isANet() {
        cloud.floatingIp(91, "2001:db8:1::/64", 42);
        Call call =
                new Call(
                        Call.Kind.STATE,
                        new VirtualIp(InetAddress.ofLiteral("2001:db8:1::5"), 128, ""),
                        new Trigger("/service/db/leader", "pg1"));
        assertThat(floating().state(call).outcome()).isEqualTo(new Answer.Here());
    }

    @Test
    void floatingIp_thatIsNotThere_needsAPerson() throws IOException {
        try (CloudStub empty = new CloudStub()) {
            assertThat(text(floating(empty.uri(), Optional.of(42L)).state(call())))
                    .startsWith("person the project of the token has no floating IP 198.51.100.9");
        }
    }

    @Test
    void ownNumber_isAskedOfTheMetadataService_once() {
        Provider provider = floating(cloud.uri(), Optional.empty());
        provider.acquire(call());
        provider.state(call());
        assertThat(cloud.asked().stream().filter(one -> one.contains("instance-id")))
                .containsExactly("GET /hetzner/v1/metadata/instance-id");
        assertThat(cloud.holder(90)).isEqualTo(42);
    }

    @Test
    void failedAction_isTold() {
        cloud.actionsFail();
        assertThat(text(floating().acquire(call())))
                .isEqualTo("failed 0 the Cloud's action has failed: action_failed: no");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            423 locked                                     | failed 0 the Cloud answers 423 locked: as documented
            409 conflict                                   | failed 0 the Cloud answers 409 conflict: as documented
            429 rate_limit_exceeded                        | failed 30 the Cloud answers 429 rate_limit_exceeded: as documented
            429 rate_limit_exceeded RateLimit-Reset: 1000090 | failed 90 the Cloud answers 429 rate_limit_exceeded: as documented
            429 rate_limit_exceeded RateLimit-Reset: 999   | failed 30 the Cloud answers 429 rate_limit_exceeded: as documented
            429 rate_limit_exceeded RateLimit-Reset: soon  | failed 30 the Cloud answers 429 rate_limit_exceeded: as documented
            502 bad_gateway                                | failed 0 the Cloud answers 502 bad_gateway: as documented
            504 timeout                                    | failed 0 the Cloud answers 504 timeout: as documented
            403 token_readonly                             | person the Cloud answers 403 token_readonly: as documented: the token may only read, make one that may write
            403 forbidden                                  | person the Cloud answers 403 forbidden: as documented
            410 deprecated_api_endpoint                    | person the Cloud answers 410 deprecated_api_endpoint: as documented: a newer vip-manager is needed
            302 moved                                      | person the Cloud answers 302 moved: as documented, a redirect, which is not followed: is hetzner-cloud-endpoint right?
            """)
    void refusals(String refusal, String expected) {
        cloud.refuseOnce(refusal);
        assertThat(text(floating().acquire(call()))).isEqualTo(expected);
        assertThat(cloud.holder(90)).isEqualTo(7);
    }

    @Test
    void wrongToken_needsAPerson_andIsNotShown() {
        token = "secret";
        assertThat(text(floating().state(call())))
                .startsWith("person the Cloud answers 401 unauthorized")
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({"{\"floating_ips\":[", "<html>", "[]", "''"})
    void malformedAnswers_areFailures(String body) throws IOException {
        try (HttpStub odd = new HttpStub((asked, out) -> HttpStub.json(out, 200, body))) {
            assertThat(text(floating(odd.uri(), Optional.of(42L)).state(call())))
                    .startsWith("failed 0 the Cloud answers 200 and something");
        }
    }

    @Test
    void pagesThatNeverEnd_areLeft() throws IOException {
        String page = "{\"floating_ips\":[],\"meta\":{\"pagination\":{\"next_page\":%d}}}";
        int[] next = {1};
        try (HttpStub odd =
                new HttpStub((asked, out) -> HttpStub.json(out, 200, page.formatted(++next[0])))) {
            Answer answer = floating(odd.uri(), Optional.of(42L)).state(call());
            assertThat(text(answer)).startsWith("person");
            assertThat(answer.reads()).isLessThan(50);
        }
    }

    @Test
    void whoDoesNotLeadAnyMore_changesNothing() {
        Call call = call();
        CallsOfTests.end(call);
        floating().acquire(call);
        alias(42).acquire(call);
        assertThat(cloud.asked()).noneMatch(one -> one.startsWith("POST"));
    }

    @Test
    void alias_goesAwayThereFirst_thenHere_andTheOthersStay() {
        cloud.server(43, "10.0.9.1", "198.51.100.9", "10.0.9.2");
        cloud.server(42, "10.0.9.3");
        assertThat(alias(42).state(call()).outcome()).isInstanceOf(Answer.Elsewhere.class);
        Answer answer = alias(42).acquire(call());
        assertThat(answer.outcome()).isEqualTo(new Answer.Here());
        assertThat(answer.changes()).isEqualTo(2);
        assertThat(cloud.aliases(43)).containsExactly("10.0.9.1", "10.0.9.2");
        assertThat(cloud.aliases(42)).containsExactly("10.0.9.3", "198.51.100.9");
        assertThat(alias(42).state(call()).outcome()).isEqualTo(new Answer.Here());
        assertThat(cloud.asked())
                .contains(
                        "POST /servers/43/actions/change_alias_ips"
                                + " {\"network\": 77, \"alias_ips\": [\"10.0.9.1\", \"10.0.9.2\"]}");
    }

    @Test
    void alias_ofNobody_isAdded_andOneOfThisServerIsASuccess() {
        assertThat(alias(42).acquire(call()).changes()).isEqualTo(1);
        assertThat(alias(42).acquire(call())).isEqualTo(new Answer(new Answer.Here(), 1, 0));
    }

    @Test
    void alias_ofAServerThatIsNotInTheNetwork_needsAPerson() {
        assertThat(text(alias(99).acquire(call())))
                .startsWith("person this server (99) is not in network 77");
    }

    @Test
    void alias_thatIsNotAvailable_isTriedAgain() {
        cloud.refuseOnce("422 ip_not_available");
        assertThat(text(alias(42).acquire(call())))
                .isEqualTo("failed 0 the Cloud answers 422 ip_not_available: as documented");
    }

    /** Each tries until it has had it once; it ends with one of them, and nothing is lost. */
    @Test
    void alias_twoHostsAtOnce_endsWithOneOfThem() {
        cloud.server(42, "10.0.9.1");
        cloud.server(43, "10.0.9.2");
        List<CompletableFuture<Void>> both =
                List.of(42L, 43L).stream()
                        .map(
                                server ->
                                        CompletableFuture.runAsync(
                                                () -> {
                                                    Provider provider = alias(server);
                                                    for (int i = 0; i < 50; i++) {
                                                        if (provider.acquire(call()).outcome()
                                                                instanceof Answer.Here) {
                                                            return;
                                                        }
                                                    }
                                                    throw new AssertionError("never here");
                                                }))
                        .toList();
        both.forEach(CompletableFuture::join);
        assertThat(cloud.aliases(42)).contains("10.0.9.1");
        assertThat(cloud.aliases(43)).contains("10.0.9.2");
        boolean first = cloud.aliases(42).contains("198.51.100.9");
        boolean second = cloud.aliases(43).contains("198.51.100.9");
        assertThat(first).isNotEqualTo(second);
    }

    private static String text(Answer answer) {
        return switch (answer.outcome()) {
            case Answer.Failed(String trouble, Duration _, boolean person) when person ->
                    "person " + trouble;
            case Answer.Failed(String trouble, Duration pause, boolean _) ->
                    "failed " + pause.toSeconds() + " " + trouble;
            case Answer.Outcome other -> other.toString();
        };
    }

    private Provider floating() {
        return floating(cloud.uri(), Optional.of(42L));
    }

    private Provider floating(URI uri, Optional<Long> server) {
        return new FloatingIpProvider(access(uri), server);
    }

    private Provider alias(long server) {
        return new AliasIpProvider(access(cloud.uri()), Optional.of(server), CloudStub.NETWORK);
    }

    private CloudAccess access(URI uri) {
        return new CloudAccess(
                new ApiClient(loop, sender),
                uri,
                uri,
                () -> token,
                () -> NOW,
                Duration.ofMillis(1),
                Duration.ofSeconds(30));
    }

    private static Call call() {
        return new Call(Call.Kind.ACQUIRE, VIP, new Trigger("/service/db/leader", "pg1"));
    }
}
