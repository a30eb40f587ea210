package org.vipmanager.web.page;

import org.vipmanager.web.cluster.Cluster;
import org.vipmanager.web.cluster.Cluster.Verdict;
import org.vipmanager.web.cluster.HostAnswer;
import org.vipmanager.web.cluster.HostStatus;
import org.vipmanager.web.cluster.SharedAddress;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Which host has which address, until when and why: a table with a part for each address. */
record AddressSection(Html html, Cluster cluster) {

    private static final int MOST_ADDRESSES = 200;

    /** What a full bar is, unless there is more. */
    private static final double SCALE_SECONDS = 30;

    void add() {
        html.add("<section aria-labelledby=\"addresses\"><h2 id=\"addresses\">Addresses</h2>\n");
        if (cluster.addresses().isEmpty()) {
            html.add("<p class=\"none\">No host has told of any.</p></section>\n");
            return;
        }
        html.add(
                """
                <table role="table" class="addresses">
                <caption class="unseen">Which host has which address, and why</caption>
                <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Host</th>
                <th role="columnheader" scope="col">State</th><th role="columnheader" scope="col">For</th>
                <th role="columnheader" scope="col">Trust left</th>
                <th role="columnheader" scope="col">Kernel lifetime</th>
                <th role="columnheader" scope="col">Why</th></tr></thead>
                """);
        cluster.addresses().stream().limit(MOST_ADDRESSES).forEach(this::address);
        html.add("</table>\n");
        if (cluster.addresses().size() > MOST_ADDRESSES) {
            html.add(
                    "<p class=\"none\">And $ more, which <a href=\"status\">status</a> has.</p>\n",
                    cluster.addresses().size() - MOST_ADDRESSES);
        }
        html.add("</section>\n");
    }

    private void address(SharedAddress address) {
        html.add(
                """
                <tbody role="rowgroup" class="$"><tr role="row" class="address">
                <th role="rowheader" scope="rowgroup" colspan="6"><span class="ip">$</span>
                <span class="verdict">$</span></th></tr>
                """,
                word(address.verdict()),
                address.address(),
                address.sentence());
        for (SharedAddress.OnHost on : address.hosts()) {
            host(on.host(), on.address());
        }
        html.add("</tbody>\n");
    }

    private void host(HostAnswer host, HostStatus.Address address) {
        boolean isStray = address.isHeld() && !address.isMeant();
        html.add(
                "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">$ <small>$</small></th>"
                        + "<td role=\"cell\" data-label=\"State\"><span class=\"state $\">$</span></td>",
                host.name(),
                host.isThisHost() ? "this host" : "",
                isStray ? "stray" : address.state().replace(' ', '-'),
                isStray ? address.state() + ", but the address is there" : address.state());
        html.add("<td role=\"cell\" data-label=\"For\">$</td>", Spans.of(address.since()));
        left("Trust left", address.trust());
        left("Kernel lifetime", address.kernel());
        why(address, isStray);
        html.add("</tr>\n");
    }

    /** A number, and a bar that shrinks with it. */
    private void left(String label, OptionalDouble seconds) {
        if (seconds.isEmpty()) {
            html.add("<td role=\"cell\" class=\"nothing\">–</td>");
        } else {
            html.add("<td role=\"cell\" data-label=\"$\">$", label, Spans.of(seconds));
            double full = Math.max(SCALE_SECONDS, seconds.getAsDouble());
            long percent = Math.round(Math.max(0, seconds.getAsDouble()) * 100 / full);
            html.add(
                    "<svg class=\"bar\" viewBox=\"0 0 100 4\" preserveAspectRatio=\"none\""
                            + " aria-hidden=\"true\"><rect class=\"all\" width=\"100\" height=\"4\"/>"
                            + "<rect width=\"$\" height=\"4\"/></svg></td>",
                    percent);
        }
    }

    private void why(HostStatus.Address address, boolean isStray) {
        List<String> why = new ArrayList<>(address.why());
        if (isStray) {
            why.addFirst(
                    "the kernel has the address, though this host's daemon does not want it there:"
                            + " somebody else has put it");
        }
        html.add("<td role=\"cell\" data-label=\"Why\" class=\"why\">");
        if (why.size() == 1) {
            html.add("$", sentence(why.getFirst()));
        } else if (!why.isEmpty()) {
            html.add("<details><summary>$</summary><ul>", sentence(why.getFirst()));
            why.stream().skip(1).forEach(each -> html.add("<li>$</li>", sentence(each)));
            html.add("</ul></details>");
        }
        html.add("</td>");
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case TWO_HOLDERS, STRAY -> "conflict";
            case NOBODY -> "nobody";
            case IN_DOUBT -> "doubt";
            case ELSEWHERE -> "elsewhere";
            case HELD -> "held";
        };
    }

    private static String sentence(String text) {
        if (text.isEmpty()) {
            return text;
        }
        boolean isEnded = text.endsWith(".") || text.endsWith("?");
        return text.substring(0, 1).toUpperCase(Locale.ROOT)
                + text.substring(1)
                + (isEnded ? "" : ".");
    }
}
