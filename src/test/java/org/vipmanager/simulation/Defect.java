package org.vipmanager.simulation;

import org.vipmanager.control.AddressTable;
import org.vipmanager.control.Announcer;
import org.vipmanager.control.ClaimSource;
import org.vipmanager.control.Loop;
import org.vipmanager.control.PatroniProbe;
import org.vipmanager.core.Claim;
import org.vipmanager.core.FoundAddress;
import org.vipmanager.core.HardwareAddress;
import org.vipmanager.core.KernelLifetime;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PatroniAnswer;
import org.vipmanager.core.PatroniMember;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Rules;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.dcs.etcd.EtcdCalls;
import org.vipmanager.dcs.etcd.EtcdConnection;
import org.vipmanager.dcs.etcd.EtcdEntry;
import org.vipmanager.dcs.etcd.EtcdPolicy;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** Designs that are wrong in one way; a simulator that does not find them proves nothing. */
enum Defect implements Design {
    /** Neither the daemon nor the kernel ends before the lease does. */
    NO_MARGIN("a") {
        @Override
        public Rules rules(Rules rules) {
            Rules.Margins late = Altered.copy(rules.margins(), "release", Duration.ZERO);
            return Altered.copy(
                    rules, "margins", Altered.copy(late, "kernelReserve", Duration.ZERO));
        }
    },

    /** Connections are ended before the address is removed, however long that takes. */
    ENDLESS_RESET("a") {
        @Override
        public long resetTakes(long bounded) {
            return 100 * bounded;
        }
    },

    /** Who has nothing to prove never reads while its watch says that it is alive. */
    FOLLOWER_NEVER_READS("d") {
        @Override
        public EtcdPolicy policy(EtcdPolicy policy) {
            return Altered.copy(policy, "longestReliance", Duration.ofHours(1));
        }
    },

