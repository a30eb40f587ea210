package org.vipmanager.check;

import org.vipmanager.config.DcsConfig;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/**
 * Whether each endpoint of the DCS can be used: reached, trusted, logged in to, with a leader. All
 * are asked side by side. What one lacks is only a warning where another one answers.
 */
final class EndpointCheck {

    private final DcsConfig dcs;
    private final Store store;
    private final Inquiries inquiries;

    /**
     * What came of it.
     *
     * @param usable the first endpoint that has told of the keys
     */
    record Result(List<Finding> findings, Optional<Survey> usable) {}

    EndpointCheck(DcsConfig dcs, Store store, Inquiries inquiries) {
        this.dcs = dcs;
        this.store = store;
        this.inquiries = inquiries;
    }

    Result ask(Set<String> keys, Deadline deadline) {
        List<URI> endpoints = dcs.endpoints();
        List<Callable<Survey>> surveys = new ArrayList<>();
        List<Callable<List<Finding>>> certificates = new ArrayList<>();
        for (URI endpoint : endpoints) {
            surveys.add(() -> store.survey(endpoint, keys, deadline));
            certificates.add(
                    () ->
                            new CertificateCheck(
                                            endpoint,
                                            dcs.tls(),
                                            dcs.type().word() + "-tls-server-name")
                                    .findings(deadline));
        }
        List<Callable<Object>> all = new ArrayList<>();
        surveys.forEach(one -> all.add(one::call));
        certificates.forEach(one -> all.add(one::call));
        List<Optional<Object>> done = inquiries.sideBySide(deadline.plus(Check.SLACK), all);
        List<Survey> told = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < endpoints.size(); i++) {
            URI endpoint = endpoints.get(i);
            told.add((Survey) done.get(i).orElseGet(() -> Survey.silent(endpoint)));
        }
        Optional<Survey> usable = told.stream().filter(one -> one.keys().isPresent()).findFirst();
        for (int i = 0; i < endpoints.size(); i++) {
            told.get(i).findings().forEach(f -> findings.add(usable.isPresent() ? milder(f) : f));
            addCertificates(findings, done.get(endpoints.size() + i));
        }
        findings.addAll(strangers(told));
        return new Result(findings, usable);
    }

    private static void addCertificates(List<Finding> findings, Optional<Object> told) {
        if (told.orElse(null) instanceof List<?> list) {
            list.forEach(one -> findings.add((Finding) one));
        }
    }

    private static Finding milder(Finding finding) {
        return finding.sign() == Sign.ERROR
                ? new Finding(Sign.WARNING, finding.item(), finding.found(), finding.remedy())
                : finding;
    }

    /** Endpoints of two clusters have two leader keys, each with a life of its own. */
    private static List<Finding> strangers(List<Survey> told) {
        List<Survey> known = told.stream().filter(one -> one.cluster().isPresent()).toList();
        Set<Optional<String>> clusters =
                known.stream().map(Survey::cluster).collect(Collectors.toSet());
        if (clusters.size() < 2) {
            return List.of();
        }
        return List.of(
                Finding.error(
                        Item.ENDPOINT,
                        "the endpoints belong to different clusters: "
                                + known.stream()
                                        .map(one -> one.endpoint() + " to " + one.cluster().get())
                                        .collect(Collectors.joining(", ")),
                        "name members of one cluster in dcs-endpoints: etcdctl member list"));
    }
}
