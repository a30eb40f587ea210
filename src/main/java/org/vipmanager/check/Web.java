package org.vipmanager.check;

import org.vipmanager.http.HttpOutcome;
import org.vipmanager.http.HttpQuestion;
import org.vipmanager.http.SocketHttpSender;
import org.vipmanager.http.TlsContexts;
import org.vipmanager.tls.ServerName;
import org.vipmanager.tls.TlsFileException;
import org.vipmanager.tls.TlsFiles;
import org.vipmanager.tls.TlsReload;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import javax.net.ssl.SSLContext;

/** Asks over HTTP, through the daemon's client, and waits for the answer. */
final class Web implements AutoCloseable {

    private static final int LONGEST_BODY = 1 << 20;

    private final Inquiries inquiries;
    private final SocketHttpSender sender;

    Web(Inquiries inquiries, TlsFiles files, List<URI> endpoints, Duration connect) {
        this.inquiries = inquiries;
        this.sender =
                new SocketHttpSender(
                        inquiries.loop(),
                        new SocketHttpSender.Limits(connect, LONGEST_BODY),
                        contexts(files, endpoints));
    }

    /** Empty when there was neither an answer nor a failure in time. */
    Optional<HttpOutcome> ask(HttpQuestion question, Deadline deadline) {
        return inquiries.ask(deadline, receiver -> sender.send(question, receiver));
    }

    /** A key as a part of a URI: its slashes stay. */
    static String path(String key) {
        return Arrays.stream(key.replaceFirst("^/+", "").split("/", -1))
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
    }

    /** Read once: a check is over before files are replaced. */
    private static TlsContexts contexts(TlsFiles files, List<URI> endpoints) {
        if (endpoints.stream().noneMatch(uri -> "https".equals(uri.getScheme()))) {
            return TlsContexts.SYSTEM;
        }
        Map<TlsFiles, SSLContext> loaded = new HashMap<>();
        return new TlsContexts() {
            @Override
            public SSLContext current() throws IOException {
                synchronized (loaded) {
                    if (!loaded.containsKey(files)) {
                        loaded.put(files, context(files));
                    }
                    return loaded.get(files);
                }
            }

            @Override
            public ServerName serverAt(String host) {
                return files.serverAt(host);
            }
        };
    }

    private static SSLContext context(TlsFiles files) throws IOException {
        try (TlsReload loading = new TlsReload(files)) {
            return loading.current().context();
        } catch (TlsFileException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        inquiries.loop().execute(sender::close);
    }
}
