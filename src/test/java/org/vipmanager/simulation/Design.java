package org.vipmanager.simulation;

import org.vipmanager.control.AddressTable;
import org.vipmanager.control.Announcer;
import org.vipmanager.control.ClaimSource;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.Loop;
import org.vipmanager.control.PatroniProbe;
import org.vipmanager.core.Rules;
import org.vipmanager.core.Trigger;
import org.vipmanager.dcs.etcd.EtcdCalls;
import org.vipmanager.dcs.etcd.EtcdPolicy;

/** The design that the daemons of a world follow: as built, or with a defect put in on purpose. */
interface Design {

    Design AS_BUILT = new Design() {};

    default Rules rules(Rules rules) {
        return rules;
    }

    /** How etcd is asked. */
    default EtcdPolicy policy(EtcdPolicy policy) {
        return policy;
    }

    /** Whether the loop asks whether it was frozen. */
    default boolean noticesFreezes() {
        return true;
    }

    /** Whether waiting for a busy kernel is known to be no standstill. */
    default boolean tellsWaitingFromStandstill() {
        return true;
    }

    /** Whether a reload says that another DCS is asked from now on. */
    default boolean tellsThatTheSourceIsAnother() {
        return true;
    }

    /** Whether it is told when others let the address stay for longer. */
    default boolean seesLengthenedLives() {
        return true;
    }

    /** Whether an address that vanishes is put again whatever is known by then. */
    default boolean restoresWhateverVanishes() {
        return false;
    }

    /**
     * How long ending connections takes before the address is removed.
     *
     * @param bounded the same, within its bound
     */
    default long resetTakes(long bounded) {
        return bounded;
    }

    /** What one daemon is put together from. */
    default Parts parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
        return new Parts(loop, calls, addresses(addresses));
    }

    /** The kernel's addresses as that daemon puts and finds them. */
    default AddressTable addresses(AddressTable addresses) {
        return addresses;
    }

    /** The ports of one daemon; a defect lies between them and the real logic. */
    class Parts {

        final Loop loop;
        private final EtcdCalls calls;
        private final AddressTable addresses;

        Parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
            this.loop = loop;
            this.calls = calls;
            this.addresses = addresses;
        }

        EtcdCalls calls() {
            return calls;
        }

        AddressTable addresses() {
            return addresses;
        }

        LeaderSource source(LeaderSource source) {
            return source;
        }

        Announcer announcer(Announcer announcer) {
            return announcer;
        }

        ClaimSource claims(ClaimSource claims) {
            return claims;
        }

        /**
         * @param follows the key that the Patroni is to speak for
         */
        PatroniProbe patroni(PatroniProbe patroni, Trigger follows) {
            return patroni;
        }

        /** The daemon is about to stop. */
        void stopping() {}
    }
}
