package org.vipmanager.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A certificate authority in a folder, run by openssl(1). */
public final class TestAuthority {

    /** The kinds of keys and of the files that hold them. */
    public enum KeyKind {
        RSA_PKCS8(List.of("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")),
        RSA_PKCS1(List.of("genrsa", "-traditional", "2048")),
        EC_PKCS8(List.of("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")),
        EC_SEC1(List.of("ecparam", "-name", "prime256v1", "-genkey")),
        ED25519(List.of("genpkey", "-algorithm", "ED25519"));

        private final List<String> command;

        KeyKind(List<String> command) {
            this.command = command;
        }
    }

    /**
     * Files of a certificate.
     *
     * @param authority the certificate of who issued it
     */
    public record Issued(Path authority, Path certificate, Path key) {}

    private static final String CONFIGURATION =
            """
            [ca]
            default_ca = test
            [test]
            database = %1$s/index.txt
            new_certs_dir = %1$s
            certificate = %1$s/ca.pem
            private_key = %1$s/ca.key
            serial = %1$s/serial
            crlnumber = %1$s/crlnumber
            default_md = sha256
            default_crl_days = 30
            policy = anything
            unique_subject = no
            copy_extensions = copy
            [anything]
            commonName = supplied
            [req]
            distinguished_name = name
            x509_extensions = authority
            [name]
            [authority]
            basicConstraints = critical,CA:true
            keyUsage = critical,keyCertSign,cRLSign
            """;

    private final Path folder;
    private int issued;

    public TestAuthority(Path folder, String name) {
        this.folder = folder.resolve(name.replace(' ', '-'));
        try {
            Files.createDirectories(this.folder);
            Files.writeString(configuration(), CONFIGURATION.formatted(this.folder));
            Files.writeString(this.folder.resolve("index.txt"), "");
            Files.writeString(this.folder.resolve("serial"), "01\n");
            Files.writeString(this.folder.resolve("crlnumber"), "01\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        openssl(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-config",
                configuration().toString(),
                "-subj",
                "/CN=" + name,
                "-days",
                "30",
                "-keyout",
                this.folder.resolve("ca.key").toString(),
                "-out",
                certificate().toString());
    }

    /** An authority that this one has certified. */
    public TestAuthority intermediate(String name) {
        TestAuthority below = new TestAuthority(folder, name);
        Path request = below.folder.resolve("ca.csr");
        openssl(
                "req",
                "-new",
                "-config",
                configuration().toString(),
                "-key",
                below.folder.resolve("ca.key").toString(),
                "-subj",
                "/CN=" + name,
                "-out",
                request.toString());
        openssl(
                "x509",
                "-req",
                "-in",
                request.toString(),
                "-CA",
                certificate().toString(),
                "-CAkey",
                folder.resolve("ca.key").toString(),
                "-CAcreateserial",
                "-extfile",
                configuration().toString(),
                "-extensions",
                "authority",
                "-days",
                "30",
                "-out",
                below.certificate().toString());
        return below;
    }

    /** The authority's own certificate. */
    public Path certificate() {
        return folder.resolve("ca.pem");
    }

    /** A certificate for localhost and 127.0.0.1, good today. */
    public Issued issue(String commonName, KeyKind kind) {
        return issue(commonName, kind, "DNS:localhost,IP:127.0.0.1,IP:::1", "", "");
    }

    /**
     * @param alternativeNames as openssl(1) writes them; empty for a certificate without any
     */
    public Issued issueFor(String commonName, String alternativeNames) {
        return issue(commonName, KeyKind.EC_PKCS8, alternativeNames, "", "");
    }

    public Issued issueExpired(String commonName) {
        return issueExpired(commonName, "DNS:localhost,IP:127.0.0.1");
    }

    public Issued issueExpired(String commonName, String alternativeNames) {
        return issue(
                commonName,
                KeyKind.EC_PKCS8,
                alternativeNames,
                "20200101000000Z",
                "20200201000000Z");
    }

    /** A certificate for localhost and 127.0.0.1 that is good until then. */
    public Issued issueUntil(String commonName, Instant end) {
        return issue(
                commonName,
                KeyKind.EC_PKCS8,
                "DNS:localhost,IP:127.0.0.1",
                "20200101000000Z",
                DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'")
                        .withZone(ZoneOffset.UTC)
                        .format(end));
    }

    private Issued issue(
            String commonName, KeyKind kind, String alternativeNames, String from, String until) {
        String name = commonName + "-" + ++issued;
        Path key = folder.resolve(name + ".key");
        Path request = folder.resolve(name + ".csr");
        Path certificate = folder.resolve(name + ".pem");
        List<String> generate = new ArrayList<>(kind.command);
        generate.add(1, "-out");
        generate.add(2, key.toString());
        openssl(generate.toArray(String[]::new));
        List<String> ask =
                new ArrayList<>(
                        List.of(
                                "req",
                                "-new",
                                "-config",
                                configuration().toString(),
                                "-key",
                                key.toString(),
                                "-subj",
                                "/CN=" + commonName,
                                "-out",
                                request.toString()));
        if (!alternativeNames.isEmpty()) {
            ask.addAll(List.of("-addext", "subjectAltName=" + alternativeNames));
        }
        openssl(ask.toArray(String[]::new));
        List<String> sign =
                new ArrayList<>(
                        List.of(
                                "ca",
                                "-batch",
                                "-notext",
                                "-config",
                                configuration().toString(),
                                "-in",
                                request.toString(),
                                "-out",
                                certificate.toString()));
        sign.addAll(
                from.isEmpty()
                        ? List.of("-days", "30")
                        : List.of("-startdate", from, "-enddate", until));
        openssl(sign.toArray(String[]::new));
        return new Issued(certificate(), certificate, key);
    }

    public void revoke(Issued certificate) {
        openssl(
                "ca",
                "-config",
                configuration().toString(),
                "-revoke",
                certificate.certificate().toString());
    }

    /** The list of revoked certificates, written anew; in DER, as etcd wants it. */
    public Path revocationList() {
        Path pem = folder.resolve("crl.pem");
        Path der = folder.resolve("crl.der");
        openssl("ca", "-config", configuration().toString(), "-gencrl", "-out", pem.toString());
        openssl("crl", "-in", pem.toString(), "-outform", "DER", "-out", der.toString());
        return der;
    }

    private Path configuration() {
        return folder.resolve("openssl.cnf");
    }

    /** A certificate that nobody else has issued, and its private key behind it: one PEM text. */
    public static String selfSigned() {
        String both =
                openssl(
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-subj",
                        "/CN=self",
                        "-keyout",
                        "/dev/stdout",
                        "-out",
                        "/dev/stdout");
        int key = both.indexOf("-----BEGIN PRIVATE KEY-----");
        int certificate = both.indexOf("-----BEGIN CERTIFICATE-----");
        return both.substring(certificate) + both.substring(key, certificate);
    }

    /** Runs openssl(1); what it printed. */
    public static String openssl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(Arrays.asList(arguments));
        try {
            Process run = new ProcessBuilder(command).redirectErrorStream(true).start();
            run.getOutputStream().close();
            String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (run.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
