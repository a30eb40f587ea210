package org.vipmanager.tls;

import org.vipmanager.tls.PemFile.Block;
import org.vipmanager.tls.PemFile.Condition;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The certificates in a PEM file.
 *
 * <p>As with Go's crypto/x509, what else the file holds is skipped, keys, lists of revoked
 * certificates and parameters, and so is a certificate that cannot be read beside others that can.
 */
public final class PemCertificates {

    /** In bytes; a bundle of every authority that there is takes a quarter of a megabyte. */
    public static final int LONGEST_FILE = 4 << 20;

    private static final String REMEDY = "name a file with -----BEGIN CERTIFICATE-----";

    /** Whoever reads of this many looks at the file anyway. */
    private static final int MOST_TOLD = 3;

    private final List<Entry> entries;

    private record Entry(int line, Optional<X509Certificate> certificate, String trouble) {

        String place() {
            return "the certificate in line " + line + " ";
        }
    }

    private PemCertificates(List<Entry> entries) {
        this.entries = entries;
    }

    /**
     * Reads the content of a file.
     *
     * @throws PemException when there is no certificate that can be read
     */
    public static PemCertificates in(byte[] content) throws PemException {
        List<Block> blocks = PemFile.of(content).blocks();
        List<Entry> entries =
                blocks.stream().filter(Block::isCertificate).map(PemCertificates::entry).toList();
        if (entries.isEmpty()) {
            throw new PemException(
                    blocks.stream().anyMatch(Block::isPrivateKey)
                            ? "holds a private key and no certificate"
                            : "holds no certificate in PEM form",
                    REMEDY);
        }
        if (entries.stream().allMatch(entry -> entry.certificate().isEmpty())) {
            Entry first = entries.getFirst();
            throw new PemException(
                    "holds no certificate that can be read: " + first.place() + first.trouble(),
                    REMEDY);
        }
        return new PemCertificates(entries);
    }

    /** Those that can be read, at least one, in the order of the file. */
    public List<X509Certificate> all() {
        return entries.stream().map(Entry::certificate).flatMap(Optional::stream).toList();
    }

    /** What is to be warned of: those that are skipped, and why; follows the name of the file. */
    public Optional<String> skipped() {
        List<String> told = new ArrayList<>();
        int untold = 0;
        for (Entry entry : entries) {
            if (entry.certificate().isPresent()) {
                continue;
            }
            if (told.size() < MOST_TOLD) {
                told.add(entry.place() + entry.trouble());
            } else {
                untold++;
            }
        }
        String more = untold == 0 ? "" : ", and " + untold + " more";
        return told.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join(", ", told) + more + ": skipped");
    }

    /** The first one; it counts, wherever it stands, as the one that the private key is for. */
    X509Certificate leaf() throws PemException {
        Entry first = entries.getFirst();
        return first.certificate()
                .orElseThrow(
                        () ->
                                new PemException(
                                        "cannot be used: " + first.place() + first.trouble(),
                                        "put the certificate of the private key first"));
    }

    /** In which line it stands. */
    int lineOf(X509Certificate certificate) {
        return entries.stream()
                .filter(entry -> entry.certificate().filter(certificate::equals).isPresent())
                .findFirst()
                .orElseThrow()
                .line();
    }

    private static Entry entry(Block block) {
        if (block.condition() != Condition.WHOLE) {
            String trouble = block.condition() == Condition.CUT ? "has no end" : "is damaged";
            return new Entry(block.line(), Optional.empty(), trouble);
        }
        try {
            X509Certificate certificate =
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509")
                                    .generateCertificate(new ByteArrayInputStream(block.bytes()));
            return new Entry(block.line(), Optional.of(certificate), "");
        } catch (CertificateException | RuntimeException e) {
            String why = Shown.message(e).replaceFirst("^.*Exception: ", "");
            String trouble = "is damaged or of an unsupported kind (" + why + ")";
            return new Entry(block.line(), Optional.empty(), trouble);
        }
    }
}
