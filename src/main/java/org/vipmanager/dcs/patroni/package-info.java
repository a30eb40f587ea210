/**
 * Looks the leader up in the REST API of the local Patroni, and asks that Patroni when another
 * store is silent. Enter at {@link org.vipmanager.dcs.patroni.PatroniLeaderSource}.
 */
@NullMarked
package org.vipmanager.dcs.patroni;

import org.jspecify.annotations.NullMarked;
