/**
 * The daemon over HTTP: probes for load balancers and supervisors, and the status. Enter at {@link
 * org.vipmanager.web.WebServer}. No class of it is loaded where no {@code http-listen} is set, and
 * nothing here can make the loop wait.
 */
@NullMarked
package org.vipmanager.web;

import org.jspecify.annotations.NullMarked;
