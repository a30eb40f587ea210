package org.vipmanager.http;

import org.vipmanager.core.Moment;

/**
 * An exchange that ended without an answer.
 *
 * @param trouble a sentence with the endpoint and what happened, without a full stop and without
 *     secrets; the same words whenever the same happens
 */
public record HttpFailure(String trouble, Moment sentAt, Moment receivedAt)
        implements HttpOutcome {}
