package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * The page for people in Debian's Chromium during a failover: that it follows, that it can be used
 * by everybody (axe finds nothing), and how it looks. With the variable WRITE_DOCS set the pictures
 * in docs are taken anew.
 */
final class BrowserIT {

    private static final int WIDE = 1120;
    private static final int NARROW = 360;
    private static final int TAB = 9;

    /** The looks that are shown in docs, and how they are called there. */
    private static final Map<String, String> KEPT =
            Map.of(
                    "page-light", "page-light",
                    "page-dark", "page-dark",
                    "page-light-narrow", "page-narrow",
                    "two-holders-light", "page-two-holders");

    /** Doubt lasts for a minute, so that it can be looked at on a machine that is busy. */
    private static final String FLAGS =
            "--http-listen=*:8010 --http-peers=http://10.0.0.1:8010,http://10.0.0.2:8010"
                    + " --retry-num=20 --retry-after=2000";

    private final Path axe = Servers.tree("axe-core").resolve("package/axe.min.js");

    @BeforeAll
    static void needsTheBrowser() {
        assumeFalse(Program.underTest().isGo(), "vip-manager 5.0.0 has no page");
        assumeFalse(Boolean.getBoolean("lab.nobody"), "it gives each host a name of its own");
        assumeTrue(Browser.isInstalled(), "this needs Chromium: build/setup browser");
    }

    /**
     * The first host leads, then the second one; then etcd is silent; then somebody puts the
     * address on the first host by hand. The open page shows each without being loaded again.
     */
    @Test
    void pageDuringAFailover() throws Exception {
        try (Lab lab = Lab.open("browser")) {
            Host pg1 = lab.host(1);
            Host pg2 = lab.host(2);
            lab.leaderKey().name(pg1);
            lab.hosts().forEach(host -> start(lab, host));
            lab.holders().awaitServing(pg1, Lab.START);
            Path profile = lab.memory("browser");
            try (Browser browser = Browser.open(lab.client().host(), profile)) {
                browser.looks(WIDE, 800, false);
                browser.open("http://10.0.0.1:8010/");
                awaitText(browser, "10.0.0.99 on pg1");
                awaitText(browser, "pg2");
                browser.evaluate("window.sameDocument = true");
                browser.evaluate("document.querySelector('details').open = true");

                lab.leaderKey().name(pg2);
                lab.holders().awaitServing(pg2, Lab.AT_ONCE);
                awaitText(browser, "10.0.0.99 on pg2");
                assertThat(browser.evaluate("document.getElementById('said').textContent"))
                        .isEqualTo("10.0.0.99: on pg2.");
                assertThat(browser.evaluate("document.querySelector('details').open"))
                        .isEqualTo("true");
                browser.evaluate("document.querySelector('details').open = false");

                everyLook(browser, "page", 1200);
                keyboard(browser);

                lab.etcd().freeze();
                awaitText(browser, "in doubt");
                everyLook(browser, "doubt", 1200);
                lab.etcd().thaw();
                lab.holders().awaitServing(pg2, Lab.START);

                lab.mayOverlap(Duration.ofMinutes(10)); // by hand
                pg1.namespace().ip("address add 10.0.0.99/32 dev dcs0");
                awaitText(browser, "Two holders of 10.0.0.99");
                everyLook(browser, "two-holders", 760);
                pg1.namespace().ip("address delete 10.0.0.99/32 dev dcs0");
                await().atMost(Lab.START).until(() -> !browser.text().contains("Two holders"));

                assertThat(browser.evaluate("window.sameDocument")).isEqualTo("true");
                withoutScripts(browser);
                assertThat(browser.complaints()).isEmpty();
            }
        }
    }

    private static void awaitText(Browser browser, String text) {
        await(text)
                .atMost(Lab.START)
                .until(() -> browser.text().replaceAll("\\s+", " "), all -> all.contains(text));
    }

    /** Wide and narrow, light and dark: axe finds nothing, and nothing is wider than the window. */
    private void everyLook(Browser browser, String name, int height) throws IOException {
        for (boolean dark : new boolean[] {false, true}) {
            for (int width : new int[] {WIDE, NARROW}) {
                browser.looks(width, 800, dark);
                String look =
                        name + (dark ? "-dark" : "-light") + (width == NARROW ? "-narrow" : "");
                assertThat(violations(browser)).as(look).isEqualTo("[]");
                assertThat(
                                Integer.parseInt(
                                        browser.evaluate("document.documentElement.scrollWidth")))
                        .as(look)
                        .isLessThanOrEqualTo(width);
                byte[] picture = browser.picture(width, width == NARROW ? 860 : height);
                Files.write(Path.of("target/lab/browser").resolve(look + ".png"), picture);
                String kept = KEPT.getOrDefault(look, "");
                if (!kept.isEmpty() && System.getenv("WRITE_DOCS") != null) {
                    Files.write(Path.of("docs").resolve(kept + ".png"), picture);
                }
            }
        }
        browser.looks(WIDE, 800, false);
    }

    private String violations(Browser browser) throws IOException {
        browser.evaluate(Files.readString(axe) + "; 'loaded'");
        return browser.evaluate(
                "axe.run(document).then(found => JSON.stringify(found.violations.map(each =>"
                        + " [each.id, each.nodes.map(node => node.html + node.failureSummary)])))");
    }

    /** The first stop of the keyboard leads past what is above the addresses. */
    private static void keyboard(Browser browser) {
        browser.evaluate("document.activeElement.blur(), window.focus()");
        browser.press("Tab", TAB);
        assertThat(browser.evaluate("document.activeElement.textContent"))
                .isEqualTo("To the addresses");
        browser.press("Tab", TAB);
        assertThat(browser.evaluate("document.activeElement.tagName")).isEqualTo("SUMMARY");
    }

    private static void withoutScripts(Browser browser) {
        browser.runsScripts(false);
        browser.open("http://10.0.0.2:8010/");
        awaitText(browser, "10.0.0.99 on pg2");
        browser.runsScripts(true);
    }

    /** With the host's name as that of the machine. */
    private static void start(Lab lab, Host host) {
        Program named =
                Program.underTestWithin(
                        "exec unshare --uts sh -c 'hostname " + host + "; exec \"$@\"' sh \"$@\"");
        lab.daemon(named, host, FLAGS.split(" "));
    }
}
