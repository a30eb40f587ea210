package org.vipmanager.lab;

import org.vipmanager.tls.TestAuthority;
import org.vipmanager.tls.TestAuthority.Issued;
import org.vipmanager.tls.TestAuthority.KeyKind;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The lab's etcd with everything that can be demanded: TLS, a client certificate, a password. */
final class SecuredEtcd {

    private static final String USER = "vip";
    private static final String PASSWORD = "secret";
    private static final String ROLE = "reader";

    private final EtcdServer server;
    private final Path folder;
    private final TestAuthority authority;
    private final TestAuthority stranger;
    private final Issued good;
    private final Issued client;

    /**
     * Not started yet.
     *
     * @param tree {@code etcd-3.4} or {@code etcd-3.5}
     */
    SecuredEtcd(Lab lab, String tree) {
        server = lab.etcd();
        server.ofRelease(tree);
        folder = lab.memory("certificates");
        authority = new TestAuthority(folder, "authority");
        stranger = new TestAuthority(folder, "stranger");
        good = issuedBy(authority);
        client = authority.issue("host", KeyKind.EC_PKCS8);
        // The daemon may be nobody.
        Command.run("chmod", "-R", "a+rX", folder.toString());
        serve(good, authority);
    }

    void start() {
        server.start();
        server.awaitReady();
        for (String user : new String[] {"root", USER}) {
            server.control("", "user", "add", user + ":" + PASSWORD);
        }
        server.control("", "user", "grant-role", "root", "root");
        server.control("", "role", "add", ROLE);
        server.control("", "role", "grant-permission", ROLE, "read", Lab.KEY);
        server.control("", "user", "grant-role", USER, ROLE);
        server.control("", "auth", "enable");
    }

    /** What the daemon needs to be let in. */
    String[] flags() {
        return new String[] {
            "--etcd-ca-file=" + authority.certificate(),
            "--etcd-cert-file=" + client.certificate(),
            "--etcd-key-file=" + client.key(),
            "--etcd-user=" + USER,
            "--etcd-password=" + PASSWORD
        };
    }

    /** The same as lines of a settings file. */
    String settings() {
        return Stream.of(flags())
                .map(flag -> flag.substring(2).replaceFirst("=", ": ") + "\n")
                .collect(Collectors.joining());
    }

    /** The key names that host, without a lease. */
    void nameLeader(Host host) {
        asRoot("", "put", Lab.KEY, host.name());
    }

    /** The same under a lease that nobody keeps alive. */
    void nameLeaderFor(Duration ttl, Host host) {
        // "lease 694d8d1d8f5c6a05 granted with TTL(20s)"
        String lease = asRoot("", "lease", "grant", "" + ttl.toSeconds()).split(" ")[1];
        asRoot("", "put", "--lease=" + lease, Lab.KEY, host.name());
    }

    /** All files have another content of another authority, and it was restarted with them. */
    void replaceCertificates() {
        TestAuthority next = new TestAuthority(folder, "next authority");
        Issued other = next.issue("host", KeyKind.EC_PKCS8);
        copy(next.certificate(), authority.certificate());
        copy(other.certificate(), client.certificate());
        copy(other.key(), client.key());
        restartWith(issuedBy(next), next);
    }

    private static void copy(Path from, Path to) {
        Command.run("cp", from.toString(), to.toString());
    }

    // What can go wrong, and be put right again.

    void demandAnotherPassword() {
        changePassword("another");
    }

    void demandThePassword() {
        changePassword(PASSWORD);
    }

    private void changePassword(String password) {
        asRoot(password + "\n", "user", "passwd", USER, "--interactive=false");
    }

    void forbidReading() {
        asRoot("", "role", "revoke-permission", ROLE, Lab.KEY);
    }

    void allowReading() {
        asRoot("", "role", "grant-permission", ROLE, "read", Lab.KEY);
    }

    /** It shows a certificate of an authority that nobody knows. */
    void showStrangersCertificate() {
        restartWith(issuedBy(stranger), authority);
    }

    void showExpiredCertificate() {
        restartWith(authority.issueExpired("etcd", names()), authority);
    }

    void showCertificateOfAnotherHost() {
        restartWith(authority.issueFor("etcd", "DNS:etcd.example,IP:192.0.2.1"), authority);
    }

    /** It trusts the certificates of other clients only. */
    void refuseTheClient() {
        restartWith(good, stranger);
    }

    void showAndTrustAsBefore() {
        restartWith(good, authority);
    }

    private void restartWith(Issued shown, TestAuthority clients) {
        server.kill();
        serve(shown, clients);
        server.start();
        server.awaitReady();
    }

    private void serve(Issued shown, TestAuthority clients) {
        server.secureWith(shown, clients);
    }

    private Issued issuedBy(TestAuthority issuer) {
        return issuer.issueFor("etcd", names());
    }

    private String names() {
        return "IP:" + server.host().dcsAddress();
    }

    private String asRoot(String input, String... arguments) {
        return server.control(
                input,
                Stream.concat(Stream.of("--user=root:" + PASSWORD), Stream.of(arguments))
                        .toArray(String[]::new));
    }
}
