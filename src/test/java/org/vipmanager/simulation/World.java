package org.vipmanager.simulation;

import java.util.List;
import java.util.stream.IntStream;

/** Everything that there is in one run. */
final class World {

    private final Agenda agenda = new Agenda();
    private final Dice jitter;
    private final Scenario scenario;
    private final Design design;
    private final Tally tally;
    private final Story story;
    private final Referee referee;
    private final Leadership leadership;
    private final EtcdCluster etcd;
    private final Wire wire;
    private final List<Host> hosts;
    private final Neighbour neighbour;

    World(long seed, Scenario scenario, Design design, Tally tally, boolean tellStory, Dice dice) {
        jitter = new Dice(~seed);
        this.scenario = scenario;
        this.design = design;
        this.tally = tally;
        story = new Story(agenda, tellStory);
        referee = new Referee(this, seed);
        leadership = new Leadership(this);
        etcd = new EtcdCluster(this, dice.split());
        wire = new Wire(this, dice.split());
        hosts =
                IntStream.range(0, scenario.hosts())
                        .mapToObj(number -> new Host(this, number, dice.split()))
                        .toList();
        neighbour = new Neighbour(this, seed);
    }

    Agenda agenda() {
        return agenda;
    }

    /** The chance that shortens the daemons' pauses: a stream of its own. */
    Dice jitter() {
        return jitter;
    }

    Scenario scenario() {
        return scenario;
    }

    Design design() {
        return design;
    }

    Tally tally() {
        return tally;
    }

    Story story() {
        return story;
    }

    Referee referee() {
        return referee;
    }

    Leadership leadership() {
        return leadership;
    }

    EtcdCluster etcd() {
        return etcd;
    }

    Wire wire() {
        return wire;
    }

    Neighbour neighbour() {
        return neighbour;
    }

    List<Host> hosts() {
        return hosts;
    }
}
