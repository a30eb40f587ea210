package org.vipmanager.tls;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The blocks of a PEM file (RFC 7468).
 *
 * <p>Text around the blocks, blanks and line ends of every kind are skipped, and so is what OpenSSL
 * leaves out where files are joined without a line break.
 *
 * @param blocks in the order of the file, damaged ones too
 */
record PemFile(List<Block> blocks) {

    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";

    /** What became of a block. */
    enum Condition {
        WHOLE,
        /** Its headers say so (RFC 1421, as OpenSSL writes keys with a passphrase). */
        ENCRYPTED,
        DAMAGED,
        /** It has no end. */
        CUT
    }

    /**
     * One block.
     *
     * @param label what it says it is, such as {@code CERTIFICATE}
     * @param line where it begins, from 1
     * @param bytes its content; empty unless it is whole
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Block(String label, int line, byte[] bytes, Condition condition) {

        boolean isCertificate() {
            return label.endsWith("CERTIFICATE"); // also "TRUSTED" and "X509 CERTIFICATE"
        }

        boolean isPrivateKey() {
            return label.endsWith("PRIVATE KEY");
        }
    }

    static PemFile of(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        List<Block> blocks = new ArrayList<>();
        int line = 1;
        int counted = 0;
        int begin = text.indexOf(BEGIN);
        while (begin >= 0) {
            line += lineBreaks(text, counted, begin);
            counted = begin;
            int labelStart = begin + BEGIN.length();
            int labelEnd = text.indexOf(DASHES, labelStart);
            if (labelEnd < 0) {
                break;
            }
            String label = text.substring(labelStart, labelEnd);
            int bodyStart = labelEnd + DASHES.length();
            int bodyEnd = text.indexOf(DASHES, bodyStart);
            boolean isLabel = label.length() <= 64 && label.indexOf('\n') < 0;
            if (isLabel) {
                blocks.add(block(label, line, text, bodyStart, bodyEnd));
            }
            begin = text.indexOf(BEGIN, isLabel ? bodyStart : labelStart);
        }
        return new PemFile(List.copyOf(blocks));
    }

    private static int lineBreaks(String text, int from, int to) {
        return (int) text.substring(from, to).chars().filter(c -> c == '\n').count();
    }

    private static Block block(String label, int line, String text, int start, int end) {
        if (end < 0 || !text.startsWith(DASHES + "END " + label + DASHES, end)) {
            return new Block(label, line, new byte[0], Condition.CUT);
        }
        String body = text.substring(start, end).strip();
        int headersEnd = endOfHeaders(body);
        if (body.substring(0, headersEnd).contains("ENCRYPTED")) {
            return new Block(label, line, new byte[0], Condition.ENCRYPTED);
        }
        try {
            String digits = body.substring(headersEnd).replaceAll("\\s", "");
            return new Block(label, line, Base64.getDecoder().decode(digits), Condition.WHOLE);
        } catch (IllegalArgumentException e) {
            return new Block(label, line, new byte[0], Condition.DAMAGED);
        }
    }

    /** Headers such as {@code Proc-Type: 4,ENCRYPTED} end with the last line that has a colon. */
    private static int endOfHeaders(String body) {
        int colon = body.lastIndexOf(':');
        if (colon < 0) {
            return 0;
        }
        int lineEnd = body.indexOf('\n', colon);
        return lineEnd < 0 ? body.length() : lineEnd;
    }
}
