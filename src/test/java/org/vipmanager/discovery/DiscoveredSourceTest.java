package org.vipmanager.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vipmanager.control.DcsAnswer;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;
import org.vipmanager.http.ThreadLoop;

import java.io.IOException;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Name servers that answer, change their mind, say nothing or hang, and the source behind them. */
@Timeout(60)
final class DiscoveredSourceTest {

    private static final URI ONE = URI.create("http://one:2379");
    private static final URI TWO = URI.create("http://two:2379");

    private final ThreadLoop loop = new ThreadLoop();
    private final List<Fake> made = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final List<DcsAnswer> answers = new CopyOnWriteArrayList<>();
    private volatile DiscoveredSource.Lookup answer = () -> List.of(ONE);
    private final AtomicInteger moves = new AtomicInteger();
    private final KnownEndpoints known = new KnownEndpoints(moves::incrementAndGet);
    private final DiscoveredSource source = discovered("example.com");

    @AfterEach
    void close() {
        loop.execute(source::close);
        loop.close();
    }

    private DiscoveredSource discovered(String domain) {
        return new DiscoveredSource(
                loop,
                "etcd-srv " + domain,
                () -> answer.endpoints(),
                known.of(new EtcdDomain(domain, Optional.empty())),
                this::make);
    }

    private LeaderSource make(List<URI> endpoints) {
        Fake fake = new Fake(endpoints);
        made.add(fake);
        return fake;
    }

    private void start() {
        start(source);
    }

    private void start(DiscoveredSource source) {
        loop.execute(() -> source.start(List.of(new Trigger("/leader", "pg1")), new Listening()));
    }

    @Test
    void firstAnswer_beginsTheSource() {
        start();

        await().until(() -> made.size() == 1 && made.getFirst().started);
        assertThat(made.getFirst().endpoints).containsExactly(ONE);
        assertThat(failures).isEmpty();
    }

    @Test
    void silence_isToldUntilThereIsAnAnswer() {
        answer =
                () -> {
                    throw new IOException("no answer");
                };
        start();
        await().until(() -> failures.contains("etcd-srv example.com: no answer"));
        answer = () -> List.of(ONE);

        await().until(() -> made.size() == 1 && made.getFirst().started);
    }

    /** What throws anything else is a failure like others. */
    @Test
    void defect_isAFailure() {
        answer =
                () -> {
                    throw new IllegalStateException("odd");
                };
        start();

        await().until(() -> failures.toString().contains("odd"));
    }

    @Test
    void endpointsThatFail_areLookedUpAnew_andReplacedWhereTheyHaveMoved()
            throws InterruptedException {
        start();
        await().until(() -> made.size() == 1 && made.getFirst().started);
        answer = () -> List.of(TWO, ONE);
        Thread.sleep(3100); // not sooner, so that name servers are not flooded
        loop.execute(() -> made.getFirst().listener.failed("it is down"));

        await().until(() -> made.size() == 2 && made.getLast().started);
        assertThat(made.getFirst().closed).isTrue();
        assertThat(made.getLast().endpoints).containsExactly(TWO, ONE);
        assertThat(failures).containsExactly("it is down");
        assertThat(moves).hasValue(0);
    }

    /** As a reload makes another source, while the one that is replaced was well. */
    @Test
    void nextSourceOfTheDomain_beginsWithWhatIsKnown_whileNameServersAreSilent()
            throws InterruptedException {
        start();
        await().until(() -> made.size() == 1 && made.getFirst().started);
        answer = DiscoveredSourceTest::silent;
        reload("example.com");

        await().until(() -> made.size() == 2 && made.getLast().started);
        assertThat(made.getLast().endpoints).containsExactly(ONE);
        Thread.sleep(200); // until the question has failed
        assertThat(made.getLast().closed).isFalse();
        assertThat(failures).isEmpty();
    }

    @Test
    void sourceOfAnotherDomain_beginsWithNothing() {
        start();
        await().until(() -> made.size() == 1 && made.getFirst().started);
        answer = DiscoveredSourceTest::silent;
        reload("example.org");

        await().until(() -> failures.contains("etcd-srv example.org: no answer"));
        assertThat(made).hasSize(1);
    }

