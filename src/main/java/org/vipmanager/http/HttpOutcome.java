package org.vipmanager.http;

import org.vipmanager.core.Moment;

/** How an exchange ended: with an answer of any status, or without one. */
public sealed interface HttpOutcome permits HttpAnswer, HttpFailure {

    /** Taken before anything was sent: what an answer says was true at some moment after it. */
    Moment sentAt();

    /** When the last byte arrived, or the exchange was given up. */
    Moment receivedAt();
}
