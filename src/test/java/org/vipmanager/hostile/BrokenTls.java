package org.vipmanager.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.vipmanager.hostile.FaultyPeer.Manners;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Random;

/**
 * What is wrong with a TLS server (RFC 8446), by a seed: what it says is none, or cut, or another
 * byte than it was, or has no end, or the certificate is not what it should be.
 */
final class BrokenTls {

    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;

    /** Of what has no end, more than anybody may read. */
    private static final int ENDLESS = 16 << 20;

    private final int good;
    private final List<Integer> odd;

    /**
     * @param good the port of a server that the client is content with
     * @param odd those of servers with other certificates
     */
    BrokenTls(int good, List<Integer> odd) {
        this.good = good;
        this.odd = odd;
    }

    /** Passes everything on to a server, as it is. */
    static Manners passing(int port) {
        return connection -> pass(connection, port, -1, 0, Integer.MAX_VALUE);
    }

    Manners manners(Random dice) {
        long cutAfter = dice.nextInt(4000);
        return switch (dice.nextInt(9)) {
            case 0 -> saying(bytes(dice, dice.nextInt(2000)), 1);
            case 1 -> saying("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(ISO_8859_1), 1);
            case 2 -> saying(alert(dice), 1 + dice.nextInt(1000));
            case 3 -> saying(record(dice.nextInt(256), dice.nextInt(1 << 16), dice), 1);
            case 4 -> saying(endless(dice), ENDLESS >> 14);
            case 5 -> saying(empty(dice), ENDLESS >> 8);
            case 6 -> connection -> pass(connection, good, -1, 0, cutAfter);
            case 7 -> {
                int flipped = 1 << dice.nextInt(8);
                yield connection -> pass(connection, good, cutAfter, flipped, Integer.MAX_VALUE);
            }
            default -> passing(odd.get(dice.nextInt(odd.size())));
        };
    }

    /** After the client's first words. */
    private static Manners saying(byte[] words, int times) {
        return connection -> {
            if (connection.getInputStream().read() >= 0) {
                for (int i = 0; i < times; i++) {
                    connection.getOutputStream().write(words);
                }
            }
            connection.getInputStream().transferTo(OutputStream.nullOutputStream());
        };
    }

    private static byte[] alert(Random dice) {
        int description = dice.nextBoolean() ? dice.nextInt(256) : 0;
        return new byte[] {ALERT, 3, 3, 0, 2, (byte) dice.nextInt(4), (byte) description};
    }

    /** Of a version that there is not, or shorter than it says. */
    private static byte[] record(int type, int length, Random dice) {
        byte[] record = bytes(dice, 5 + dice.nextInt(300));
        record[0] = (byte) (dice.nextBoolean() ? HANDSHAKE : type);
        record[1] = (byte) (dice.nextBoolean() ? 3 : dice.nextInt(256));
        record[3] = (byte) (length >> 8);
        record[4] = (byte) length;
        return record;
    }

    /** Records of 16 KiB of one message of 16 MiB, or of one message after the other. */
    private static byte[] endless(Random dice) {
        byte[] record = new byte[5 + (1 << 14)];
        record[0] = HANDSHAKE;
        record[1] = 3;
        record[2] = 3;
        record[3] = 1 << 6;
        record[5] = (byte) List.of(0, 2, 4, 11, 13, 24).get(dice.nextInt(6)).intValue();
        if (dice.nextBoolean()) {
            record[6] = (byte) 0xff;
        }
        return record;
    }

    private static byte[] empty(Random dice) {
        return dice.nextBoolean()
                ? new byte[] {CHANGE_CIPHER_SPEC, 3, 3, 0, 1, 1}
                : new byte[] {(byte) (20 + dice.nextInt(5)), 3, 3, 0, 0};
    }

    private static byte[] bytes(Random dice, int count) {
        byte[] bytes = new byte[count];
        dice.nextBytes(bytes);
        return bytes;
    }

    /**
     * @param spoiltAt which byte of the server's is another one
     * @param flipped the bits in which it is
     * @param cutAfter so many bytes of the server's the connection ends
     */
    private static void pass(Socket client, int port, long spoiltAt, int flipped, long cutAfter)
            throws IOException {
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
            Thread.ofVirtual().start(() -> ask(client, server));
            InputStream in = server.getInputStream();
            byte[] some = new byte[4096];
            long passed = 0;
            int count = in.read(some);
            while (count >= 0 && passed < cutAfter) {
                if (spoiltAt >= passed && spoiltAt < passed + count) {
                    some[(int) (spoiltAt - passed)] ^= (byte) flipped;
                }
                int left = (int) Math.min(count, cutAfter - passed);
                client.getOutputStream().write(some, 0, left);
                passed += count;
                count = in.read(some);
            }
        }
    }

    private static void ask(Socket client, Socket server) {
        try (server) {
            client.getInputStream().transferTo(server.getOutputStream());
        } catch (IOException over) {
            // One of the two has ended it.
        }
    }
}
