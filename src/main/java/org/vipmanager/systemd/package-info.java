/**
 * Tells systemd how this service is, sd_notify(3). Enter at {@link
 * org.vipmanager.systemd.SystemdNotifier}.
 */
@NullMarked
package org.vipmanager.systemd;

import org.jspecify.annotations.NullMarked;
