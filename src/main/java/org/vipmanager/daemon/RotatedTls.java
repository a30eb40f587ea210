package org.vipmanager.daemon;

import org.jspecify.annotations.Nullable;
import org.vipmanager.http.TlsContexts;
import org.vipmanager.tls.ServerName;
import org.vipmanager.tls.TlsFileException;
import org.vipmanager.tls.TlsFiles;
import org.vipmanager.tls.TlsMaterial;
import org.vipmanager.tls.TlsReload;

import java.io.IOException;

import javax.net.ssl.SSLContext;

/** Gives HTTP connections the certificates as the files hold them now. */
final class RotatedTls implements TlsContexts {

    private final TlsFiles configured;
    private final TlsReload files;
    private @Nullable TlsMaterial material;
    private @Nullable SSLContext context;

    RotatedTls(TlsFiles files) {
        this.configured = files;
        this.files = new TlsReload(files);
    }

    @Override
    public synchronized @Nullable SSLContext current() throws IOException {
        try {
            TlsMaterial current = files.current();
            if (current != material) {
                context = current.context(); // first: without it nobody's authorities would count
                material = current;
            }
            return context;
        } catch (TlsFileException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public ServerName serverAt(String host) {
        return configured.serverAt(host);
    }

    @Override
    public void close() {
        files.close();
    }
}
