package org.vipmanager.lab;

import com.fasterxml.jackson.jr.ob.JSON;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Writes what JMH has measured of the pieces that a takeover consists of: {@code make jmh}. */
public final class BenchPieces {

    private BenchPieces() {}

    /**
     * Writes the section.
     *
     * @param arguments the results, as JMH writes them with {@code -rf json}
     */
    public static void main(String[] arguments) throws IOException {
        StringBuilder table =
                new StringBuilder(
                        """
                        | piece | average | ± |
                        | --- | ---: | ---: |
                        """);
        StringBuilder csv = new StringBuilder("piece,nanoseconds,error\n");
        String version = "";
        for (Object each : JSON.std.listFrom(Files.readString(Path.of(arguments[0])))) {
            Map<?, ?> result = (Map<?, ?>) each;
            version = "JMH " + result.get("jmhVersion") + ", JDK " + result.get("jdkVersion");
            Map<?, ?> metric = (Map<?, ?>) result.get("primaryMetric");
            if (!"ns/op".equals(metric.get("scoreUnit"))) {
                throw new IllegalStateException("not in nanoseconds: " + result);
            }
            String[] name = String.valueOf(result.get("benchmark")).split("\\.");
            String piece =
                    name[name.length - 2].replaceFirst("Benchmark$", "")
                            + "."
                            + name[name.length - 1];
            double score = Double.parseDouble(String.valueOf(metric.get("score")));
            double error = Double.parseDouble(String.valueOf(metric.get("scoreError")));
            table.append(
                    String.format(
                            Locale.ROOT,
                            "| `%s` | %.1f ns | %s |%n",
                            piece,
                            score,
                            Double.isNaN(error)
                                    ? "" // of too few turns
                                    : String.format(Locale.ROOT, "%.1f ns", error)));
            csv.append(String.format(Locale.ROOT, "%s,%.2f,%.2f%n", piece, score, error));
        }
        BenchSection section = new BenchSection("pieces", "make jmh");
        section.text(
                "What a takeover consists of on its threads, when it is compiled: the decision, the kernel's messages and the frames. By "
                        + version
                        + ".");
        section.text(table.toString());
        section.table(csv);
        section.writeTo(BenchPage.SCALE);
    }
}
