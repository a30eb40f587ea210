package org.vipmanager.simulation;

/** The clients' network: carries announcements and probes between hosts, or loses them. */
final class Wire {

    private final World world;
    private final Dice dice;
    private double loss;
    private int answerers;
    private long answeringSince = Long.MAX_VALUE;

    /** The station that answers every probe. */
    static final String ANSWERER = "02:00:00:00:00:f2";

    Wire(World world, Dice dice) {
        this.world = world;
        this.dice = dice;
    }

    void lose(double probability) {
        loss = probability;
    }

    /** One more station answers every probe from now on, or one less. */
    void answerProbes(boolean one) {
        answerers += one ? 1 : -1;
        answeringSince =
                answerers == 0 ? Long.MAX_VALUE : Math.min(answeringSince, world.agenda().now());
    }

    /** Since when a station answers every probe; far in the future if none does. */
    long answeringSince() {
        return answeringSince;
    }

    /** Everybody hears that this host has the address. */
    void announce(Host from) {
        for (Host to : world.hosts()) {
            if (to != from) {
                carry(from, to, () -> hear(to, from.hardwareAddress()));
            }
        }
    }

    /** Whoever has the address answers: that is the kernel's doing, whatever the daemon does. */
    void probe(Host from) {
        if (answerers > 0 && !from.isClientLinkCut() && !dice.rolls(loss)) {
            world.tally().note(Tally.Subject.FAULT, Fault.PROBES_ANSWERED);
            world.agenda().after(200_000, () -> stray(from, ANSWERER));
        }
        for (Host to : world.hosts()) {
            if (to != from) {
                carry(
                        from,
                        to,
                        () -> {
                            if (to.kernel().isPresent()) {
                                carry(to, from, () -> hear(from, to.hardwareAddress()));
                            }
                        });
            }
        }
    }

    /** A frame of a station that is none of the hosts. */
    void stray(Host to, String hardwareAddress) {
        if (!to.isClientLinkCut()) {
            hear(to, hardwareAddress);
        }
    }

    private void carry(Host from, Host to, Runnable arrival) {
        if (from.isClientLinkCut() || to.isClientLinkCut() || dice.rolls(loss)) {
            return;
        }
        long latency = dice.rolls(0.9) ? 100_000 : dice.between(100_000, 20_000_000);
        world.agenda()
                .after(
                        latency,
                        () -> {
                            if (!to.isClientLinkCut()) {
                                arrival.run();
                            }
                        });
    }

    private void hear(Host to, String hardwareAddress) {
        to.heardClaim(hardwareAddress);
        to.daemon().ifPresent(process -> process.claims().frame(hardwareAddress));
    }
}
