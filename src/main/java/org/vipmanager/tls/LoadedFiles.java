package org.vipmanager.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@link TlsFiles} hold.
 *
 * @param warnings what was skipped, a sentence for each file
 */
record LoadedFiles(
        Optional<PemCertificates> authorities,
        Optional<ClientCertificate> own,
        List<String> warnings) {

    /** Reads the files; blocks while it does. */
    static LoadedFiles load(TlsFiles files) throws TlsFileException {
        Optional<PemCertificates> authorities = Optional.empty();
        Optional<ClientCertificate> own = Optional.empty();
        List<String> warnings = new ArrayList<>();
        if (files.certificate().isPresent() && files.key().isPresent()) {
            Path file = files.certificate().get();
            PemCertificates certificates = certificates(file, warnings);
            own = Optional.of(own(certificates, file, files.key().get()));
        }
        if (files.authorities().isPresent()) {
            authorities = Optional.of(certificates(files.authorities().get(), warnings));
        }
        return new LoadedFiles(authorities, own, List.copyOf(warnings));
    }

    private static PemCertificates certificates(Path file, List<String> warnings)
            throws TlsFileException {
        try {
            PemCertificates certificates = PemCertificates.in(content(file));
            certificates.skipped().ifPresent(what -> warnings.add(file + ": " + what));
            return certificates;
        } catch (PemException e) {
            throw new TlsFileException(file, e);
        }
    }

    private static ClientCertificate own(PemCertificates certificates, Path file, Path keyFile)
            throws TlsFileException {
        try {
            PrivateKey key = PemPrivateKey.in(content(keyFile));
            return joined(certificates, file, key);
        } catch (PemException e) {
            throw new TlsFileException(keyFile, e);
        }
    }

    private static ClientCertificate joined(PemCertificates certificates, Path file, PrivateKey key)
            throws TlsFileException, ClientCertificate.UnfitKeyException {
        try {
            return ClientCertificate.of(certificates, file, key);
        } catch (ClientCertificate.UnfitKeyException e) {
            throw e;
        } catch (PemException e) {
            throw new TlsFileException(file, e);
        }
    }

    private static byte[] content(Path file) throws TlsFileException {
        try {
            if (Files.isDirectory(file)) {
                throw new TlsFileException(file, "is a directory, not a PEM file", null);
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] content = in.readNBytes(PemCertificates.LONGEST_FILE + 1);
                if (content.length > PemCertificates.LONGEST_FILE) {
                    throw new TlsFileException(file, "is too large for a PEM file", null);
                }
                return content;
            }
        } catch (NoSuchFileException e) {
            throw new TlsFileException(file, "there is no such file", e);
        } catch (AccessDeniedException e) {
            throw new TlsFileException(file, "may not be read by this user", e);
        } catch (IOException e) {
            throw new TlsFileException(file, "cannot be read: " + Shown.message(e), e);
        }
    }
}
