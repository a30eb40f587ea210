/**
 * Runs a command of the administrator's after each takeover and release. Enter at {@link
 * org.vipmanager.notify.Notifier}; nothing here can make the loop wait.
 */
@NullMarked
package org.vipmanager.notify;

import org.jspecify.annotations.NullMarked;
