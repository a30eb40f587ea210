package org.vipmanager.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vipmanager.core.LinkChange;
import org.vipmanager.netlink.protocol.LinkMessage;
import org.vipmanager.report.LinkChangeText;

import java.util.Set;

/** What a listener is told of an interface, case by case. */
final class WatchedInterfaceTest {

    private static final int UP = 0x1;
    private static final int READY = 0x10001;

    @ParameterizedTest(name = "{0} to {1}: {5}")
    @CsvSource(
            nullValues = "-",
            textBlock =
                    """
                    -,        -,        -,    -,    false, []
                    -,        3 down a, -,    -,    false, []
                    -,        3 ready a,-,    -,    false, [ready: interface created]
                    -,        3 ready a,lan0, -,    false, [ready: interface renamed from lan0]
                    3 ready a,-,        -,    -,    false, [lost: interface deleted]
                    3 ready a,-,        -,    lan0, false, [lost: interface renamed to lan0]
                    3 ready a,3 down a, -,    -,    true,  [lost: interface down]
                    3 ready a,3 up a,   -,    -,    true,  [lost: no carrier]
                    3 up a,   3 down a, -,    -,    true,  []
                    3 down a, -,        -,    -,    false, []
                    3 down a, 3 ready a,-,    -,    false, [ready: interface up]
                    3 up a,   3 ready a,-,    -,    false, [ready: carrier returned]
                    3 down a, 4 ready b,-,    -,    false, [ready: interface created]
                    3 ready a,3 ready a,-,    -,    false, []
                    3 ready a,3 ready a,-,    -,    true,  [ready: link was lost for a moment]
                    3 ready a,3 ready b,-,    -,    true,  [ready: hardware address changed to b]
                    3 ready a,4 ready b,-,    -,    false, [lost: interface deleted; ready: interface created]
                    3 ready a,4 ready b,lan0, lan1, false, [lost: interface renamed to lan1; ready: interface renamed from lan0]
                    """)
    void changes(
            @Nullable String before,
            @Nullable String after,
            @Nullable String oldName,
            @Nullable String newName,
            boolean flapped,
            String told) {
        WatchedInterface watched = new WatchedInterface("eth0", link(before));
        watched.oldNameOfBearer = oldName;
        watched.newNameOfFormer = newName;
        watched.flapped = flapped;
        String changes =
                watched.changesTo(link(after)).stream()
                        .map(WatchedInterfaceTest::told)
                        .reduce((a, b) -> a + "; " + b)
                        .orElse("");
        assertThat("[" + changes + "]").isEqualTo(told);
    }

    static String told(LinkChange change) {
        return (change instanceof LinkChange.Ready ? "ready: " : "lost: ")
                + LinkChangeText.of(change);
    }

    private static @Nullable LinkMessage link(@Nullable String words) {
        if (words == null) {
            return null;
        }
        String[] word = words.split(" ");
        int flags =
                switch (word[1]) {
                    case "ready" -> READY;
                    case "up" -> UP;
                    default -> 0;
                };
        return new LinkMessage(Integer.parseInt(word[0]), "eth0", flags, word[2], Set.of());
    }
}
