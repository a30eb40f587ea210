/**
 * What the daemons of all hosts say at one moment: this one, and those of {@code http-peers}, which
 * are asked while somebody looks. Enter at {@link org.vipmanager.web.cluster.ClusterReader}.
 * Nothing here runs on the loop of the decisions, and a peer's fault is told as that peer's.
 */
@NullMarked
package org.vipmanager.web.cluster;

import org.jspecify.annotations.NullMarked;
