package org.vipmanager.tls;

import org.vipmanager.tls.PemFile.Block;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A private key in a PEM file.
 *
 * <p>The JDK reads PKCS#8 only (RFC 5958); the older forms of OpenSSL, PKCS#1 for RSA (RFC 8017
 * A.1.2) and SEC1 for elliptic curves (RFC 5915), are wrapped into it:
 *
 * <pre>
 * PrivateKeyInfo ::= SEQUENCE { version INTEGER 0,
 *                               algorithm SEQUENCE { OBJECT IDENTIFIER, parameters },
 *                               privateKey OCTET STRING }
 * ECPrivateKey   ::= SEQUENCE { version INTEGER 1, privateKey OCTET STRING,
 *                               parameters [0] OBJECT IDENTIFIER, publicKey [1] BIT STRING }
 * </pre>
 */
public final class PemPrivateKey {

    /** 1.2.840.113549.1.1.1 rsaEncryption, with its NULL parameters. */
    private static final byte[] RSA = {
        0x06,
        0x09,
        0x2a,
        (byte) 0x86,
        0x48,
        (byte) 0x86,
        (byte) 0xf7,
        0x0d,
        0x01,
        0x01,
        0x01,
        0x05,
        0
    };

    /** 1.2.840.10045.2.1 id-ecPublicKey; the curve follows. */
    private static final byte[] ELLIPTIC_CURVE = {
        0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01
    };

    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

    private static final String REMEDY = "name a file with an unencrypted key in PEM form";

    private PemPrivateKey() {}

    /**
     * Reads the first private key in the content of a file.
     *
     * @throws PemException when there is none that can be used
     */
    public static PrivateKey in(byte[] content) throws PemException {
        Optional<byte[]> curve = Optional.empty();
        List<Block> blocks = PemFile.of(content).blocks();
        for (Block block : blocks) {
            if (block.isPrivateKey()) {
                return key(block, curve);
            }
            if (block.label().equals("EC PARAMETERS")) {
                curve = Optional.of(block.bytes());
            }
        }
        throw new PemException(
                blocks.stream().anyMatch(Block::isCertificate)
                        ? "holds a certificate and no private key"
                        : "holds no private key in PEM form",
                REMEDY);
    }

    private static PrivateKey key(Block block, Optional<byte[]> curve) throws PemException {
        boolean isEncrypted = block.condition() == PemFile.Condition.ENCRYPTED;
        if (isEncrypted || block.label().equals("ENCRYPTED PRIVATE KEY")) {
            throw new PemException(
                    "holds a private key with a passphrase, which nobody can enter here",
                    "write it without: openssl pkey -in FILE -out NEW");
        }
        if (block.condition() == PemFile.Condition.CUT) {
            throw new PemException("ends within the private key", REMEDY);
        }
        byte[] bytes = block.bytes();
        return decoded(bytes)
                .or(() -> decoded(wrapped(RSA, bytes)))
                .or(() -> curveOf(bytes, curve).flatMap(of -> decoded(wrapped(of, bytes))))
                .orElseThrow(
                        () ->
                                new PemException(
                                        "holds a private key that is damaged or of an unsupported"
                                                + " kind",
                                        "name a file with an RSA, EC (P-256, P-384, P-521) or"
                                                + " Ed25519 key in PEM form"));
    }

    /** What a block holds decides, not what it calls it. */
    private static Optional<PrivateKey> decoded(byte[] pkcs8) {
        for (String algorithm : ALGORITHMS) {
            try {
                KeyFactory factory = KeyFactory.getInstance(algorithm);
                return Optional.of(factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
            } catch (GeneralSecurityException | RuntimeException ignored) {
                continue; // a key of another kind
            }
        }
        return Optional.empty();
    }

    /** The algorithm and curve of a SEC1 key; the curve stands in it or in a block before it. */
    private static Optional<byte[]> curveOf(byte[] sec1, Optional<byte[]> before) {
        try {
            Der key = Der.sequence(sec1);
            key.skip(); // version
            key.skip(); // the key
            return key.next(0xa0).or(() -> before).map(of -> Der.joined(ELLIPTIC_CURVE, of));
        } catch (IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        byte[] version = {0x02, 0x01, 0x00};
        return Der.encoded(
                0x30, Der.joined(version, Der.encoded(0x30, algorithm), Der.encoded(0x04, key)));
    }

    /** As much of the Distinguished Encoding Rules (X.690) as that takes. */
    private static final class Der {
        private final byte[] bytes;
        private int position;

        private Der(byte[] bytes) {
            this.bytes = bytes;
        }

        /** Enters the sequence that the bytes are. */
        static Der sequence(byte[] bytes) {
            return new Der(new Der(bytes).next(0x30).orElseThrow(IndexOutOfBoundsException::new));
        }

        /** The content of the next value if it has this tag. */
        Optional<byte[]> next(int tag) {
            if (position >= bytes.length || (bytes[position] & 0xff) != tag) {
                return Optional.empty();
            }
            position++;
            int length = bytes[position++] & 0xff;
            if (length > 0x7f) {
                int octets = length & 0x7f;
                length = 0;
                for (int i = 0; i < octets; i++) {
                    length = length << 8 | bytes[position++] & 0xff;
                }
            }
            if (length < 0 || length > bytes.length - position) {
                throw new IndexOutOfBoundsException("a value ends behind its bytes");
            }
            position += length;
            return Optional.of(Arrays.copyOfRange(bytes, position - length, position));
        }

        void skip() {
            next(bytes[position] & 0xff);
        }

        static byte[] encoded(int tag, byte[] content) {
            int length = content.length;
            byte[] head =
                    length < 0x80
                            ? new byte[] {(byte) tag, (byte) length}
                            : new byte[] {
                                (byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length
                            };
            return joined(head, content);
        }

        static byte[] joined(byte[]... parts) {
            byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
            int at = 0;
            for (byte[] part : parts) {
                System.arraycopy(part, 0, all, at, part.length);
                at += part.length;
            }
            return all;
        }
    }
}
