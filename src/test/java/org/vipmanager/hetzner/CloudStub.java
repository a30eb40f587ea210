package org.vipmanager.hetzner;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Hetzner's Cloud as its documentation describes it: floating IPs over pages, servers with aliases
 * in a network, actions that end after some looks, and whatever else a test demands first.
 */
public final class CloudStub implements AutoCloseable {

    public static final long NETWORK = 77;

    private static final Pattern ASSIGN = Pattern.compile("/floating_ips/(\\d+)/actions/assign");
    private static final Pattern ALIASES =
            Pattern.compile("/servers/(\\d+)/actions/change_alias_ips");
    private static final Pattern LIST = Pattern.compile("\"alias_ips\": \\[(.*)\\]");

    private final HttpStub http;

    /** By number: the address, and the server that has it. */
    private final Map<Long, String> floatingIps = new TreeMap<>();

    private final Map<Long, Long> assigned = new TreeMap<>();
    private final Map<Long, List<String>> aliases = new LinkedHashMap<>();
    private final Map<Long, BooleanSupplier> running = new TreeMap<>();
    private final Map<Long, Integer> looksLeft = new TreeMap<>();
    private final List<String> refusals = new ArrayList<>();
    private int looks = 2;
    private boolean actionsFail;
    private boolean nothingHappens;
    private long lastAction = 100;
    private Duration actionTime = Duration.ZERO;
    private boolean down;
    private boolean readOnly;
    private BiConsumer<HttpStub.Asked, Integer> observer = (_, _) -> {};

    /** Of actions that take their time: when each is due, and what became of it. */
    private final Map<Long, Long> dueNanos = new TreeMap<>();

    private final Map<Long, Boolean> done = new TreeMap<>();

    public CloudStub() throws IOException {
        http = new HttpStub(this::answer);
    }

    public CloudStub(ServerSocket socket) {
        http = new HttpStub(socket, this::answer);
    }

    /** Actions end by themselves after that time, and meanwhile refuse others. */
    public synchronized void actionTime(Duration time) {
        actionTime = time;
    }

    public synchronized void down(boolean isDown) {
        down = isDown;
    }

    /** Of a token that may only read. */
    public synchronized void readOnly(boolean isReadOnly) {
        readOnly = isReadOnly;
    }

    /** Is told each request and the status of its answer. */
    public synchronized void onAnswer(BiConsumer<HttpStub.Asked, Integer> observer) {
        this.observer = observer;
    }

    public synchronized boolean isBusy() {
        endActions();
        return !running.isEmpty();
    }

    private void endActions() {
        List<Long> due =
                dueNanos.entrySet().stream()
                        .filter(entry -> System.nanoTime() - entry.getValue() >= 0)
                        .map(Map.Entry::getKey)
                        .toList();
        for (Long number : due) {
            dueNanos.remove(number);
            done.put(number, running.remove(number).getAsBoolean());
        }
    }

    public URI uri() {
        return http.uri();
    }

    public List<String> asked() {
        return http.asked().stream().map(HttpStub.Asked::toString).toList();
    }

    synchronized HttpStub.Asked first() {
        return http.asked().getFirst();
    }

    public synchronized void floatingIp(long number, String address, long server) {
        floatingIps.put(number, address);
        assigned.put(number, server);
    }

    public synchronized long holder(long number) {
        endActions();
        return assigned.getOrDefault(number, 0L);
    }

    public synchronized void server(long number, String... own) {
        aliases.put(number, new ArrayList<>(List.of(own)));
    }

    public synchronized List<String> aliases(long server) {
        endActions();
        return List.copyOf(aliases.getOrDefault(server, List.of()));
    }

    /** The next request that changes something is refused so: a status, and a code. */
    synchronized void refuseOnce(String statusAndCode) {
        refusals.add(statusAndCode);
    }

    synchronized void actionsFail() {
        actionsFail = true;
    }

    /** Actions succeed, and the first of them has changed nothing. */
    synchronized void nothingHappensOnce() {
        nothingHappens = true;
    }

    private void answer(HttpStub.Asked asked, OutputStream out) throws IOException {
        String[] reply;
        synchronized (this) {
            endActions();
            reply = reply(asked);
            observer.accept(asked, Integer.parseInt(reply[0]));
        }
        String headers = reply.length > 2 ? reply[2] : "";
        HttpStub.answer(out, Integer.parseInt(reply[0]), headers, reply[1]);
    }

    private String[] reply(HttpStub.Asked asked) {
        if (!asked.head().contains("Authorization: Bearer hush\r\n")) {
            return asked.path().endsWith("/instance-id")
                    ? new String[] {"200", "42\n"}
                    : error(401, "unauthorized");
        }
        if (down) {
            return new String[] {"503", "<html>maintenance</html>"};
        }
        boolean changes = asked.method().equals("POST");
        if (changes && readOnly) {
            return error(403, "token_readonly");
        }
        if (changes && !dueNanos.isEmpty()) {
            return error(423, "locked");
        }
        if (changes && !refusals.isEmpty()) {
            String[] words = refusals.removeFirst().split(" ", 3);
            String[] refusal = error(Integer.parseInt(words[0]), words[1]);
            return words.length < 3
                    ? refusal
                    : new String[] {refusal[0], refusal[1], words[2] + "\r\n"};
        }
        return changes ? changed(asked) : seen(asked.path());
    }

