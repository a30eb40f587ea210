package org.vipmanager.daemon;

import org.vipmanager.http.HttpAnswer;
import org.vipmanager.http.HttpCall;
import org.vipmanager.http.HttpFailure;
import org.vipmanager.http.HttpOutcome;
import org.vipmanager.http.HttpQuestion;
import org.vipmanager.http.HttpSender;
import org.vipmanager.provider.RequestCounts;

import java.util.function.Consumer;

/**
 * Counts what comes of each request.
 *
 * @param counter takes the status code of each answer
 */
record CountedSender(HttpSender sender, Consumer<String> counter) implements HttpSender {

    @Override
    public HttpCall send(HttpQuestion question, Consumer<HttpOutcome> receiver) {
        return sender.send(
                question,
                outcome -> {
                    counter.accept(
                            switch (outcome) {
                                case HttpAnswer answer -> Integer.toString(answer.status());
                                case HttpFailure _ -> RequestCounts.NO_ANSWER;
                            });
                    receiver.accept(outcome);
                });
    }

    @Override
    public void close() {
        sender.close();
    }
}
