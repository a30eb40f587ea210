package org.vipmanager.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The blocks of a PEM file (RFC 7468); text around them is skipped.
 *
 * @param path where it was read from
 * @param blocks in the order of the file
 */
record PemFile(Path path, List<Block> blocks) {

    /** A bundle of every authority that there is takes a quarter of a megabyte. */
    private static final long LARGEST = 4 << 20;

    private static final Pattern BLOCK =
            Pattern.compile(
                    "-----BEGIN ([A-Z0-9 ]+)-----\\s*(.*?)-----END \\1-----", Pattern.DOTALL);

    /**
     * One block.
     *
     * @param label what it says it is, such as {@code CERTIFICATE}
     * @param bytes its content; empty when it is encrypted
     * @param encrypted whether headers say so (RFC 1421, as OpenSSL writes keys with a passphrase)
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Block(String label, byte[] bytes, boolean encrypted) {}

    static PemFile read(Path path) throws TlsFileException {
        String text;
        try {
            if (Files.isDirectory(path)) {
                throw new TlsFileException(path, "is a directory, not a PEM file", null);
            }
            if (Files.size(path) > LARGEST) {
                throw new TlsFileException(path, "is too large for a PEM file", null);
            }
            text = Files.readString(path, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new TlsFileException(path, "there is no such file", e);
        } catch (AccessDeniedException e) {
            throw new TlsFileException(path, "may not be read by this user", e);
        } catch (IOException e) {
            throw new TlsFileException(path, "cannot be read: " + e.getMessage(), e);
        }
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            blocks.add(block(path, matcher.group(1), matcher.group(2)));
        }
        return new PemFile(path, List.copyOf(blocks));
    }

    private static Block block(Path path, String label, String body) throws TlsFileException {
        if (body.contains("ENCRYPTED")) {
            return new Block(label, new byte[0], true);
        }
        try {
            return new Block(label, Base64.getMimeDecoder().decode(body), false);
        } catch (IllegalArgumentException e) {
            throw new TlsFileException(path, "its block " + label + " is damaged", e);
        }
    }
}
