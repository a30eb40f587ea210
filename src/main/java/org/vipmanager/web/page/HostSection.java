package org.vipmanager.web.page;

import org.vipmanager.web.cluster.Cluster;
import org.vipmanager.web.cluster.HostAnswer;
import org.vipmanager.web.cluster.HostStatus;

/** Which endpoint of the DCS each host asks, and how fast it answers: a table. */
record HostSection(Html html, Cluster cluster) {

    void add() {
        html.add(
                """
                <section aria-labelledby="hosts"><h2 id="hosts">Hosts and their configuration store</h2>
                <table role="table" class="hosts">
                <caption class="unseen">Which endpoint each host asks who leads, and how fast it answers</caption>
                <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Host</th>
                <th role="columnheader" scope="col">Store</th><th role="columnheader" scope="col">Answered</th>
                <th role="columnheader" scope="col">Latency</th>
                <th role="columnheader" scope="col">Daemon</th></tr></thead>
                <tbody role="rowgroup">
                """);
        for (HostAnswer host : cluster.hosts()) {
            html.add(
                    "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">$ <small>$</small></th>",
                    host.name(),
                    host.isThisHost() ? "this host" : "");
            if (host.status().isPresent()) {
                store(host.status().get());
            } else {
                html.add(
                        "<td role=\"cell\" colspan=\"4\" data-label=\"Trouble\">$</td>",
                        host.trouble());
            }
            html.add("</tr>\n");
        }
        html.add("</tbody></table></section>\n");
    }

    private void store(HostStatus status) {
        HostStatus.Dcs dcs = status.dcs();
        html.add(
                "<td role=\"cell\" data-label=\"Store\">$ <span class=\"url\">$</span></td>"
                        + "<td role=\"cell\" data-label=\"Answered\">$</td>"
                        + "<td role=\"cell\" data-label=\"Latency\">$</td>"
                        + "<td role=\"cell\" data-label=\"Daemon\">$</td>",
                dcs.type(),
                dcs.endpoint(),
                dcs.answeredAgo().isPresent() ? Spans.of(dcs.answeredAgo()) + " ago" : "not yet",
                Spans.millis(dcs.latency()),
                status.version());
    }
}