    /** A watch is alive, whether it answers or not. */
    DEAD_WATCH_BELIEVED("d") {
        @Override
        public Parts parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
            ForwardingCalls believed =
                    new ForwardingCalls(calls, loop::now) {
                        @Override
                        void askedWhetherAlive(EtcdConnection.WatchListener listener) {
                            loop.execute(listener::alive);
                        }
                    };
            return new Parts(loop, believed, addresses);
        }
    },

    /** An answer counts from when it arrived, rather than from when its question was sent. */
    AS_OF_AT_RECEIPT("bc") {
        @Override
        public Parts parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
            return new ForgingParts(loop, calls, addresses) {
                private Duration onTheWay = Duration.ZERO;

                @Override
                void seen(Sighting sighting) {
                    boolean read = sighting.origin() == Sighting.Origin.READ;
                    tell(read ? Altered.copy(sighting, "asOf", sighting.receivedAt()) : sighting);
                }

                @Override
                LeaseProof.Answer leaseAnswered(LeaseProof.Answer answer, Moment askedAt) {
                    onTheWay = askedAt.until(loop.now());
                    return answer;
                }

                @Override
                void proved(LeaseProof proof) {
                    tell(Altered.copy(proof, "end", proof.end().plus(onTheWay)));
                }
            };
        }
    },

    /**
     * A watch event counts as if it proved when it arrives that its key is so, and that the lease
     * which the key lives by has just been granted.
     */
    EVENT_EXTENDS_TRUST("ab") {
        @Override
        public Parts parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
            return new ForgingParts(loop, calls, addresses) {
                private boolean seesLeases;
                private Duration granted = Duration.ZERO;

                @Override
                void seen(Sighting sighting) {
                    seesLeases |= sighting.leaseId() != 0;
                    tell(sighting);
                }

                @Override
                LeaseProof.Answer leaseAnswered(LeaseProof.Answer answer, Moment askedAt) {
                    granted = answer.granted();
                    return answer;
                }

                @Override
                void changed(long clusterId, List<EtcdEntry> changes) {
                    for (EtcdEntry change : changes) {
                        long lease = seesLeases ? change.leaseId() : 0;
                        Sighting event = event(clusterId, change, lease, loop.now());
                        tell(event);
                        if (lease != 0) {
                            tell(proofFor(event, loop.now().plus(granted)));
                        }
                    }
                }
            };
        }
    },

    /** What arrives last is the newest. */
    ORDER_BY_ARRIVAL("ab") {
        @Override
        public Parts parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
            return new ForgingParts(loop, calls, addresses) {
                private long arrived;

                @Override
                void seen(Sighting sighting) {
                    tell(Altered.copy(sighting, "revision", new Revision(1, ++arrived)));
                }
            };
        }
    },

    /** The time of the lease that the key had before counts for the one that it has now. */
    TIME_OF_ANOTHER_LEASE("a") {
        @Override
        public Parts parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
            return new ForgingParts(loop, calls, addresses) {
                private Optional<LeaseProof> known = Optional.empty();

                @Override
                void proved(LeaseProof proof) {
                    known = Optional.of(proof);
                    tell(proof);
                }

                @Override
                void seen(Sighting sighting) {
                    tell(sighting);
                    known.filter(proof -> proof.leaseId() != sighting.leaseId())
                            .ifPresent(proof -> tell(proofFor(sighting, proof.end())));
                }
            };
        }
    },

    /** A lease's time counts without a read that shows the key. */
    TIME_WITHOUT_READ("ab") {
        @Override
        public Parts parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
            return new ForgingParts(loop, calls, addresses) {
                @Override
                LeaseProof.Answer leaseAnswered(LeaseProof.Answer answer, Moment askedAt) {
                    latest().filter(seen -> answer.remaining().isPositive())
                            .ifPresent(seen -> tell(proofFor(seen, askedAt.plus(counted(answer)))));
                    return answer;
                }
            };
        }
    },

    /** A member that was deposed is believed whatever it says. */
    NONSENSE_BELIEVED("ab") {
        @Override
        public Parts parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
            return new ForgingParts(loop, calls, addresses) {
                @Override
                LeaseProof.Answer leaseAnswered(LeaseProof.Answer answer, Moment askedAt) {
                    return Altered.copy(answer, "granted", answer.remaining());
                }
            };
        }
    },

    /** The kernel keeps the address as long as the lease lasts. */
    LIFETIME_NOT_CAPPED("b") {
        @Override
        public AddressTable addresses(AddressTable addresses) {
            return new ForwardingTable(addresses) {
                @Override
                KernelLifetime asked(KernelLifetime lifetime) {
                    return Altered.copy(lifetime, "cap", Duration.ofHours(1));
                }
            };
        }
    },

    /** The kernel keeps the address for its usual time even when the lease ends before. */
    LIFETIME_IGNORES_LEASE("a") {
        @Override
        public AddressTable addresses(AddressTable addresses) {
            return new ForwardingTable(addresses) {
                @Override
                KernelLifetime asked(KernelLifetime lifetime) {
                    Moment later = lifetime.until().plus(Duration.ofHours(1));
                    return Altered.copy(lifetime, "until", later);
                }

                /** Else it would be shortened at once, again and again. */
                @Override
                PutResult.Done done(KernelLifetime lifetime, PutResult.Done done) {
                    int allowed = lifetime.secondsAt(done.computedAt().nanos());
                    return Altered.copy(done, "seconds", Math.max(1, allowed));
                }
            };
        }
    },

    /**
     * The clock is not looked at after the kernel's answer: what was put is taken for what would be
     * put by then.
     */
    NO_CHECK_AFTER_PUT("abc") {
        @Override
        public AddressTable addresses(AddressTable addresses) {
            return new ForwardingTable(addresses) {
                @Override
                PutResult.Done done(KernelLifetime lifetime, PutResult.Done done) {
                    Moment answered = done.acknowledgedAt();
                    int allowed = lifetime.decidedAt(answered).secondsAt(answered.nanos());
                    int seconds = Math.max(1, Math.min(allowed, done.seconds()));
                    return new PutResult.Done(
                            answered, seconds, answered, done.created(), Duration.ZERO);
                }
            };
        }
    },

    /** Every put that takes more than half a second is taken back, whatever it did. */
    SLOW_IS_FROZEN("e") {
        @Override
        public AddressTable addresses(AddressTable addresses) {
            return new ForwardingTable(addresses) {
                @Override
                PutResult.Done done(KernelLifetime lifetime, PutResult.Done done) {
                    Duration took = done.computedAt().until(done.acknowledgedAt());
                    return took.compareTo(KernelLifetime.LONGEST_PUT) <= 0
                            ? done
                            : Altered.copy(done, "acknowledgedAt", lifetime.holdUntil());
                }
            };
        }
    },

    /** A renewal that has created what had ended is taken for one of what is there. */
    CREATED_AGAIN_BELIEVED("b") {
        @Override
        public AddressTable addresses(AddressTable addresses) {
            return withoutCreations(addresses);
        }
    },

    /** What others removed, and a renewal brought back, is not announced. */
    CREATED_AGAIN_UNTOLD("h") {
        @Override
        public AddressTable addresses(AddressTable addresses) {
            return withoutCreations(addresses);
        }
    },

    /** A busy kernel is taken for a process that stood still, which renews nothing then. */
    WAITING_IS_STANDING_STILL("e") {
        @Override
        public boolean tellsWaitingFromStandstill() {
            return false;
        }
    },

    /** What others let live for an hour is left to live for an hour. */
    LIFETIME_OF_OTHERS_KEPT("b") {
        @Override
        public AddressTable addresses(AddressTable addresses) {
            return new ForwardingTable(addresses) {
                @Override
                FoundAddress found(FoundAddress there) {
                    Optional<Duration> brief = Optional.of(Duration.ofSeconds(1));
                    return there.isPermanent()
                            ? there
                            : new FoundAddress(brief, there.prefixLength());
                }
            };
        }
    },

    /** Nobody looks whether others lengthen the life of what is there. */
    LENGTHENING_UNSEEN("b") {
        @Override
        public boolean seesLengthenedLives() {
            return false;
        }
    },

    /** A reload to another cluster is taken for a store that was restored from a backup. */
    ANOTHER_SOURCE_UNTOLD("e") {
        @Override
        public boolean tellsThatTheSourceIsAnother() {
            return false;
        }
    },

    /** What was found and could not be given an end keeps none. */
    LIMITED_ONCE("b") {
        @Override
        public Parts parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
            ForwardingTable table =
                    new ForwardingTable(addresses) {
                        @Override
                        PutResult failed(KernelLifetime lifetime, PutResult.Failed failed) {
                            boolean limits = lifetime.computeBy().equals(Moment.NEVER);
                            Moment now = loop.now();
                            return limits
                                    ? new PutResult.Done(now, 1, now, false, Duration.ZERO)
                                    : failed;
                        }
                    };
            return new Parts(loop, calls, table);
        }
    },

    /** The lifetime is renewed when it is over. */
    RENEWAL_TOO_LATE("e") {
        @Override
        public Rules rules(Rules rules) {
            return Altered.copy(rules, "margins", Altered.copy(rules.margins(), "renewAt", 1.0));
        }
    },

    /**
     * An address that the kernel has removed at its end is taken for one that somebody removed, and
     * put again.
     */
    RESTORE_AFTER_OWN_EXPIRY("ab") {
        @Override
        public boolean restoresWhateverVanishes() {
            return true;
        }

        @Override
        public Rules rules(Rules rules) {
            return Altered.copy(
                    rules,
                    "margins",
                    Altered.copy(rules.margins(), "restoreReserve", Duration.ofHours(-1)));
        }
    },

    /** Nobody asks whether the process was frozen. */
    NO_CLOCK_JUMP_CHECK("f") {
        @Override
        public boolean noticesFreezes() {
            return false;
        }
    },

    /** One frame of another station takes the address away. */
    YIELD_TO_ONE_FRAME("e") {
        @Override
        public Rules rules(Rules rules) {
            return Altered.copy(
                    rules, "margins", Altered.copy(rules.margins(), "claimsToYield", 1));
        }
    },

    /** Claims are not listened to. */
    NEVER_YIELDS("b") {
        @Override
        public Rules rules(Rules rules) {
            return Altered.copy(rules, "yieldInDoubt", false);
        }
    },

    /** A store that was restored from a backup is taken for answers that were overtaken. */
    RESTORED_STORE_IGNORED("b") {
        @Override
        public Parts parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
            return new ForgingParts(loop, calls, addresses) {
                private long greatest;

                @Override
                void seen(Sighting sighting) {
                    if (sighting.revision().number() >= greatest) {
                        greatest = sighting.revision().number();
                        tell(sighting);
                    }
                }
            };
        }
    },

    /** An answer counts three times as long as the retries last where no lease can be asked. */
    RETRIES_TRIPLED("c") {
        @Override
        public Rules rules(Rules rules) {
            return Altered.copy(rules, "retryNum", 3 * rules.retryNum());
        }
    },

    /** Claims are listened to after eight seconds of silence. */
    DOUBT_TOO_LATE("b") {
        @Override
        public Rules rules(Rules rules) {
            Duration silence = Duration.ofSeconds(8).minus(rules.interval());
            // A pause, negative, that leaves the time that an answer counts as it is.
            Duration pause =
                    rules.policyTrust().minus(rules.interval()).minus(silence.multipliedBy(2));
            Rules quick = Altered.copy(Altered.copy(rules, "dcsTimeout", silence), "retryNum", 2);
            return Altered.copy(quick, "retryAfter", pause);
        }
    },

    /** What a daemon finds at its start, with a lifetime, it removes before it has asked. */
    FOUND_IS_REMOVED("e") {
        @Override
        public AddressTable addresses(AddressTable addresses) {
            return new ForwardingTable(addresses) {
                @Override
                public CompletionStage<Optional<FoundAddress>> find(VirtualIp vip) {
                    return addresses
                            .find(vip)
                            .thenCompose(
                                    found ->
                                            found.flatMap(FoundAddress::validFor).isPresent()
                                                    ? removed(vip)
                                                    : CompletableFuture.completedFuture(found));
                }

                private CompletionStage<Optional<FoundAddress>> removed(VirtualIp vip) {
                    return addresses.remove(vip).thenApply(trouble -> Optional.empty());
                }
            };
        }
    },

    /** A stop that keeps the address leaves it to what the kernel was given before. */
    KEPT_WITHOUT_RENEWAL("e") {
        @Override
        public Parts parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
            AtomicBoolean stopping = new AtomicBoolean();
            ForwardingTable table =
                    new ForwardingTable(addresses) {
                        @Override
                        KernelLifetime asked(KernelLifetime lifetime) {
                            return stopping.get() ? lifetime.decidedAt(Moment.LONG_AGO) : lifetime;
                        }
                    };
            return new Parts(loop, calls, table) {
                @Override
                void stopping() {
                    stopping.set(true);
                }
            };
        }
    },

    /** A stop of one that holds nothing removes nothing, also what it still owes. */
    STOP_FORGETS_STRAYS("b") {
        @Override
        public Parts parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
            AtomicBoolean stopping = new AtomicBoolean();
            AtomicBoolean holds = new AtomicBoolean();
            ForwardingTable table =
                    new ForwardingTable(addresses) {
                        @Override
                        KernelLifetime asked(KernelLifetime lifetime) {
                            holds.set(true);
                            return lifetime;
                        }

                        @Override
                        public CompletionStage<Optional<String>> remove(VirtualIp vip) {
                            boolean forgets = stopping.get() && !holds.get();
                            holds.set(false);
                            return forgets
                                    ? CompletableFuture.completedFuture(Optional.empty())
                                    : super.remove(vip);
                        }
                    };
            return new Parts(loop, calls, table) {
                @Override
                void stopping() {
                    stopping.set(true);
                }
            };
        }
    },

    /** That the local Patroni does not lead changes nothing while etcd is silent. */
    DENIAL_IGNORED("b") {
        @Override
        public Parts parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
            return new Parts(loop, calls, addresses) {
                @Override
                PatroniProbe patroni(PatroniProbe patroni, Trigger follows) {
                    return new ForwardingPatroni(patroni) {
                        @Override
                        Optional<Reply> heard(Reply reply) {
                            return Optional.of(reply)
                                    .filter(said -> said.answer().leaderStatus() == 200);
                        }
                    };
                }
            };
        }
    },

    /** Whatever Patroni says that it leads is believed, of which cluster and member it may be. */
    ANOTHERS_FAILSAFE_MODE("abc") {
        @Override
        public Parts parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
            return new AnyPatroniCounts(loop, calls, addresses, 200);
        }
    },

    /** The same, where it denies. */
    ANOTHERS_DENIAL("e") {
        @Override
        public Parts parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
            return new AnyPatroniCounts(loop, calls, addresses, 503);
        }
    },

    /** Nobody is told where the address is now. */
    NEVER_ANNOUNCES("h") {
        @Override
        public Parts parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
            return new Parts(loop, calls, addresses) {
                @Override
                Announcer announcer(Announcer announcer) {
                    return new ForwardingAnnouncer(announcer) {
                        @Override
                        public void announce(VirtualIp vip) {}
                    };
                }
            };
        }
    },

    /** The network is asked whose the address is while etcd is in doubt alone. */
    PROBES_IN_DOUBT_ALONE("e") {
        @Override
        public Parts parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
            return new ForgingParts(loop, calls, addresses) {
                private Moment readAt = Moment.LONG_AGO;

                @Override
                void seen(Sighting sighting) {
                    if (sighting.origin() == Sighting.Origin.READ) {
                        readAt = sighting.asOf();
                    }
                    tell(sighting);
                }

                @Override
                Announcer announcer(Announcer announcer) {
                    return new ForwardingAnnouncer(announcer) {
                        @Override
                        public void probe(VirtualIp vip) throws IOException {
                            Duration silence = readAt.until(loop.now());
                            if (silence.compareTo(Duration.ofSeconds(3)) >= 0) {
                                super.probe(vip);
                            }
                        }
                    };
                }
            };
        }
    },

    /** Claims outweigh what a Patroni in failsafe mode says, which merely prolongs trust. */
    FAILSAFE_OUTWEIGHED("e") {
        @Override
        public Parts parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
            return new Parts(loop, calls, addresses) {
                @Override
                PatroniProbe patroni(PatroniProbe patroni, Trigger follows) {
                    return new ForwardingPatroni(patroni) {
                        @Override
                        Optional<Reply> heard(Reply reply) {
                            return Optional.of(
                                    new Reply(reply.member(), aheadOnly(reply.answer())));
                        }

                        private PatroniAnswer aheadOnly(PatroniAnswer answer) {
                            return answer.failsafe() == PatroniAnswer.Failsafe.ACTIVE
                                    ? Altered.copy(
                                            answer, "failsafe", PatroniAnswer.Failsafe.EXPECTED)
                                    : answer;
                        }
                    };
                }
            };
        }
    },

    /** An announcement that the kernel has refused counts as sent. */
    REFUSED_COUNTS_AS_SENT("h") {
        @Override
        public Parts parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
            return new Parts(loop, calls, addresses) {
                @Override
                Announcer announcer(Announcer announcer) {
                    return new ForwardingAnnouncer(announcer) {
                        @Override
                        public void announce(VirtualIp vip) {
                            try {
                                super.announce(vip);
                            } catch (IOException e) {
                                // as if it had been sent
                            }
                        }
                    };
                }
            };
        }
    },

    /** After six announcements there is none before the refresh, a minute later. */
    SIX_ANNOUNCEMENTS("h") {
        @Override
        public Parts parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
            return new Parts(loop, calls, addresses) {
                @Override
                Announcer announcer(Announcer announcer) {
                    return new ForwardingAnnouncer(announcer) {
                        private int sent;
                        private Moment wantedAt = Moment.LONG_AGO;
                        private Moment sentAt = Moment.LONG_AGO;
                        private Duration pause = Duration.ZERO;

                        @Override
                        public void announce(VirtualIp vip) throws IOException {
                            Moment now = loop.now();
                            Duration next = wantedAt.until(now);
                            boolean isAnew = next.compareTo(pause) < 0;
                            sent = isAnew ? 2 : sent + 1;
                            pause = next;
                            wantedAt = now;
                            if (sent <= 6 || sentAt.until(now).toSeconds() >= 60) {
                                sentAt = now;
                                super.announce(vip);
                            }
                        }
                    };
                }
            };
        }
    },

    /** That somebody leads again is learned from reads alone. */
    LEADERS_BY_READ_ALONE("h") {
        @Override
        public Parts parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
            return new ForgingParts(loop, calls, addresses) {
                private boolean nobodyLed;

                @Override
                void seen(Sighting sighting) {
                    boolean event = sighting.origin() == Sighting.Origin.EVENT;
                    if (event && nobodyLed && sighting.value().isPresent()) {
                        return;
                    }
                    nobodyLed = sighting.value().isEmpty();
                    tell(sighting);
                }
            };
        }
    },

    /** Who claims what this host holds, before etcd is in doubt, is taken for a liar. */
    CLAIMS_ARE_LIES("b") {
        @Override
        public Parts parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
            return new ForgingParts(loop, calls, addresses) {
                private final Set<HardwareAddress> liars = new HashSet<>();
                private Moment readAt = Moment.LONG_AGO;
                private boolean holds;

                @Override
                void seen(Sighting sighting) {
                    if (sighting.origin() == Sighting.Origin.READ) {
                        readAt = sighting.asOf();
                    }
                    tell(sighting);
                }

                @Override
                AddressTable addresses() {
                    return new ForwardingTable(super.addresses()) {
                        @Override
                        KernelLifetime asked(KernelLifetime lifetime) {
                            holds = true;
                            return lifetime;
                        }

                        @Override
                        public CompletionStage<Optional<String>> remove(VirtualIp vip) {
                            holds = false;
                            return super.remove(vip);
                        }
                    };
                }

                @Override
                ClaimSource claims(ClaimSource claims) {
                    return new ForwardingClaims(claims) {
                        @Override
                        boolean passes(Claim claim) {
                            Duration silence = readAt.until(claim.receivedAt());
                            if (holds && silence.compareTo(Duration.ofSeconds(3)) < 0) {
                                liars.add(claim.hardwareAddress());
                            }
                            return !liars.contains(claim.hardwareAddress());
                        }
                    };
                }
            };
        }
    };

    private final String promises;

    /**
     * @param promises those of which it breaks one: what it does besides does not show that it was
     *     found
     */
    Defect(String promises) {
        this.promises = promises;
    }

    /** Whether that is what this defect leads to. */
    boolean leadsTo(Violation violation) {
        return promises.indexOf(violation.invariant()) >= 0;
    }

    /** An answer with this status counts for every key. */
    private static final class AnyPatroniCounts extends Parts {

        private final int status;

        AnyPatroniCounts(Loop loop, EtcdCalls calls, AddressTable addresses, int status) {
            super(loop, calls, addresses);
            this.status = status;
        }

        @Override
        PatroniProbe patroni(PatroniProbe patroni, Trigger follows) {
            return new ForwardingPatroni(patroni) {
                @Override
                Optional<Reply> heard(Reply reply) {
                    boolean counts = reply.answer().leaderStatus() == status;
                    Optional<String> scope = Optional.of(follows.key().split("/")[2]);
                    Optional<String> name = Optional.of(follows.value());
                    PatroniMember forged = new PatroniMember(scope, name, true);
                    return Optional.of(counts ? new Reply(forged, reply.answer()) : reply);
                }
            };
        }
    }

    private static AddressTable withoutCreations(AddressTable addresses) {
        return new ForwardingTable(addresses) {
            @Override
            PutResult.Done done(KernelLifetime lifetime, PutResult.Done done) {
                return Altered.copy(done, "created", false);
            }
        };
    }

    private static Sighting event(long clusterId, EtcdEntry change, long leaseId, Moment now) {
        return new Sighting(
                change.key(),
                change.value(),
                Sighting.Origin.EVENT,
                new Revision(clusterId, change.modRevision()),
                change.modRevision(),
                leaseId,
                now,
                now);
    }

    private static LeaseProof proofFor(Sighting seen, Moment end) {
        return new LeaseProof(seen.key(), seen.modRevision(), seen.leaseId(), end);
    }

    private static Duration counted(LeaseProof.Answer answer) {
        Duration left =
                answer.remaining().compareTo(answer.granted()) < 0
                        ? answer.remaining()
                        : answer.granted();
        return left.multipliedBy(99).dividedBy(100);
    }
}
