/**
 * The one HTTP client: whole exchanges, bounded in time and size, whose outcomes are values handed
 * to the loop; and the poller that asks for a list of keys every interval. Enter at {@link
 * org.vipmanager.http.HttpSender}.
 */
@NullMarked
package org.vipmanager.http;

import org.jspecify.annotations.NullMarked;
