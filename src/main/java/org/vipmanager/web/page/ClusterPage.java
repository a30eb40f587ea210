package org.vipmanager.web.page;

import org.vipmanager.status.StatusDocument;
import org.vipmanager.web.cluster.Cluster;
import org.vipmanager.web.cluster.Cluster.Verdict;
import org.vipmanager.web.cluster.HostAnswer;
import org.vipmanager.web.cluster.SharedAddress;

import java.time.Instant;

/** The whole page about a cluster at one moment. */
final class ClusterPage {

    private final StatusDocument.Daemon daemon;
    private final Cluster cluster;
    private final Instant now;
    private final Html html = new Html();

    private ClusterPage(StatusDocument.Daemon daemon, Cluster cluster, Instant now) {
        this.daemon = daemon;
        this.cluster = cluster;
        this.now = now;
    }

    static String of(StatusDocument.Daemon daemon, Cluster cluster, Instant now) {
        ClusterPage page = new ClusterPage(daemon, cluster, now);
        page.document();
        return page.html.toString();
    }

    private void document() {
        html.add(
                """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>$</title>
                <link rel="icon" href="icon.svg">
                <link rel="stylesheet" href="page.css">
                <script src="page.js" defer></script>
                <noscript><meta http-equiv="refresh" content="5"></noscript>
                </head>
                <body>
                <a class="skip" href="#addresses">To the addresses</a>
                <header>
                <h1>vip-manager</h1>
                <p>as seen from <b>$</b> at <time datetime="$">$ UTC</time> <span id="live"></span></p>
                </header>
                <main id="main" data-said="$">
                """,
                title(),
                own().name(),
                now,
                Spans.clock(now).substring(0, 8),
                cluster.summary());
        alarms();
        new AddressSection(html, cluster).add();
        if (!cluster.addresses().isEmpty()) {
            new HoldingStrip(html, cluster, now).add();
        }
        new HostSection(html, cluster).add();
        new EventSection(html, cluster).add();
        html.add(
                """
                </main>
                <footer><p>vip-manager $ · for programs: <a href="status">status</a>,
                <a href="metrics">metrics</a></p></footer>
                <p id="said" class="unseen" role="status"></p>
                </body>
                </html>
                """,
                daemon.version());
    }

    private HostAnswer own() {
        return cluster.hosts().getFirst();
    }

    private String title() {
        if (!cluster.conflicts().isEmpty()) {
            return "Two holders! – vip-manager";
        }
        return cluster.addresses().isEmpty()
                ? "vip-manager"
                : cluster.addresses().getFirst().address()
                        + " "
                        + cluster.addresses().getFirst().sentence()
                        + " – vip-manager";
    }

    /** In a place of their own, so that what is below stays where it is for those who read it. */
    private void alarms() {
        html.add("<div>\n");
        for (SharedAddress address : cluster.addresses()) {
            if (address.verdict() == Verdict.TWO_HOLDERS) {
                html.add(
                        """
                        <section class="alarm" role="alert">
                        <h2>Two holders of $</h2>
                        <p>It is $. Clients reach one or the other, and a write may reach the wrong
                        database. Look at once whether somebody has put it there by hand, and which of
                        the hosts leads.</p>
                        </section>
                        """,
                        address.address(),
                        address.sentence());
            }
        }
        for (HostAnswer host : cluster.hosts()) {
            if (host.status().isEmpty()) {
                html.add(
                        "<section class=\"warning\"><h2>$ has not told its status</h2><p>$</p></section>\n",
                        host.name(),
                        host.trouble());
            }
        }
        html.add("</div>\n");
    }
}
