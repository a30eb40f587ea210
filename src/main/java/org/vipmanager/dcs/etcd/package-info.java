/**
 * Leader keys in etcd v3. {@link org.vipmanager.dcs.etcd.EtcdLeaderSource} holds all of the logic
 * and speaks through {@link org.vipmanager.dcs.etcd.EtcdCalls}, behind which stands gRPC, or a
 * simulated etcd. A watch event comes from gRPC's thread to an {@code EtcdSession}, which weighs it
 * by what is known of the {@code FollowedKey} and tells the listener. Enter at {@link
 * org.vipmanager.dcs.etcd.EtcdLeaderSource}.
 */
@NullMarked
package org.vipmanager.dcs.etcd;

import org.jspecify.annotations.NullMarked;
