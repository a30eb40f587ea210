/**
 * One line an event on standard output, which never makes a decision wait: {@code System.Logger}
 * and gRPC log to java.util.logging, and this package writes it out. Enter at {@link
 * org.vipmanager.log.Logging}.
 */
@NullMarked
package org.vipmanager.log;

import org.jspecify.annotations.NullMarked;
