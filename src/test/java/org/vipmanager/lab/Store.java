package org.vipmanager.lab;

import java.util.List;
import java.util.Optional;

/** The DCS of a database cluster: three members in hosts of their own. */
interface Store extends AutoCloseable {

    /** Starts all members and waits until they answer. */
    void start() throws InterruptedException;

    /** Prepares what a database host needs to ask the DCS, such as an agent of its own. */
    void join(Host host);

    /** Ends all members at once. */
    void stop();

    /** Starts again what {@link #stop} ended. */
    void startAgain();

    /** Restarts one member after the other. */
    void restartOneByOne() throws InterruptedException;

    /** The part of Patroni's configuration that names this DCS, in YAML. */
    String patroniSection();

    /** The flags of a daemon that follows this DCS directly. */
    List<String> daemonFlags(String leaderKey);

    /** The leader key's value; called in a host that reaches the DCS. */
    Optional<String> value(String key);

    @Override
    void close();
}
