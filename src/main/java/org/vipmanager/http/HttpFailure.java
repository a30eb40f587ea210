package org.vipmanager.http;

import org.vipmanager.core.Moment;

/**
 * An exchange that ended without an answer.
 *
 * @param trouble a sentence with the endpoint and what happened, without a full stop and without
 *     secrets; the same words whenever the same happens
 * @param needsAPerson whether it will be so until somebody mends something, as a certificate that
 *     is refused or what is no HTTP server
 */
public record HttpFailure(String trouble, boolean needsAPerson, Moment sentAt, Moment receivedAt)
        implements HttpOutcome {}
