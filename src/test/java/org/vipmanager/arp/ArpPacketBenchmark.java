package org.vipmanager.arp;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.vipmanager.core.HardwareAddress;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** How long an announcement takes to write and a claim to read: "make jmh". */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ArpPacketBenchmark {

    private static final InetAddress ADDRESS = InetAddress.ofLiteral("10.0.0.99");

    private final HardwareAddress station =
            HardwareAddress.at(ByteBuffer.wrap(new byte[] {2, 0, 0, 0, 0, 1}), 0);
    private final ByteBuffer written = ByteBuffer.allocate(ArpPacket.LENGTH);
    private final ByteBuffer heard = ByteBuffer.allocate(ArpPacket.LENGTH);

    /** One packet to be read. */
    public ArpPacketBenchmark() {
        ArpPacket.announcementReply(station, ADDRESS).encode(heard);
        heard.flip();
    }

    /** A gratuitous request, made and written. */
    @Benchmark
    public ByteBuffer announce() {
        ArpPacket.announcementRequest(station, ADDRESS).encode(written.clear());
        return written;
    }

    /** What another station sent. */
    @Benchmark
    public Object parse() {
        return ArpPacket.parse(heard);
    }
}
