package org.vipmanager.tls;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/** A certificate or key file cannot be used; the message is one sentence that names it. */
public final class TlsFileException extends Exception {

    private static final long serialVersionUID = 1L;

    TlsFileException(Path file, PemException content) {
        this(file, content.getMessage(), content);
    }

    TlsFileException(Path file, @Nullable String trouble, @Nullable Throwable cause) {
        this(file + ": " + trouble, cause);
    }

    TlsFileException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