    /** What it says is of another order, and is not to be taken for an older state. */
    @Test
    void endpointsOfWhichNoneWasThereBefore_areToldAsAMove_beforeAnyIsAsked() {
        start();
        await().until(() -> made.size() == 1 && made.getFirst().started);
        assertThat(moves).hasValue(0);
        answer = () -> List.of(TWO);
        reload("example.com");

        await().until(() -> made.size() == 3 && made.getLast().started);
        assertThat(moves).hasValue(1);
        assertThat(made.getLast().endpoints).containsExactly(TWO);
        assertThat(made.getLast().movesBefore).isEqualTo(1);
    }

    /** Reads are practised, too, where the first answer comes late. */
    @Test
    void practice_waitsForTheFirstAnswer() {
        assertThat(source.practise()).isTrue();
        start();
        await().until(() -> made.size() == 1 && made.getFirst().started);

        loop.execute(() -> failures.add("practises " + source.practise()));
        await().until(() -> failures.contains("practises false"));
    }

    private void reload(String domain) {
        loop.execute(
                () -> {
                    source.close();
                    DiscoveredSource next = discovered(domain);
                    loop.execute(() -> start(next));
                });
    }

    private static List<URI> silent() throws IOException {
        throw new IOException("no answer");
    }

    /** Who shows which endpoint answers, and how fast, hears it with every source. */
    @Test
    void answers_arePassedOn() {
        start();
        await().until(() -> made.size() == 1 && made.getFirst().started);
        DcsAnswer heard = DcsAnswer.of(ONE, loop.now(), loop.now());
        loop.execute(() -> made.getFirst().listener.answered(heard));

        await().until(() -> answers.contains(heard));
    }

    /** In another order, or with nobody answering: the connection that stands is kept. */
    @Test
    void sameEndpointsOrSilence_changeNothing() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(2);
        answer = () -> List.of(ONE, TWO);
        start();
        await().until(() -> made.size() == 1 && made.getFirst().started);
        answer =
                () -> {
                    asked.countDown();
                    if (asked.getCount() == 0) {
                        throw new IOException("silent");
                    }
                    return List.of(TWO, ONE);
                };
        Thread.sleep(3100);
        loop.execute(() -> made.getFirst().listener.failed("down"));
        await().until(() -> asked.getCount() == 1);
        Thread.sleep(3100);
        loop.execute(() -> made.getFirst().listener.failed("down again"));
        asked.await();
        Thread.sleep(200);

        assertThat(made).hasSize(1);
        assertThat(made.getFirst().closed).isFalse();
        assertThat(failures).containsExactly("down", "down again");
    }

    /** One question at a time, and nothing of it is heard after the end. */
    @Test
    void nameServerThatHangs_keepsOneThread_andNobodyWaits() throws InterruptedException {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        answer =
                () -> {
                    begun.countDown();
                    try {
                        hanging.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    return List.of(ONE);
                };
        start();
        begun.await();
        loop.execute(source::close);
        hanging.countDown();
        Thread.sleep(200);

        assertThat(made).isEmpty();
    }

    private final class Listening implements LeaderSource.Listener {

        @Override
        public void seen(Sighting sighting) {}

        @Override
        public void proved(LeaseProof proof) {}

        @Override
        public void answered(DcsAnswer answer) {
            answers.add(answer);
        }

        @Override
        public void failed(String trouble) {
            failures.add(trouble);
        }
    }

    private final class Fake implements LeaderSource {

        private final List<URI> endpoints;
        private final int movesBefore;
        private volatile Listener listener;
        private volatile boolean started;
        private volatile boolean closed;

        Fake(List<URI> endpoints) {
            this.endpoints = endpoints;
            movesBefore = moves.get();
        }

        @Override
        public void start(Collection<Trigger> triggers, Listener listening) {
            listener = listening;
            started = true;
        }

        @Override
        public void follow(Collection<Trigger> triggers) {}

        @Override
        public void readNow() {}

        @Override
        public void restart() {}

        @Override
        public void close() {
            closed = true;
        }
    }
}
