package org.vipmanager.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What both programs do when something fails, each fault on a stage of its own for each. */
final class BenchFaults {

    /** They wait most of the time. */
    private static final int AT_ONCE = 6;

    private BenchFaults() {}

    /** A line of the table while it is played. */
    private record Line(BenchFault fault, Future<String> ours, Future<String> go) {}

    static void measure(BenchArguments arguments) throws InterruptedException {
        BenchSection section = new BenchSection("faults", arguments.command("faults"));
        StringBuilder table = new StringBuilder("| fault | ours | 5.0.0 |\n| --- | --- | --- |\n");
        StringBuilder csv = new StringBuilder("fault;ours;5.0.0\n");
        try (ExecutorService players = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Line> lines = new ArrayList<>();
            for (BenchFault fault : BenchFault.values()) {
                lines.add(
                        new Line(
                                fault,
                                players.submit(() -> fault.play(Program.underTest())),
                                players.submit(() -> fault.play(Program.go()))));
            }
            for (Line line : lines) {
                String fault = line.fault.said();
                String ours = line.ours.get();
                String go = line.go.get();
                System.out.println(fault + ": " + ours + " | " + go);
                table.append("| %s | %s | %s |\n".formatted(fault, ours, go));
                csv.append("%s;%s;%s\n".formatted(fault, ours, go));
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        section.text(
                "Each fault once, with both programs; \"two holders\" is the time for which two hosts had the address at once, and \"without end\" is until the scenario ended, seconds after the others. The key lives by a lease of 10 s where a lease is named; else by one of ten minutes.");
        section.text(table.toString());
        section.table(csv);
        section.writeTo(BenchPage.MEASUREMENTS);
    }
}
