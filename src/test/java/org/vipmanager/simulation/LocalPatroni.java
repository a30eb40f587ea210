package org.vipmanager.simulation;

import org.vipmanager.control.PatroniProbe;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PatroniAnswer;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A daemon's way to the REST API of a Patroni, mostly that on its host. */
final class LocalPatroni implements PatroniProbe {

    private static final long DEADLINE = 1_000_000_000L;

    private final World world;
    private final DaemonProcess process;
    private final RestApi patroni;
    private final Dice dice;

    LocalPatroni(World world, DaemonProcess process, RestApi patroni, Dice dice) {
        this.world = world;
        this.process = process;
        this.patroni = patroni;
        this.dice = dice;
    }

    @Override
    public CompletionStage<Reply> ask() {
        process.checkAlive();
        CompletableFuture<Reply> answer = new CompletableFuture<>();
        Moment sentAt = process.host().clock().now();
        long there = dice.between(100_000, 3_000_000);
        world.agenda()
                .after(
                        there,
                        () -> {
                            int status = patroni.leaderStatus();
                            PatroniAnswer.Failsafe failsafe = patroni.failsafe();
                            long back = status == 0 ? DEADLINE : there;
                            world.agenda()
                                    .after(
                                            back,
                                            () ->
                                                    process.execute(
                                                            () ->
                                                                    answer.complete(
                                                                            new Reply(
                                                                                    patroni
                                                                                            .member(),
                                                                                    new PatroniAnswer(
                                                                                            sentAt,
                                                                                            status,
                                                                                            failsafe)))));
                        });
        return answer;
    }

    @Override
    public void close() {}
}
