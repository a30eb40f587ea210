/**
 * Runs the decision: one controller per address has each event decided about and carries out its
 * actions through the ports of this package, which the adapters implement. Enter at {@link
 * org.vipmanager.control.VipController}.
 */
@NullMarked
package org.vipmanager.control;

import org.jspecify.annotations.NullMarked;
