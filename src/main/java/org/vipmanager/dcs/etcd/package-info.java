/**
 * Leader keys in etcd v3, as they are followed: when what is read, asked and watched, and what an
 * answer proves. An {@code EtcdSession} is all that stands on one connection: a {@code Round} reads
 * and asks, a {@code SessionWatch} hears of changes, and a {@code FollowedKey} knows what each
 * says. All of it speaks through {@link org.vipmanager.dcs.etcd.EtcdCalls}, behind which stands
 * gRPC, or a simulated etcd. Enter at {@link org.vipmanager.dcs.etcd.EtcdLeaderSource}.
 */
@NullMarked
package org.vipmanager.dcs.etcd;

import org.jspecify.annotations.NullMarked;
