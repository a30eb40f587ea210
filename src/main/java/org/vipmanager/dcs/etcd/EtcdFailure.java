package org.vipmanager.dcs.etcd;

import java.net.URI;

/**
 * Why a call or a watch failed.
 *
 * @param kind what sort of trouble it is
 * @param endpoint whom it was put to
 * @param details what was heard, in a few words and without secrets
 */
public record EtcdFailure(Kind kind, URI endpoint, String details) {

    /** A server may say as much as it likes; no sentence of etcd's own is half as long. */
    private static final int LONGEST = 300;

    public EtcdFailure {
        if (details.length() > LONGEST) {
            details = details.substring(0, LONGEST) + "...";
        }
    }

    /** The sorts of trouble that are told apart, each with what to make of it. */
    public enum Kind {
        /** No connection: refused, unreachable, reset, host name unknown. */
        UNREACHABLE("is etcd running there, and is the way to it open?"),
        /** No answer within the deadline. */
        SILENT("is it frozen, overloaded or cut off?"),
        /** A member answers that it has no leader, or lost it meanwhile. */
        NO_LEADER("the etcd cluster has no quorum, or is electing"),
        /** The revision asked for is no longer kept. */
        COMPACTED("reading again"),
        /** The token is not known (any more); another connection or attempt gets a new one. */
        TOKEN_EXPIRED("authenticating again"),
        /** User or password is wrong, or authentication is not as configured. */
        LOGIN_REFUSED("check etcd-user and etcd-password"),
        /** The user may not do this. */
        PERMISSION_DENIED("grant the user's role read permission on the key"),
        /** No secure connection: a certificate is wrong, expired, missing or not accepted. */
        TLS("check etcd-ca-file, etcd-cert-file, etcd-key-file and the server's certificate"),
        /** The server or the connection ended what was under way. */
        ENDED("connecting again"),
        /** Anything else. */
        UNEXPECTED("see the log of etcd");

        private final String advice;

        Kind(String advice) {
            this.advice = advice;
        }

        /** Whether asking again is of no use before somebody has changed something. */
        boolean needsAPerson() {
            return this == LOGIN_REFUSED || this == PERMISSION_DENIED || this == TLS;
        }
    }

    /** What to make of it, or what to check. */
    public String advice() {
        return kind.advice;
    }

    /** One sentence: the endpoint, what happened, what it means or what to check. */
    public String sentence() {
        return "etcd " + endpoint + ": " + details + "; " + kind.advice;
    }
}
