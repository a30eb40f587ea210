package org.vipmanager.lab;

/** Who leads, as the daemons of a laboratory are told, and how that changes. */
interface Leadership {

    /**
     * One host leads no more, and then the other does. Returns the time at which the latter was
     * told and that was acknowledged.
     */
    long move(Host from, Host to);

    /** The flags by which the daemon of that host follows it. */
    String[] flags(Host host);

    /** The key in etcd is rewritten, without a lease: by hand, not by Patroni. */
    static Leadership rewritten(Lab lab) {
        return new Leadership() {
            @Override
            public long move(Host from, Host to) {
                return lab.leaderKey().name(to);
            }

            @Override
            public String[] flags(Host host) {
                return new String[0];
            }
        };
    }
}
