/**
 * Makes the first failover as fast as the hundredth: what the daemon does at a takeover is played
 * in its first seconds, with the real parts over a kernel that only pretends, until the JVM has
 * loaded and compiled it; and the DCS is read a hundred times. Nothing else knows of it; without it
 * the first takeover of an address takes three times as long. Enter at {@link
 * org.vipmanager.warmup.WarmUp}.
 */
@NullMarked
package org.vipmanager.warmup;

import org.jspecify.annotations.NullMarked;
