package org.vipmanager.simulation;

import org.vipmanager.control.PatroniProbe;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A Patroni whose answers are changed, or lost, on their way. */
abstract class ForwardingPatroni implements PatroniProbe {

    private final PatroniProbe patroni;

    ForwardingPatroni(PatroniProbe patroni) {
        this.patroni = patroni;
    }

    /** What is heard of it; empty when it is lost. */
    abstract Optional<Reply> heard(Reply reply);

    @Override
    public CompletionStage<Reply> ask() {
        CompletableFuture<Reply> asked = new CompletableFuture<>();
        patroni.ask().thenAccept(reply -> heard(reply).ifPresent(asked::complete));
        return asked;
    }

    @Override
    public void close() {
        patroni.close();
    }
}
