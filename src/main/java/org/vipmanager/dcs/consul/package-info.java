/**
 * Looks the leader up in Consul's key/value store: a confirming read every interval, and in between
 * a blocking query for each key, so that a change is seen within milliseconds. Enter at {@link
 * org.vipmanager.dcs.consul.ConsulLeaderSource}.
 */
@NullMarked
package org.vipmanager.dcs.consul;

import org.jspecify.annotations.NullMarked;
