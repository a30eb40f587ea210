package org.vipmanager.discovery;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a service is (RFC 2782).
 *
 * @param priority those with the lowest are asked first
 * @param weight among those of one priority, how often it comes before others
 * @param port from 1
 * @param target a host's name, without the dot at its end
 */
public record SrvRecord(int priority, int weight, int port, String target) {

    private static final Pattern TEXT =
            Pattern.compile("([0-9]{1,5}) ([0-9]{1,5}) ([0-9]{1,5}) ([A-Za-z0-9_.-]{1,253}?)\\.?");

    private static final int LARGEST_PORT = 65535;

    /**
     * Reads the four parts as a name server's answer is written.
     *
     * @throws IOException when it makes no sense
     */
    static SrvRecord parse(String text) throws IOException {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IOException("a SRV record makes no sense");
        }
        int port = Integer.parseInt(parts.group(3));
        if (port > LARGEST_PORT) {
            throw new IOException("a SRV record has no port up to " + LARGEST_PORT);
        }
        return new SrvRecord(
                Integer.parseInt(parts.group(1)),
                Integer.parseInt(parts.group(2)),
                port,
                parts.group(4));
    }

    /** A dot alone says that there is no such service. */
    boolean isService() {
        return port > 0 && !target.equals(".") && !target.startsWith(".");
    }

    /**
     * In the order in which they are to be asked: by priority, and by chance within one, the more
     * often the first the higher the weight.
     *
     * @param chance from 0 up to but not 1, anew each time
     */
    static List<SrvRecord> inOrder(List<SrvRecord> records, DoubleSupplier chance) {
        TreeMap<Integer, List<SrvRecord>> priorities = new TreeMap<>();
        records.stream()
                .distinct()
                .sorted(Comparator.comparingInt(SrvRecord::weight)) // those of 0 first
                .forEach(
                        one ->
                                priorities
                                        .computeIfAbsent(one.priority(), _ -> new ArrayList<>())
                                        .add(one));
        List<SrvRecord> ordered = new ArrayList<>();
        for (List<SrvRecord> equals : priorities.values()) {
            while (!equals.isEmpty()) {
                ordered.add(equals.remove(drawn(equals, chance.getAsDouble())));
            }
        }
        return ordered;
    }

    private static int drawn(List<SrvRecord> records, double chance) {
        int sum = records.stream().mapToInt(SrvRecord::weight).sum();
        long drawn = (long) (chance * (sum + 1L));
        long running = 0;
        for (int i = 0; i < records.size(); i++) {
            running += records.get(i).weight();
            if (running >= drawn) {
                return i;
            }
        }
        return records.size() - 1;
    }
}
