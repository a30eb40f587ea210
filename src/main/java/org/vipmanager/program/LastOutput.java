package org.vipmanager.program;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What a program has written; the end of it is kept. */
final class LastOutput {

    private static final int MOST = 4096;

    private final byte[] buffer = new byte[MOST];
    private byte[] kept = new byte[0];

    /**
     * What is there already; waits for nothing, as others may hold the pipe open for ever. What
     * cannot be read is left.
     */
    void take(InputStream in) {
        try {
            takeWhatIsThere(in);
        } catch (IOException broken) {
            // How the program ends is known without it.
        }
    }

    private void takeWhatIsThere(InputStream in) throws IOException {
        for (int round = 0; round < 1024 && in.available() > 0; round++) {
            int count = in.read(buffer, 0, Math.min(buffer.length, in.available()));
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(kept);
            all.write(buffer, 0, Math.max(0, count));
            byte[] joined = all.toByteArray();
            kept = Arrays.copyOfRange(joined, Math.max(0, joined.length - MOST), joined.length);
        }
    }

    @Override
    public String toString() {
        return new String(kept, StandardCharsets.UTF_8);
    }
}
