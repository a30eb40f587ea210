package org.vipmanager.netlink.protocol;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/** How long the kernel's messages about addresses take to write and to read: "make jmh". */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AddressMessageBenchmark {

    private static final InetAddress ADDRESS = InetAddress.ofLiteral("10.0.0.99");

    private final AddressMessage message =
            new AddressMessage(2, ADDRESS, ADDRESS, 24, 0, 0, 10, 10, 0);
    private final ByteBuffer written = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());
    private final ByteBuffer heard = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());

    /** One message to be read. */
    public AddressMessageBenchmark() {
        message.encode(heard);
        heard.flip();
    }

    /** What a put sends, behind the header. */
    @Benchmark
    public ByteBuffer encode() {
        message.encode(written.clear());
        return written;
    }

    /** What the kernel tells of an address. */
    @Benchmark
    public Object parse() {
        return AddressMessage.parse(heard);
    }
}
