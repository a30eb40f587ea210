package org.vipmanager.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.control.FakeLoop;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;

/** Fetching on threads that run when a test says so. */
final class LoginPasswordTest {

    private final FakeLoop loop = new FakeLoop();
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final Waiting first = new Waiting();
    private final Waiting second = new Waiting();
    private String current = "old";

    @Test
    void eachLogin_hasThePasswordOfThen() {
        LoginPassword password = password(threads::add);
        password.fetch(first);
        run();
        current = "new";
        password.fetch(first);
        run();

        assertThat(first.heard).containsExactly("old", "new");
    }

    /** A file that is not read for hours keeps a thread; the next logins must not add theirs. */
    @Test
    void fetchUnderWay_servesWhoStillWaits() {
        LoginPassword password = password(threads::add);
        password.fetch(first);
        password.forget(first);
        password.fetch(second);
        assertThat(threads).hasSize(1);
        run();

        assertThat(first.heard).isEmpty();
        assertThat(second.heard).containsExactly("old");
    }

    @Test
    void threadThatCannotBeStarted_isToldLater() {
        List<Runnable> refused = new ArrayList<>();
        LoginPassword password =
                password(
                        task -> {
                            if (refused.isEmpty()) {
                                refused.add(task);
                                throw new OutOfMemoryError("unable to create native thread");
                            }
                            threads.add(task);
                        });
        password.fetch(first);
        assertThat(first.heard).as("not before the call has returned").isEmpty();
        loop.runReady();

        assertThat(first.heard).singleElement().asString().contains("unable to create");
        password.fetch(second);
        run();
        assertThat(second.heard).containsExactly("old");
    }

    @Test
    void passwordThatCannotBeHad_isToldAndTriedAgain() {
        LoginPassword password =
                new LoginPassword(
                        loop,
                        () -> {
                            throw new IllegalStateException("no password");
                        },
                        threads::add);
        password.fetch(first);
        run();
        password.fetch(first);

        assertThat(first.heard).singleElement().asString().contains("no password");
        assertThat(threads).hasSize(1);
    }

    private LoginPassword password(Executor executor) {
        return new LoginPassword(loop, () -> current, executor);
    }

    private void run() {
        threads.remove().run();
        loop.runReady();
    }

    private static final class Waiting implements LoginPassword.Receiver {
        private final List<String> heard = new ArrayList<>();

        @Override
        public void logIn(String password) {
            heard.add(password);
        }

        @Override
        public void cannotLogIn(String why) {
            heard.add(why);
        }
    }
}
