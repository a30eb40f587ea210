/**
 * A world in which the real decision logic runs thousands of times a minute and everything goes
 * wrong that can: hosts with clocks of different rates, an etcd, Patroni, two networks, a kernel,
 * and faults in all of them. Every run is made from one number, its seed, and a run that breaks a
 * promise tells its story. Enter at {@link org.vipmanager.simulation.Simulation}.
 */
@NullMarked
package org.vipmanager.simulation;

import org.jspecify.annotations.NullMarked;