    private String[] changed(HttpStub.Asked asked) {
        Matcher assign = ASSIGN.matcher(asked.path());
        if (assign.matches()) {
            long number = Long.parseLong(assign.group(1));
            long server = Long.parseLong(asked.body().replaceAll("\\D", ""));
            return assigned.getOrDefault(number, 0L) == server
                    ? error(422, "floating_ip_assigned")
                    : action(
                            () -> {
                                assigned.put(number, server);
                                return true;
                            });
        }
        Matcher change = ALIASES.matcher(asked.path());
        Matcher list = LIST.matcher(asked.body());
        if (!change.matches() || !list.find()) {
            return error(404, "not_found");
        }
        long server = Long.parseLong(change.group(1));
        List<String> wanted =
                list.group(1).isEmpty()
                        ? List.of()
                        : List.of(list.group(1).replace("\"", "").split(", "));
        return isTaken(server, wanted)
                ? error(422, "ip_not_available")
                : action(
                        () -> {
                            boolean free = !isTaken(server, wanted);
                            if (free) {
                                aliases.put(server, new ArrayList<>(wanted));
                            }
                            return free;
                        });
    }

    /** An address is alias of one server alone. */
    private boolean isTaken(long server, List<String> wanted) {
        return aliases.entrySet().stream()
                .filter(other -> other.getKey() != server)
                .anyMatch(other -> other.getValue().stream().anyMatch(wanted::contains));
    }

    private String[] action(BooleanSupplier effect) {
        lastAction++;
        running.put(lastAction, nothingHappens ? () -> true : effect);
        nothingHappens = false;
        if (actionTime.isPositive()) {
            dueNanos.put(lastAction, System.nanoTime() + actionTime.toNanos());
        }
        looksLeft.put(lastAction, looks);
        return new String[] {"201", actionOf(lastAction, "running")};
    }

    private static String actionOf(long number, String status) {
        String error =
                status.equals("error") ? "{\"code\":\"action_failed\",\"message\":\"no\"}" : "null";
        return "{\"action\":{\"id\":%d,\"status\":\"%s\",\"error\":%s}}"
                .formatted(number, status, error);
    }

    private String[] seen(String path) {
        if (path.startsWith("/actions/")) {
            long number = Long.parseLong(path.substring(9));
            if (dueNanos.containsKey(number)) {
                return ok(actionOf(number, "running"));
            }
            if (done.containsKey(number)) {
                return ok(actionOf(number, done.get(number) ? "success" : "error"));
            }
            int left = looksLeft.merge(number, -1, Integer::sum);
            if (left > 0) {
                return ok(actionOf(number, "running"));
            }
            boolean done = !actionsFail && running.getOrDefault(number, () -> true).getAsBoolean();
            running.remove(number);
            return ok(actionOf(number, done ? "success" : "error"));
        }
        if (path.startsWith("/floating_ips/")) {
            long number = Long.parseLong(path.substring(14));
            return floatingIps.containsKey(number)
                    ? ok("{\"floating_ip\":" + item(number) + "}")
                    : error(404, "not_found");
        }
        if (path.startsWith("/floating_ips?")) {
            return page(
                    "floating_ips", path, floatingIps.keySet().stream().map(this::item).toList());
        }
        if (path.startsWith("/servers/")) {
            return ok("{\"server\":" + serverOf(Long.parseLong(path.substring(9))) + "}");
        }
        return page("servers", path, aliases.keySet().stream().map(this::serverOf).toList());
    }

    /** Two items a page, whatever was asked for. */
    private static String[] page(String name, String path, List<String> items) {
        int page = Integer.parseInt(path.replaceAll(".*[?&]page=(\\d+).*", "$1"));
        String shown =
                items.stream().skip(2L * (page - 1)).limit(2).collect(Collectors.joining(","));
        String next = items.size() > 2 * page ? Integer.toString(page + 1) : "null";
        return ok(
                "{\"%s\":[%s],\"meta\":{\"pagination\":{\"page\":%d,\"next_page\":%s}}}"
                        .formatted(name, shown, page, next));
    }

    private String item(long number) {
        long server = assigned.getOrDefault(number, 0L);
        return "{\"id\":%d,\"ip\":\"%s\",\"server\":%s,\"blocked\":false}"
                .formatted(number, floatingIps.get(number), server == 0 ? "null" : server);
    }

    private String serverOf(long number) {
        String list =
                aliases.getOrDefault(number, List.of()).stream()
                        .map(alias -> '"' + alias + '"')
                        .collect(Collectors.joining(","));
        String net =
                aliases.containsKey(number)
                        ? "{\"network\":%d,\"ip\":\"10.0.1.%d\",\"alias_ips\":[%s]}"
                                .formatted(NETWORK, number % 250, list)
                        : "";
        return "{\"id\":%d,\"private_net\":[%s]}".formatted(number, net);
    }

    private static String[] ok(String body) {
        return new String[] {"200", body};
    }

    private static String[] error(int status, String code) {
        return new String[] {
            Integer.toString(status),
            "{\"error\":{\"code\":\"%s\",\"message\":\"as documented\"}}".formatted(code)
        };
    }

    /** Many floating IPs before that one. */
    void crowd(int count) {
        IntStream.range(0, count).forEach(i -> floatingIp(1 + i, "192.0.2." + i, 0));
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}
