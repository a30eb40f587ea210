package org.vipmanager.http;

import org.vipmanager.control.FakeLoop;
import org.vipmanager.control.Loop;
import org.vipmanager.core.Moment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Stands in for the network: a test answers each request when it wants, or lets its deadline pass.
 */
public final class ScriptedHttp implements HttpSender {

    private final FakeLoop loop;
    private final List<Sent> all = new ArrayList<>();
    private boolean closed;

    public ScriptedHttp(FakeLoop loop) {
        this.loop = loop;
    }

    @Override
    public HttpCall send(HttpQuestion question, Consumer<HttpOutcome> receiver) {
        Sent sent = new Sent(question, receiver);
        all.add(sent);
        return sent;
    }

    @Override
    public void close() {
        closed = true;
        open().forEach(Sent::cancel);
    }

    public boolean isClosed() {
        return closed;
    }

    /** How many requests were ever sent. */
    public int count() {
        return all.size();
    }

    /** The requests that wait for an answer, oldest first. */
    public List<Sent> open() {
        return all.stream().filter(sent -> !sent.over).toList();
    }

    /** The only request that waits for an answer and whose URI contains the text. */
    public Sent open(String text) {
        return only(text, sent -> sent.uri().contains(text));
    }

    /** The only request that waits for an answer and whose URI ends with the text. */
    public Sent openEnding(String text) {
        return only(text, sent -> sent.uri().endsWith(text));
    }

    private Sent only(String text, Predicate<Sent> wanted) {
        List<Sent> found = open().stream().filter(wanted).toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " open requests with " + text + ": " + open());
        }
        return found.getFirst();
    }

    /** A request that was sent. */
    public final class Sent implements HttpCall {

        private final HttpQuestion question;
        private final Consumer<HttpOutcome> receiver;
        private final Moment sentAt = loop.now();
        private final Loop.Alarm deadline;
        private boolean over;

        Sent(HttpQuestion question, Consumer<HttpOutcome> receiver) {
            this.question = question;
            this.receiver = receiver;
            this.deadline =
                    loop.at(sentAt.plus(question.deadline()), () -> fail(" did not answer"));
        }

        public HttpQuestion question() {
            return question;
        }

        public String uri() {
            return question.uri().toString();
        }

        public Moment sentAt() {
            return sentAt;
        }

        public void answer(int status, String body) {
            answer(status, Map.of(), body);
        }

        public void answer(int status, Map<String, String> headers, String body) {
            deliver(new HttpAnswer(status, headers, body, sentAt, loop.now()));
        }

        public void refuse() {
            fail(" refused the connection");
        }

        /** Not HTTP at all, or not a certificate to be trusted. */
        public void answerNonsense() {
            deliver(
                    new HttpFailure(
                            question.origin() + " sent nonsense", true, sentAt, loop.now()));
        }

        private void fail(String what) {
            deliver(new HttpFailure(question.origin() + what, false, sentAt, loop.now()));
        }

        private void deliver(HttpOutcome outcome) {
            if (!over) {
                over = true;
                deadline.cancel();
                receiver.accept(outcome);
            }
        }

        @Override
        public void cancel() {
            over = true;
            deadline.cancel();
        }

        @Override
        public String toString() {
            return question.method() + " " + uri();
        }
    }
}
