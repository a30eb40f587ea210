package org.vipmanager.dcs.etcd;

import java.util.List;

/**
 * The answer to a linearizable read.
 *
 * @param clusterId the cluster that answered
 * @param revision the store's revision at which all of the entries are true
 * @param raftTerm the term of the member that answered
 * @param entries one for each key that was asked for, in the same order
 */
public record EtcdRead(long clusterId, long revision, long raftTerm, List<EtcdEntry> entries) {}
