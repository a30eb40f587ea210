/**
 * The decision: when this host may hold the address, and for how long. Pure: reads no clock, starts
 * no thread, opens no socket, logs nothing. Enter at {@link org.vipmanager.core.Decision}.
 */
@NullMarked
package org.vipmanager.core;

import org.jspecify.annotations.NullMarked;
