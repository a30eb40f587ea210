/**
 * Leader keys in etcd v3. {@link org.vipmanager.dcs.etcd.EtcdLeaderSource} holds all of the logic
 * and speaks through {@link org.vipmanager.dcs.etcd.EtcdCalls}, behind which stands gRPC, or a
 * simulated etcd. Enter at {@link org.vipmanager.dcs.etcd.EtcdLeaderSource}.
 */
@NullMarked
package org.vipmanager.dcs.etcd;

import org.jspecify.annotations.NullMarked;
