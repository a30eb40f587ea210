package org.vipmanager.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * The way between a host and etcd.
 *
 * <p>While a direction is cut, TCP sends again: what was sent arrives after the cut, seconds late,
 * unless the cut lasted so long that the connection was given up.
 */
final class DcsLink {

    private static final long TCP_GIVES_UP_AFTER = 20_000_000_000L;

    private record Held(long since, Runnable delivery) {}

    private final World world;
    private final Dice dice;
    private final List<Held> outward = new ArrayList<>();
    private final List<Held> inward = new ArrayList<>();
    private boolean outwardCut;
    private boolean inwardCut;
    private double slowSeconds;

    DcsLink(World world, Dice dice) {
        this.world = world;
        this.dice = dice;
    }

    boolean isCut() {
        return outwardCut || inwardCut;
    }

    void out(Runnable delivery) {
        send(outwardCut, outward, delivery);
    }

    void in(Runnable delivery) {
        send(inwardCut, inward, delivery);
    }

    private void send(boolean cut, List<Held> held, Runnable delivery) {
        if (cut) {
            held.add(new Held(world.agenda().now(), delivery));
        } else {
            world.agenda().after(latency(), delivery);
        }
    }

    long latency() {
        long usual = dice.between(50_000, world.scenario().latency());
        return slowSeconds == 0 ? usual : usual + dice.seconds(0, slowSeconds);
    }

    void cut(boolean outwardToo, boolean inwardToo) {
        outwardCut = outwardToo;
        inwardCut = inwardToo;
    }

    /** Each message takes up to so much longer. */
    void slowDown(double seconds) {
        slowSeconds = seconds;
    }

    /**
     * Opens the way again.
     *
     * @return whether connections that had something under way were given up meanwhile
     */
    boolean heal() {
        outwardCut = false;
        inwardCut = false;
        slowSeconds = 0;
        boolean outwardLost = release(outward);
        boolean inwardLost = release(inward);
        return outwardLost || inwardLost;
    }

    private boolean release(List<Held> held) {
        boolean lost = false;
        long now = world.agenda().now();
        for (Held message : held) {
            if (now - message.since() < TCP_GIVES_UP_AFTER) {
                world.agenda().after(latency() + dice.seconds(0, 0.3), message.delivery());
            } else {
                lost = true;
            }
        }
        held.clear();
        return lost;
    }
}
