/**
 * The way to a real etcd: {@link org.vipmanager.dcs.etcd.EtcdCalls} over gRPC. Channels, logins,
 * messages, and what a failure means; nothing here knows what a leader is. A {@code GrpcCall} is
 * one question with its answer, a {@code GrpcWatch} one stream of changes, and both hand over from
 * gRPC's thread to the loop. Enter at {@link org.vipmanager.dcs.etcd.grpc.GrpcEtcdCalls}.
 */
@NullMarked
package org.vipmanager.dcs.etcd.grpc;

import org.jspecify.annotations.NullMarked;
