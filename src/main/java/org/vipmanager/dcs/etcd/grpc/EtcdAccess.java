package org.vipmanager.dcs.etcd.grpc;

import org.vipmanager.tls.TlsFiles;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * By what right etcd is asked.
 *
 * @param user the user to log in as; empty for nobody, or for the user whom the client certificate
 *     names
 * @param password the user's password, asked for at each login, on a thread that may block
 * @param tls the certificate files, used by endpoints with {@code https}
 */
public record EtcdAccess(Optional<String> user, Supplier<String> password, TlsFiles tls) {

    /** Nobody in particular. */
    public static final EtcdAccess ANONYMOUS =
            new EtcdAccess(Optional.empty(), () -> "", TlsFiles.NONE);
}
