package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import org.jspecify.annotations.Nullable;
import org.vipmanager.http.BoundedJson;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Debian's Chromium without a window, in a host, with one page: driven by the DevTools protocol
 * over a pipe (each message is JSON and a zero byte), so that no port is opened.
 */
final class Browser implements AutoCloseable {

    static final Path PROGRAM = Path.of("/usr/bin/chromium");

    private static final JsonFactory JSON = new JsonFactory();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int MOST_VALUES = 200_000;

    private final Process process;
    private final OutputStream commands;
    private final Map<Long, CompletableFuture<Map<?, ?>>> asked = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private long number;
    private @Nullable String session;

    private Browser(Process process) {
        this.process = process;
        this.commands = process.getOutputStream();
    }

    /**
     * Starts it.
     *
     * @param folder for its profile and what it prints
     */
    static Browser open(Host host, Path folder) {
        List<String> words =
                host.namespace()
                        .command(
                                "HOME=" + folder,
                                "sh",
                                "-c",
                                // The protocol is spoken over the descriptors 3 and 4.
                                "exec \"$@\" 3<&0 4>&1 1>&2",
                                "sh",
                                PROGRAM.toString(),
                                "--headless=new",
                                "--no-sandbox", // root has none
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--hide-scrollbars",
                                "--user-data-dir=" + folder.resolve("profile"),
                                "--remote-debugging-pipe",
                                "about:blank");
        try {
            Process process =
                    new ProcessBuilder(words)
                            .redirectError(folder.resolve("chromium.log").toFile())
                            .start();
            Browser browser = new Browser(process);
            Thread.ofPlatform().daemon().name("browser").start(browser::listen);
            browser.attach();
            return browser;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void attach() {
        List<?> targets =
                (List<?>)
                        Objects.requireNonNull(
                                ask("Target.getTargets", Map.of()).get("targetInfos"));
        Map<?, ?> page =
                targets.stream()
                        .map(each -> (Map<?, ?>) each)
                        .filter(each -> "page".equals(each.get("type")))
                        .findFirst()
                        .orElseThrow();
        session =
                (String)
                        ask(
                                        "Target.attachToTarget",
                                        Map.of("targetId", page.get("targetId"), "flatten", true))
                                .get("sessionId");
        for (String domain : List.of("Page", "Runtime", "Log")) {
            ask(domain + ".enable", Map.of());
        }
    }

    void open(String url) {
        ask("Page.navigate", Map.of("url", url));
    }

    /** The width of the window, in pixels of CSS, and whether its user likes it dark. */
    void looks(int width, int height, boolean dark) {
        ask(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        ask(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of(
                                        "name",
                                        "prefers-color-scheme",
                                        "value",
                                        dark ? "dark" : "light"))));
    }

    void runsScripts(boolean runs) {
        ask("Emulation.setScriptExecutionDisabled", Map.of("value", !runs));
    }

    void press(String key, int code) {
        for (String type : List.of("rawKeyDown", "keyUp")) {
            ask(
                    "Input.dispatchKeyEvent",
                    Map.of("type", type, "key", key, "code", key, "windowsVirtualKeyCode", code));
        }
    }

    /** What the expression, or the promise that it is, comes to; as text. */
    String evaluate(String expression) {
        Map<?, ?> answer =
                ask(
                        "Runtime.evaluate",
                        Map.of(
                                "expression", expression,
                                "awaitPromise", true,
                                "returnByValue", true));
        assertThat(answer.get("exceptionDetails")).as(expression).isNull();
        return String.valueOf(((Map<?, ?>) answer.get("result")).get("value"));
    }

    String text() {
        return evaluate("document.body ? document.body.innerText : ''");
    }

    /** A picture of all of the page, down to this height. */
    byte[] picture(int width, int most) {
        int height =
                Math.min(most, Integer.parseInt(evaluate("document.documentElement.scrollHeight")));
        Map<?, ?> answer =
                ask(
                        "Page.captureScreenshot",
                        Map.of(
                                "format",
                                "png",
                                "captureBeyondViewport",
                                true,
                                "clip",
                                Map.of(
                                        "x", 0, "y", 0, "width", width, "height", height, "scale",
                                        1)));
        return Base64.getDecoder().decode((String) answer.get("data"));
    }

    /** Errors of the page's script, and what its policy has refused. */
    List<String> complaints() {
        return complaints;
    }

    private Map<?, ?> ask(String method, Map<String, ?> parameters) {
        CompletableFuture<Map<?, ?>> answer = new CompletableFuture<>();
        synchronized (this) {
            long own = ++number;
            asked.put(own, answer);
            StringWriter message = new StringWriter();
            try (JsonGenerator json = JSON.createGenerator(message)) {
                json.writeStartObject();
                json.writeNumberField("id", own);
                json.writeStringField("method", method);
                if (session != null) {
                    json.writeStringField("sessionId", session);
                }
                json.writeFieldName("params");
                write(json, parameters);
                json.writeEndObject();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            try {
                commands.write((message + "\0").getBytes(StandardCharsets.UTF_8));
                commands.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(method, e);
            }
        }
        Map<?, ?> all = answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        assertThat(all.get("error")).as(method).isNull();
        return all.get("result") instanceof Map<?, ?> result ? result : Map.of();
    }

    private static void write(JsonGenerator json, Object value) throws IOException {
        switch (value) {
            case Map<?, ?> map -> {
                json.writeStartObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    json.writeFieldName((String) entry.getKey());
                    write(json, entry.getValue());
                }
                json.writeEndObject();
            }
            case List<?> list -> {
                json.writeStartArray();
                for (Object each : list) {
                    write(json, each);
                }
                json.writeEndArray();
            }
            case String text -> json.writeString(text);
            case Boolean truth -> json.writeBoolean(truth);
            case Integer whole -> json.writeNumber(whole);
            default -> throw new IllegalArgumentException(value.toString());
        }
    }

    private void listen() {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        byte[] buffer = new byte[64 << 10];
        try (InputStream answers = process.getInputStream()) {
            int read;
            while ((read = answers.read(buffer)) >= 0) {
                for (int i = 0; i < read; i++) {
                    if (buffer[i] == 0) {
                        take(message.toString(StandardCharsets.UTF_8));
                        message.reset();
                    } else {
                        message.write(buffer[i]);
                    }
                }
            }
        } catch (IOException e) {
            complaints.add(e.toString());
        } finally {
            IOException ended = new IOException("the browser has ended");
            asked.values().forEach(each -> each.completeExceptionally(ended));
        }
    }

    private void take(String message) throws IOException {
        Map<?, ?> all = (Map<?, ?>) BoundedJson.read(message, MOST_VALUES);
        if (all.get("id") instanceof Long id) {
            CompletableFuture<Map<?, ?>> answer = asked.remove(id);
            if (answer != null) {
                answer.complete(all);
            }
        } else if ("Runtime.exceptionThrown".equals(all.get("method"))
                || message.contains("Content Security Policy")) {
            complaints.add(message);
        }
    }

    @Override
    public void close() throws IOException {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
        commands.close();
    }

    static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }
}
