package org.vipmanager.web.page;

import org.vipmanager.web.cluster.Cluster;

import java.util.List;

/** What happened last on all hosts: a list, the newest first. */
record EventSection(Html html, Cluster cluster) {

    private static final int MOST_EVENTS = 50;

    void add() {
        List<Cluster.HostEvent> events = cluster.events(MOST_EVENTS);
        html.add("<section aria-labelledby=\"events\"><h2 id=\"events\">What happened</h2>\n");
        if (events.isEmpty()) {
            html.add("<p class=\"none\">Nothing since the start.</p></section>\n");
            return;
        }
        String day = "";
        html.add("<ol class=\"events\">\n");
        for (Cluster.HostEvent each : events) {
            String of = Spans.day(each.event().time());
            html.add(
                    "<li class=\"$\"><time datetime=\"$\">$$</time> <b>$</b> <span>$</span></li>\n",
                    each.event().isWarning() ? "warned" : "told",
                    each.event().time(),
                    of.equals(day) ? "" : of + " ",
                    Spans.clock(each.event().time()),
                    each.host(),
                    each.event().text());
            day = of;
        }
        html.add(
                "</ol><p class=\"none\">Times are in UTC, as each host's clock has them.</p></section>\n");
    }
}
