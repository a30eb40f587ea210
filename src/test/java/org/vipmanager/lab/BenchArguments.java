package org.vipmanager.lab;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a run of the benchmark was asked for. */
final class BenchArguments {

    static final List<String> PARTS =
            List.of(
                    "etcd",
                    "etcd-busy",
                    "etcd-memory",
                    "etcd-rewritten",
                    "consul",
                    "patroni",
                    "keepalived",
                    "addresses",
                    "followers",
                    "faults");

    private static final String NUMBERS = "(rounds|failovers|starts|moves)=[1-9]\\d*";
    private static final String LISTS = "(addresses|followers)=[1-9]\\d*(,[1-9]\\d*)*";

    private final String[] given;
    private final Map<String, String> values = new TreeMap<>();

    /**
     * @throws IllegalArgumentException with a sentence for whoever gave them
     */
    BenchArguments(String... given) {
        this.given = given.clone();
        for (String argument : given) {
            String name = argument.replaceFirst("^--", "");
            if (!argument.startsWith("--") || !name.matches("parts=.+|" + NUMBERS + "|" + LISTS)) {
                throw new IllegalArgumentException(
                        argument
                                + ": arguments are --parts=%s --rounds= --failovers= --starts= --moves= --addresses=1,10 --followers=10,100"
                                        .formatted(String.join(",", PARTS)));
            }
            values.put(name.substring(0, name.indexOf('=')), name.substring(name.indexOf('=') + 1));
        }
        List<String> unknown = parts().stream().filter(part -> !PARTS.contains(part)).toList();
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no part %s; parts are %s, and \"make jmh\" is another"
                            .formatted(unknown.getFirst(), String.join(", ", PARTS)));
        }
    }

    /** The parts to be measured, in that order. */
    List<String> parts() {
        String parts = values.get("parts");
        return parts == null ? PARTS : List.of(parts.split(","));
    }

    int number(String name, int usual) {
        return Integer.parseInt(values.getOrDefault(name, String.valueOf(usual)));
    }

    List<Integer> list(String name, String usual) {
        return Arrays.stream(values.getOrDefault(name, usual).split(","))
                .map(Integer::valueOf)
                .toList();
    }

    /** What measures that part alone in the same way. */
    String command(String part) {
        Stream<String> others =
                Arrays.stream(given).filter(argument -> !argument.startsWith("--parts="));
        return "make bench ARGS=\"%s\""
                .formatted(
                        String.join(
                                " ", Stream.concat(Stream.of("--parts=" + part), others).toList()));
    }
}
