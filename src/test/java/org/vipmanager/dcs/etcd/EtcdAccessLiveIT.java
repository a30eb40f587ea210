package org.vipmanager.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vipmanager.config.SecretFiles;
import org.vipmanager.core.Trigger;
import org.vipmanager.dcs.InMemory;
import org.vipmanager.dcs.etcd.grpc.EtcdAccess;
import org.vipmanager.tls.ServerName;
import org.vipmanager.tls.TestAuthority;
import org.vipmanager.tls.TestAuthority.Issued;
import org.vipmanager.tls.TestAuthority.KeyKind;
import org.vipmanager.tls.TlsFiles;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Login, certificates and their renewal against a real etcd 3.5 and 3.4. Needs openssl(1) and what
 * {@code build/fetch-servers etcd-3.5 etcd-3.4} unpacks.
 */
final class EtcdAccessLiveIT {

    private static final String KEY = "/service/db/leader";
    private static final Trigger TRIGGER = new Trigger(KEY, "pg1");
    private static final String NEW = "etcd-3.5";
    private static final String OLD = "etcd-3.4";

    @TempDir(factory = InMemory.class)
    Path folder;

    // ---- users -------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {NEW, OLD})
    void user_followsTheKeyAndItsLease(String tree) throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(tree, folder)) {
            etcd.enableAuthentication(KEY);
            try (LiveSource source = follow(etcd, user("secret"))) {
                source.awaitAbsent();
                String lease = grantLease(etcd, 5);
                etcd.ctl("put", "--lease=" + lease, KEY, "pg1");
                source.awaitValue("pg1");
                await().until(() -> !source.proofs.isEmpty());
                etcd.ctl("put", KEY, "pg2");
                source.awaitValue("pg2");
                assertNoTrouble(source);
            }
        }
    }

    /**
     * Patroni's lease carries its member key too, which our user may not read. Servers that refuse
     * the question then must not keep the address from being held.
     */
    @ParameterizedTest
    @ValueSource(strings = {NEW, OLD})
    void leaseOfMoreKeysThanTheUserMayRead_isProvedOrNoLongerShown(String tree) throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(tree, folder)) {
            etcd.enableAuthentication(KEY);
            try (LiveSource source = follow(etcd, user("secret"))) {
                source.awaitAbsent();
                String lease = grantLease(etcd, 30);
                etcd.ctl("put", "--lease=" + lease, "/service/db/members/pg1", "x");
                etcd.ctl("put", "--lease=" + lease, KEY, "pg1");
                source.awaitValue("pg1");
                await().until(
                                () ->
                                        !source.proofs.isEmpty()
                                                || source.sightings.getLast().leaseId() == 0);
                System.out.printf(
                        "%s: a lease with a key that the user may not read is %s%n",
                        tree,
                        source.proofs.isEmpty() ? "refused, and not shown" : "answered about");
                assertNoTrouble(source);
            }
        }
    }

    /** JSON web tokens are not renewed by use, so they expire under a working connection. */
    @ParameterizedTest
    @ValueSource(strings = {NEW, OLD})
    void expiredToken_isRenewedUnnoticed(String tree) throws Exception {
        Path key = folder.resolve("jwt.key");
        Path publicKey = folder.resolve("jwt.pub");
        TestAuthority.openssl("genrsa", "-traditional", "-out", key.toString(), "2048");
        TestAuthority.openssl(
                "rsa", "-in", key.toString(), "-pubout", "-out", publicKey.toString());
        try (EtcdProcess etcd =
                EtcdProcess.start(
                        tree,
                        folder.resolve("data"),
                        "--auth-token=jwt,pub-key="
                                + publicKey
                                + ",priv-key="
                                + key
                                + ",sign-method=RS256,ttl=2s")) {
            etcd.enableAuthentication(KEY);
            try (LiveSource source = follow(etcd, user("secret"))) {
                source.awaitAbsent();
                for (int i = 0; i < 5; i++) {
                    Thread.sleep(1000);
                    etcd.ctl("put", KEY, "pg" + i);
                    source.awaitValue("pg" + i);
                }
                etcd.ctl("role", "grant-permission", "reader", "read", "/other"); // old revision
                etcd.ctl("put", KEY, "pg9");
                source.awaitValue("pg9");
                source.awaitFreshRead();
                assertThat(source.failures).noneMatch(text -> text.contains("token"));
            }
        }
    }

    /** Simple tokens are forgotten by a server that restarts. */
    @ParameterizedTest
    @ValueSource(strings = {NEW, OLD})
    void restartedServer_isLoggedInToAgain(String tree) throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(tree, folder, "--auth-token-ttl=3")) {
            etcd.enableAuthentication(KEY);
            try (LiveSource source = follow(etcd, user("secret"))) {
                source.awaitAbsent();
                Thread.sleep(4000);
                assertThat(source.failures)
                        .as("used tokens do not expire")
                        .noneMatch(text -> text.contains("token"));
                etcd.restart();
                etcd.ctl("put", KEY, "pg1");
                source.awaitValue("pg1");
            }
        }
    }

    /** etcd forgets the user's token together with the password; nobody reloads anything. */
    @ParameterizedTest
    @ValueSource(strings = {NEW, OLD})
    void replacedPasswordFile_isReadAtTheNextLogin(String tree) throws Exception {
        Path file = folder.resolve("password");
        SecretFiles.replace(file, "secret");
        try (EtcdProcess etcd = EtcdProcess.start(tree, folder.resolve("data"))) {
            etcd.enableAuthentication(KEY);
            try (LiveSource source = follow(etcd, userOf(file))) {
                source.awaitAbsent();
                for (int i = 0; i < 3; i++) {
                    SecretFiles.replace(file, "secret" + i);
                    etcd.changePassword("vip", "secret" + i);
                    etcd.ctl("put", KEY, "pg" + i);
                    source.awaitValue("pg" + i);
                    source.awaitFreshRead();
                }
                assertNoTrouble(source);
            }
        }
    }

    /** The file comes after the password; in between it is not even there. */
    @Test
    void passwordFileReplacedTooLate_isReadAtTheNextTry() throws Exception {
        Path file = folder.resolve("password");
        SecretFiles.replace(file, "secret");
        try (EtcdProcess etcd = EtcdProcess.start(NEW, folder.resolve("data"))) {
            etcd.enableAuthentication(KEY);
            try (LiveSource source = follow(etcd, userOf(file))) {
                source.awaitAbsent();
                Files.delete(file);
                etcd.restart();
                source.awaitFreshRead(); // a login with the last known password
                etcd.changePassword("vip", "another");
                source.awaitFailure("password is wrong");
                SecretFiles.replace(file, "another");
                source.awaitFreshRead();
            }
        }
    }

    @Test
    void wrongPassword_isSaidOnceAndTriedRarelyUntilItIsRight() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(NEW, folder)) {
            etcd.enableAuthentication(KEY);
            try (LiveSource source = follow(etcd, user("new secret"))) {
                assertThat(source.awaitFailure("password"))
                        .isEqualTo(
                                "etcd "
                                        + etcd.uri()
                                        + ": user \"vip\" or its password is wrong;"
                                        + " check etcd-user and etcd-password");
                Thread.sleep(4000);
                assertThat(source.failures).hasSizeLessThan(5);
                etcd.ctl("user", "delete", "vip");
                etcd.ctl("user", "add", "vip:new secret");
                etcd.ctl("user", "grant-role", "vip", "reader");
                source.awaitAbsent();
            }
        }
    }

    /** A login that takes longer than an answer may: it is given more time, then kept. */
    @Test
    void slowLogin_isWaitedFor() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(NEW, folder, "--bcrypt-cost=13")) {
            etcd.enableAuthentication(KEY);
            try (LiveSource source = follow(etcd, user("secret"), LiveSource.TIMEOUT)) {
                source.awaitAbsent();
                source.restart();
                source.awaitFreshRead();
                System.out.println("slow login: " + source.failures);
            }
        }
    }

    @Test
    void missingPermission_namesUserAndKeyUntilItIsGranted() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(NEW, folder)) {
            etcd.enableAuthentication("/another/key");
            try (LiveSource source = follow(etcd, user("secret"))) {
                assertThat(source.awaitFailure("may not"))
                        .contains("user \"vip\" may not read \"" + KEY + "\"")
                        .contains("read permission");
                etcd.ctl("role", "grant-permission", "reader", "read", KEY);
                source.awaitAbsent();
                etcd.ctl("put", KEY, "pg1");
                source.awaitValue("pg1");
            }
        }
    }

    @Test
    void authenticationTurnedOnUnderway_isLoggedInTo() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(NEW, folder);
                LiveSource source = follow(etcd, user("secret"))) {
            source.awaitAbsent();
            etcd.enableAuthentication(KEY);
            source.awaitFreshRead();
            etcd.ctl("put", KEY, "pg1");
            source.awaitValue("pg1");
            source.awaitFreshRead();
        }
    }

    @Test
    void missingUser_isSaid() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(NEW, folder)) {
            etcd.enableAuthentication(KEY);
            try (LiveSource source = follow(etcd, EtcdAccess.ANONYMOUS)) {
                source.awaitFailure("it demands a user");
            }
        }
    }

    // ---- certificates ------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void clientCertificate_ofEveryKindOfKeyIsShown(KeyKind kind) throws Exception {
        TestAuthority authority = new TestAuthority(folder, "authority");
        Issued server = authority.issue("etcd", KeyKind.EC_PKCS8);
        Issued client = authority.issue("vip", kind);
        try (EtcdProcess etcd = started(etcd(NEW).withTls(server).demanding(client));
                LiveSource source = follow(etcd, certificate(client))) {
            etcd.ctl("put", KEY, "pg1");
            source.awaitValue("pg1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {NEW, OLD})
    void userOfTheCertificate_isWhomItsCommonNameNames(String tree) throws Exception {
        TestAuthority authority = new TestAuthority(folder, "authority");
        Issued server = authority.issue("etcd", KeyKind.RSA_PKCS8);
        Issued client = authority.issue("vip", KeyKind.RSA_PKCS1);
        Issued stranger = authority.issue("stranger", KeyKind.EC_SEC1);
        try (EtcdProcess etcd =
                started(
                        etcd(tree)
                                .withTls(server)
                                .demanding(authority.issue("root", KeyKind.EC_PKCS8)))) {
            etcd.enableAuthentication(KEY);
            etcd.ctl("user", "add", "stranger:x");
            try (LiveSource source = follow(etcd, certificate(client));
                    LiveSource refused = follow(etcd, certificate(stranger))) {
                source.awaitAbsent();
                etcd.ctl("put", KEY, "pg1");
                source.awaitValue("pg1");
                refused.awaitFailure(
                        "the user of the client certificate may not read \"" + KEY + "\"");
            }
        }
    }

    @Test
    void userAndCertificate_goTogether() throws Exception {
        TestAuthority authority = new TestAuthority(folder, "authority");
        Issued server = authority.issue("etcd", KeyKind.RSA_PKCS8);
        Issued client = authority.issue("host", KeyKind.EC_SEC1);
        try (EtcdProcess etcd = started(etcd(NEW).withTls(server).demanding(client))) {
            etcd.enableAuthentication(KEY);
            EtcdAccess access =
                    new EtcdAccess(Optional.of("vip"), () -> "secret", certificate(client).tls());
            try (LiveSource source = follow(etcd, access)) {
                etcd.ctl("put", KEY, "pg1");
                source.awaitValue("pg1");
            }
        }
    }

    @Test
    void wrongAuthority_isSaid() throws Exception {
        Issued server = new TestAuthority(folder, "authority").issue("etcd", KeyKind.EC_PKCS8);
        Path other = new TestAuthority(folder, "other").certificate();
        try (EtcdProcess etcd = started(etcd(NEW).withTls(server));
                LiveSource source = follow(etcd, trusting(other));
                LiveSource system = follow(etcd, EtcdAccess.ANONYMOUS)) {
            for (LiveSource refused : List.of(source, system)) {
                refused.awaitFailure(
                        "not issued by an authority that is trusted here; check etcd-ca-file");
            }
        }
    }

    @Test
    void expiredServer_isSaid() throws Exception {
        TestAuthority authority = new TestAuthority(folder, "authority");
        Issued server = authority.issueExpired("etcd");
        try (EtcdProcess etcd = started(etcd(NEW).withTls(server));
                LiveSource source = follow(etcd, trusting(authority.certificate()))) {
            source.awaitFailure("the server's certificate has expired");
        }
    }

    @Test
    void serverOfAnotherName_isSaid() throws Exception {
        TestAuthority authority = new TestAuthority(folder, "authority");
        Issued server = authority.issueFor("etcd", "DNS:etcd.example,IP:192.0.2.1");
        try (EtcdProcess etcd = started(etcd(NEW).withTls(server));
                LiveSource source = follow(etcd, trusting(authority.certificate()))) {
            assertThat(source.awaitFailure("the server's certificate is for another host"))
                    .contains("127.0.0.1");
        }
    }

    /**
     * One certificate for all members, as behind a service's name; the first endpoint bears
     * another. Replaced certificates are tried by the same name: no endpoint bears its own.
     */
    @Test
    void serverName_isThatOfEachEndpointAndOfTheTrialOfReplacedCertificates() throws Exception {
        TestAuthority authority = new TestAuthority(folder, "authority");
        // For etcdctl, which speaks to it by its address.
        Issued server = authority.issueFor("etcd", "DNS:etcd.example,IP:127.0.0.1");
        Issued other = authority.issueFor("etcd", "DNS:localhost,IP:127.0.0.1");
        Issued inUse = copy(authority.issue("one", KeyKind.EC_SEC1), "in-use");
        Issued second = authority.issue("two", KeyKind.EC_PKCS8);
        EtcdAccess access = named("etcd.example", inUse);
        EtcdProcess wrong = new EtcdProcess(NEW, folder.resolve("wrong"), "wrong");
        try (EtcdProcess etcd = started(etcd(NEW).withTls(server).demanding(inUse));
                EtcdProcess stranger = started(wrong.withTls(other));
                LoggedDetails log = new LoggedDetails();
                LiveSource source =
                        LiveSource.follow(
                                List.of(
                                        URI.create("https://localhost:" + stranger.port()),
                                        URI.create("https://localhost:" + etcd.port())),
                                access,
                                TRIGGER)) {
            source.awaitFailure("(DNS:localhost, IP:127.0.0.1; not for etcd.example)");
            etcd.ctl("put", KEY, "pg1");
            source.awaitValue("pg1");
            replace(inUse, second);
            log.await("connected with the certificates that were replaced");
            source.awaitFreshRead();
            etcd.ctl("put", KEY, "pg2");
            source.awaitValue("pg2");
        }
    }

    /** As with Go; without a subjectAltName the JDK itself would take the common name. */
    @Test
    void serverByCommonNameOnly_isRefusedWithThatReason() throws Exception {
        TestAuthority authority = new TestAuthority(folder, "authority");
        Issued server = authority.issueFor("etcd_1", "");
        Issued named = authority.issueFor("localhost", "");
        try (EtcdProcess etcd = started(etcd(NEW).withTls(server));
                LiveSource source = follow(etcd, trusting(authority.certificate()))) {
            source.awaitFailure(
                    "names its host by common name only (CN=etcd_1), which does not count: it needs"
                            + " a subjectAltName IP:127.0.0.1");
        }
        EtcdProcess other = new EtcdProcess(NEW, folder.resolve("other"), "one");
        try (EtcdProcess etcd = started(other.withTls(named));
                LiveSource source =
                        LiveSource.follow(
                                List.of(URI.create("https://localhost:" + etcd.port())),
                                trusting(authority.certificate()),
                                TRIGGER)) {
            source.awaitFailure("it needs a subjectAltName DNS:localhost");
        }
    }

    /** As in compose and swarm networks. */
    @ParameterizedTest
    @ValueSource(strings = {"DNS:etcd_1", "DNS:*.swarm_net"})
    void nameWithAnUnderscore_isVerified(String alternative) throws Exception {
        String host = alternative.substring(4).replace("*", "etcd_1");
        TestAuthority authority = new TestAuthority(folder, "authority");
        // For etcd itself, and for etcdctl, which speaks to it by its address.
        Issued server = authority.issueFor("etcd", alternative + ",IP:127.0.0.1");
        try (EtcdProcess etcd = started(etcd(NEW).withTls(server));
                LiveSource source =
                        LiveSource.follow(
                                List.of(URI.create("https://" + host + ":" + etcd.port())),
                                trusting(authority.certificate()),
                                TRIGGER)) {
            etcd.ctl("put", KEY, "pg1");
            source.awaitValue("pg1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {NEW, OLD})
    void missingClientCertificate_isSaid(String tree) throws Exception {
        TestAuthority authority = new TestAuthority(folder, "authority");
        Issued server = authority.issue("etcd", KeyKind.EC_PKCS8);
        Issued client = authority.issue("vip", KeyKind.EC_PKCS8);
        Issued strange = new TestAuthority(folder, "other").issue("vip", KeyKind.EC_PKCS8);
        Issued old = authority.issueExpired("vip");
        try (EtcdProcess etcd = started(etcd(tree).withTls(server).demanding(client));
                LiveSource none = follow(etcd, trusting(authority.certificate()));
                LiveSource foreign = follow(etcd, certificate(authority.certificate(), strange));
                LiveSource expired = follow(etcd, certificate(old))) {
            for (LiveSource refused : List.of(none, foreign, expired)) {
                System.out.println(tree + ": " + refused.awaitFailure("client certificate"));
            }
        }
    }

    @Test
    void wrongScheme_isSaid() throws Exception {
        TestAuthority authority = new TestAuthority(folder, "authority");
        Issued server = authority.issue("etcd", KeyKind.EC_PKCS8);
        try (EtcdProcess plain = EtcdProcess.start(NEW, folder.resolve("plain"));
                EtcdProcess secure = started(etcd(NEW).withTls(server));
                LiveSource tooMuch =
                        LiveSource.follow(
                                List.of(withScheme("https", plain)),
                                trusting(authority.certificate()),
                                TRIGGER);
                LiveSource tooLittle =
                        LiveSource.follow(
                                List.of(withScheme("http", secure)),
                                EtcdAccess.ANONYMOUS,
                                TRIGGER)) {
            System.out.println(tooMuch.awaitFailure("etcd https://"));
            System.out.println(tooLittle.awaitFailure("etcd http://"));
            assertThat(tooMuch.failures.getFirst()).contains("is http meant?");
            assertThat(tooLittle.failures.getFirst()).contains("is https meant?");
        }
    }

    @Test
    void unusableFiles_areSaidAndReadAgain() throws Exception {
        TestAuthority authority = new TestAuthority(folder, "authority");
        Issued server = authority.issue("etcd", KeyKind.EC_PKCS8);
        Path file = folder.resolve("later.pem");
        try (EtcdProcess etcd = started(etcd(NEW).withTls(server));
                LiveSource source = follow(etcd, trusting(file))) {
            source.awaitFailure(file + ": there is no such file");
            Files.copy(authority.certificate(), file);
            source.awaitAbsent();
        }
    }

    // ---- rotation ----------------------------------------------------------------------------

    /**
     * New files are put in the place of the old ones, whose certificate is then revoked. Nobody
     * restarts the daemon; etcd is restarted, so that the revoked one would be noticed.
     */
    @ParameterizedTest
    @ValueSource(strings = {NEW, OLD})
    void rotatedClientCertificate_isUsedAndTheRevokedOneIsNot(String tree) throws Exception {
        TestAuthority authority = new TestAuthority(folder, "authority");
        Issued server = authority.issue("etcd", KeyKind.EC_PKCS8);
        Issued administrator = authority.issue("root", KeyKind.EC_PKCS8);
        Issued first = authority.issue("vip", KeyKind.EC_SEC1);
        Issued second = authority.issue("vip", KeyKind.RSA_PKCS1);
        Issued inUse = copy(first, "in-use");
        Issued kept = copy(first, "kept");
        Path revoked = authority.revocationList();
        try (EtcdProcess etcd =
                        started(
                                etcd(tree)
                                        .withTls(server)
                                        .demanding(administrator)
                                        .with("--client-crl-file=" + revoked));
                LiveSource source = follow(etcd, certificate(inUse));
                LiveSource careless = follow(etcd, certificate(kept))) {
            source.awaitAbsent();
            careless.awaitAbsent();
            replace(inUse, second);
            authority.revoke(first);
            authority.revocationList();
            etcd.restart();
            source.awaitFreshRead();
            etcd.ctl("put", KEY, "pg1");
            source.awaitValue("pg1");
            careless.awaitFailure("is the client certificate refused or revoked");
        }
    }

    /**
     * The connection stands, and is replaced as soon as the new certificate is good for something.
     */
    @Test
    void rotatedClientCertificate_isTriedBesideTheConnectionThatStands() throws Exception {
        TestAuthority authority = new TestAuthority(folder, "authority");
        Issued server = authority.issue("etcd", KeyKind.EC_PKCS8);
        Issued administrator = authority.issue("root", KeyKind.EC_PKCS8);
        Issued inUse = copy(authority.issue("one", KeyKind.EC_SEC1), "in-use");
        Issued second = authority.issue("two", KeyKind.EC_PKCS8);
        try (EtcdProcess etcd = started(etcd(NEW).withTls(server).demanding(administrator));
                LoggedDetails log = new LoggedDetails()) {
            etcd.enableAuthentication(KEY);
            etcd.ctl("user", "add", "two:x");
            etcd.ctl("user", "add", "one:x");
            etcd.ctl("user", "grant-role", "one", "reader");
            etcd.ctl("put", KEY, "pg1");
            try (LiveSource source = follow(etcd, certificate(inUse))) {
                source.awaitValue("pg1");
                replace(inUse, second);
                log.await("may not read"); // as the new user, who has no role
                source.awaitFreshRead();
                etcd.ctl("user", "grant-role", "two", "reader");
                log.await("connected with the certificates that were replaced");
                etcd.ctl("user", "revoke-role", "one", "reader");
                source.awaitFreshRead();
                assertNoTrouble(source);
            }
        }
    }

    /**
     * The connection outlives the certificate that it was made with; what is connected after the
     * end needs the new one. Who keeps the old files shows that they are good for nothing then.
     */
    @ParameterizedTest
    @ValueSource(strings = {NEW, OLD})
    void shortLivedClientCertificate_isReplacedBeforeItsEnd(String tree) throws Exception {
        TestAuthority authority = new TestAuthority(folder, "authority");
        Issued server = authority.issue("etcd", KeyKind.EC_PKCS8);
        Issued next = authority.issue("vip", KeyKind.EC_PKCS8);
        try (EtcdProcess etcd = started(etcd(tree).withTls(server).demanding(next));
                LoggedDetails log = new LoggedDetails()) {
            Instant end = Instant.now().plusSeconds(15);
            Issued shortLived = authority.issueUntil("vip", end);
            Issued inUse = copy(shortLived, "in-use");
            Issued kept = copy(shortLived, "kept");
            try (LiveSource source = follow(etcd, certificate(inUse));
                    LiveSource careless = follow(etcd, certificate(kept))) {
                source.awaitAbsent();
                careless.awaitAbsent();
                source.failures.clear(); // the first one in a JVM may take long
                replace(inUse, next);
                log.await("connected with the certificates that were replaced");
                await().atMost(Duration.ofSeconds(30)).until(() -> Instant.now().isAfter(end));
                etcd.ctl("put", KEY, "pg1");
                source.awaitValue("pg1");
                careless.awaitValue("pg1");
                source.awaitFreshRead();
                assertNoTrouble(source);

                etcd.restart();
                source.awaitFreshRead();
                etcd.ctl("put", KEY, "pg2");
                source.awaitValue("pg2");
                careless.awaitFailure("client certificate");
                assertThat(source.failures).noneMatch(text -> text.contains("client certificate"));
                assertThat(careless.sightings.getLast().value()).contains("pg1");
            }
        }
    }

    /** The authorities are replaced on all hosts before the servers' certificates are. */
    @Test
    void authorityReplacedBeforeTheServer_leavesTheConnectionThatStands() throws Exception {
        TestAuthority before = new TestAuthority(folder, "before");
        TestAuthority after = new TestAuthority(folder, "after");
        Issued server = copy(before.issue("etcd", KeyKind.EC_PKCS8), "server");
        Path trusted = Files.copy(before.certificate(), folder.resolve("trusted.pem"));
        try (EtcdProcess etcd = started(etcd(NEW).withTls(server));
                LoggedDetails log = new LoggedDetails();
                LiveSource source = follow(etcd, trusting(trusted))) {
            source.awaitAbsent();
            Files.copy(after.certificate(), trusted, StandardCopyOption.REPLACE_EXISTING);
            log.await("the connection made with those before them is kept");
            source.awaitFreshRead();
            etcd.ctl("put", KEY, "pg1");
            source.awaitValue("pg1");
            source.awaitFreshRead();
            assertNoTrouble(source);

            replace(server, after.issue("etcd", KeyKind.EC_PKCS8));
            etcd.restart();
            source.awaitFreshRead();
        }
    }

    @Test
    void newAuthority_isTrustedWhenItsFileIsReplaced() throws Exception {
        TestAuthority before = new TestAuthority(folder, "before");
        TestAuthority after = new TestAuthority(folder, "after");
        Issued server = copy(before.issue("etcd", KeyKind.EC_PKCS8), "server");
        Path trusted = Files.copy(before.certificate(), folder.resolve("trusted.pem"));
        try (EtcdProcess etcd = started(etcd(NEW).withTls(server));
                LiveSource source = follow(etcd, trusting(trusted))) {
            source.awaitAbsent();
            replace(server, after.issue("etcd", KeyKind.EC_PKCS8));
            etcd.restart();
            source.awaitFailure("not issued by an authority that is trusted here");
            Files.copy(after.certificate(), trusted, StandardCopyOption.REPLACE_EXISTING);
            source.awaitFreshRead();
        }
    }

    // ---- the parts ---------------------------------------------------------------------------

    private EtcdProcess etcd(String tree) {
        return new EtcdProcess(tree, folder.resolve("data"), "one");
    }

    private static EtcdProcess started(EtcdProcess etcd) {
        etcd.start();
        etcd.awaitReady();
        return etcd;
    }

    /** None but a login that takes its time on a busy machine: it is given two seconds at first. */
    private static void assertNoTrouble(LiveSource source) {
        assertThat(source.failures).allMatch(text -> text.contains("no answer within 2000 ms"));
    }

    /** With much time for each answer: none is to be too late because the machine is busy. */
    private static LiveSource follow(EtcdProcess etcd, EtcdAccess access) {
        return follow(etcd, access, Duration.ofSeconds(15));
    }

    private static LiveSource follow(EtcdProcess etcd, EtcdAccess access, Duration timeout) {
        EtcdPolicy policy =
                new EtcdPolicy(
                        List.of(etcd.uri()),
                        LiveSource.INTERVAL,
                        timeout,
                        3,
                        Duration.ofMillis(100),
                        true);
        return LiveSource.follow(policy, access, TRIGGER);
    }

    private static EtcdAccess user(String password) {
        return new EtcdAccess(Optional.of("vip"), () -> password, TlsFiles.NONE);
    }

    private static EtcdAccess userOf(Path passwordFile) {
        return new EtcdAccess(
                Optional.of("vip"), SecretFiles.etcdPassword("vip", passwordFile), TlsFiles.NONE);
    }

    private static EtcdAccess trusting(Path authority) {
        return new EtcdAccess(
                Optional.empty(),
                () -> "",
                new TlsFiles(Optional.of(authority), Optional.empty(), Optional.empty()));
    }

    private static EtcdAccess certificate(Issued client) {
        return certificate(client.authority(), client);
    }

    private static EtcdAccess certificate(Path authority, Issued client) {
        return new EtcdAccess(
                Optional.empty(),
                () -> "",
                new TlsFiles(
                        Optional.of(authority),
                        Optional.of(client.certificate()),
                        Optional.of(client.key())));
    }

    private static EtcdAccess named(String serverName, Issued client) {
        return new EtcdAccess(
                Optional.empty(),
                () -> "",
                certificate(client).tls().forServer(Optional.of(new ServerName(serverName))));
    }

    private static URI withScheme(String scheme, EtcdProcess etcd) {
        return URI.create(scheme + "://127.0.0.1:" + etcd.port());
    }

    private static String grantLease(EtcdProcess etcd, int seconds) {
        // "lease 694d8d1d8f5c6a05 granted with TTL(5s)"
        return etcd.ctl("lease", "grant", Integer.toString(seconds)).split(" ")[1];
    }

    private Issued copy(Issued issued, String name) throws Exception {
        return new Issued(
                issued.authority(),
                Files.copy(issued.certificate(), folder.resolve(name + ".pem")),
                Files.copy(issued.key(), folder.resolve(name + ".key")));
    }

    private static void replace(Issued inUse, Issued by) throws Exception {
        Files.copy(by.certificate(), inUse.certificate(), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(by.key(), inUse.key(), StandardCopyOption.REPLACE_EXISTING);
    }
}
