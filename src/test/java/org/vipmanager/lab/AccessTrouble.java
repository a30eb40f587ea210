package org.vipmanager.lab;

import java.util.function.Consumer;

/** What can take a daemon's access to etcd away, how it is given back, and what a log says. */
enum AccessTrouble {
    PASSWORD_CHANGED(
            "user \"vip\" or its password is wrong",
            SecuredEtcd::demandAnotherPassword,
            SecuredEtcd::demandThePassword),
    PERMISSION_REVOKED(
            "user \"vip\" may not read \"" + Lab.KEY + "\"",
            SecuredEtcd::forbidReading,
            SecuredEtcd::allowReading),
    AUTHORITY_UNKNOWN(
            "not issued by an authority that is trusted here",
            SecuredEtcd::showStrangersCertificate,
            SecuredEtcd::showAndTrustAsBefore),
    CERTIFICATE_EXPIRED(
            "the server's certificate has expired",
            SecuredEtcd::showExpiredCertificate,
            SecuredEtcd::showAndTrustAsBefore),
    OTHER_HOST(
            "the server's certificate is for another host",
            SecuredEtcd::showCertificateOfAnotherHost,
            SecuredEtcd::showAndTrustAsBefore),
    /** TLS 1.3 refuses after the handshake, or just ends the connection. */
    CLIENT_REFUSED(
            "client certificate", SecuredEtcd::refuseTheClient, SecuredEtcd::showAndTrustAsBefore);

    private final String words;
    private final Consumer<SecuredEtcd> begin;
    private final Consumer<SecuredEtcd> end;

    AccessTrouble(String words, Consumer<SecuredEtcd> begin, Consumer<SecuredEtcd> end) {
        this.words = words;
        this.begin = begin;
        this.end = end;
    }

    /** What names it in a log. */
    String words() {
        return words;
    }

    /** Whether etcd is restarted for it, and cannot be reached meanwhile. */
    boolean restartsEtcd() {
        return this != PASSWORD_CHANGED && this != PERMISSION_REVOKED;
    }

    void begin(SecuredEtcd etcd) {
        begin.accept(etcd);
    }

    void end(SecuredEtcd etcd) {
        end.accept(etcd);
    }
}
