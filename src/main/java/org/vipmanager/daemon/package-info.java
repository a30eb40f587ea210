/**
 * The running daemon: what it is made of, and its life from start to stop. Enter at {@link
 * org.vipmanager.daemon.Daemon}.
 */
@NullMarked
package org.vipmanager.daemon;

import org.jspecify.annotations.NullMarked;
